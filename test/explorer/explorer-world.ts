import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, type ExecutionResult, graphql, parse, subscribe } from 'graphql';
import type { Waterfall } from '../../explorer/src/waterfall/waterfall.ts';
import { createExplorerFiles } from '../../src/server/explorer.ts';
import { flightSearchWaterfall, orderPageWaterfall, signInWaterfall } from './waterfalls.ts';

/** A POST that reached the endpoint. */
export interface SeenRequest {
  readonly operationName: string | null;
  readonly headers: IncomingMessage['headers'];
}

export interface ExplorerWorld extends AsyncDisposable {
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** Puts another waterfall in the place of an operation's own; null for none at all. */
  setWaterfall(operationName: string, waterfall: Waterfall | null): void;
}

/** The token of the one person here. Its payload says that it ends in the year 2100. */
export const adasToken = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"17","exp":4102444800}').toString('base64url')}.signature`;

const schema = buildSchema(`
  type Money { amount: String! currency: String! }
  type Stock { available: Int! }
  type Product { name: String! price: Money! stock: Stock }
  type OrderItem { quantity: Int! product: Product }
  type Payment { status: String! }
  type Order { id: ID! status: String! placedAt: String! total: Money! items: [OrderItem!]! payment: Payment }
  type OrderConnection { nodes: [Order!]! }
  type Airport { city: String! }
  type Offer { price: Money! seatsLeft: Int! expiresAt: String! }
  type Flight {
    id: ID! number: String! airline: String! departsAt: String! arrivesAt: String!
    origin: Airport destination: Airport offer(passengers: Int! = 1): Offer
  }
  type FlightConnection { totalCount: Int nodes: [Flight!]! }
  type Booking { reference: String! status: String! flight: Flight }
  type BookingConnection { nodes: [Booking!]! }
  "A person who can sign in."
  type User {
    name: String email: String
    orders(first: Int! = 20): OrderConnection
    bookings(first: Int! = 20): BookingConnection
  }
  input FlightSearch { origin: String! destination: String! date: String! }
  input SignInInput { email: String! password: String! }
  type Problem { code: String! message: String! }
  type SignInPayload { accessToken: String expiresAt: String user: User problems: [Problem!]! }
  type Query {
    me: User
    flights(search: FlightSearch!, first: Int! = 20): FlightConnection
  }
  type Mutation { signIn(input: SignInInput!): SignInPayload! }
  type Subscription { countdown(from: Int!): Int! }
`);

const money = (amount: string) => ({ amount, currency: 'EUR' });
const flight = (number: number) => ({
  id: `Flight:WR10${number}-20261205`,
  number: `WR10${number}`,
  airline: 'Weir Air',
  departsAt: '2026-12-05T09:30:00+00:00',
  arrivesAt: '2026-12-05T12:35:00-05:00',
  origin: { city: 'London' },
  destination: { city: 'New York' },
  offer: { price: money(`${410 + number}.00`), seatsLeft: 9 - number, expiresAt: '2026-12-05T09:45:00Z' },
});
const ada = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  orders: {
    nodes: Array.from({ length: 10 }, (_, index) => ({
      id: `Order:${index + 1}`,
      status: 'DELIVERED',
      placedAt: '2026-11-02T10:00:00Z',
      total: money('42.50'),
      items: [
        { quantity: 2, product: { name: 'Sluice gate', price: money('21.25'), stock: { available: 12 } } },
      ],
      payment: { status: 'CAPTURED' },
    })),
  },
  bookings: { nodes: [{ reference: 'K7PX2M', status: 'CONFIRMED', flight: flight(1) }] },
};

const root = {
  me: (_: unknown, { token }: Context) => (token === adasToken ? ada : null),
  flights: { totalCount: 5, nodes: [1, 2, 3, 4, 5].map(flight) },
  signIn: ({ input }: { input: { email: string; password: string } }) =>
    input.email === 'ada@example.com' && input.password === 'waterfall'
      ? { accessToken: adasToken, expiresAt: '2100-01-01T00:00:00Z', user: ada, problems: [] }
      : { problems: [{ code: 'INVALID_CREDENTIALS', message: 'Nobody has this e-mail and password.' }] },
  async *countdown({ from }: { from: number }) {
    for (let countdown = from; countdown > 0; countdown--) yield { countdown };
  },
};

interface Context {
  readonly token: string | null;
}

/**
 * A small gateway: the built explorer with its real headers, and a GraphQL endpoint that knows Ada, honours her
 * token and answers `x-weir-trace: 1` with made-up waterfalls.
 */
export async function startExplorerWorld(): Promise<ExplorerWorld> {
  const files = createExplorerFiles();
  const seen: SeenRequest[] = [];
  const waterfalls = new Map<string, Waterfall | null>([
    ['SignInAsAda', signInWaterfall()],
    ['OrderPage', orderPageWaterfall()],
    ['FlightSearch', flightSearchWaterfall()],
  ]);

  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/graphql' && request.method === 'GET') return files.handlePage(request, response);
    if (path === '/graphql' && request.method === 'POST') return answer(request, response);
    if (!(await files.handle(request, response))) response.writeHead(404).end();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request));
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
    seen.push({ operationName: body.operationName ?? null, headers: request.headers });
    if (token !== null && token !== adasToken) {
      send(response, 401, { errors: [{ message: 'This token is not good.' }] });
      return;
    }
    const operation = {
      schema,
      rootValue: root,
      contextValue: { token },
      variableValues: body.variables,
      operationName: body.operationName,
    };
    if (request.headers.accept?.startsWith('text/event-stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const results = await subscribe({ ...operation, document: parse(body.query) });
      if (Symbol.asyncIterator in results) {
        for await (const result of results) {
          response.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
      response.end('event: complete\ndata:\n\n');
      return;
    }
    const result = await graphql({ ...operation, source: body.query });
    const waterfall = request.headers['x-weir-trace'] === '1' && waterfalls.get(body.operationName);
    send(response, 200, waterfall ? { ...result, extensions: { waterfall } } : result);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    setWaterfall: (name, waterfall) => waterfalls.set(name, waterfall),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, status: number, result: ExecutionResult | object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}
