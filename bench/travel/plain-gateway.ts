import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, graphql } from 'graphql';
import { announce } from '../ready.ts';
import { openRestBackends, type RestOffer } from './rest-backends.ts';

/**
 * A gateway as one is quickly written: a resolver a field over `fetch`, so that a level waits for the one above it
 * and siblings run side by side. It signs in for each search, and a booking is done when its message is sent.
 */
const urls: Readonly<Record<string, string>> = JSON.parse(process.env.BENCH_DEMO_URLS ?? '{}');
const backends = await openRestBackends(urls);
const offers = new Map<string, RestOffer>();
let userId = '';

const schema = buildSchema(`
  type Query { flights(date: String!): [Flight!]! }
  type Mutation { book(flightId: ID!, key: String!): String! }
  type Flight { id: ID!  offer: Offer! }
  type Offer { token: String! }
`);

const rootValue = {
  async flights({ date }: { date: string }) {
    userId = await backends.signIn();
    return (await backends.searchFlights(date)).map((id) => ({
      id,
      async offer() {
        const offer = await backends.offer(id);
        offers.set(id, offer);
        return offer;
      },
    }));
  },
  async book({ flightId, key }: { flightId: string; key: string }) {
    const offer = offers.get(flightId);
    if (!offer) throw new Error('no offer for this flight was found');
    const bookingId = await backends.hold(userId, offer, key);
    await backends.confirm(bookingId, await backends.pay(userId, bookingId, offer.price, key), key);
    await backends.tell(userId, bookingId, key);
    return bookingId;
  },
};

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
  const answer = await graphql({ schema, source: query, rootValue, variableValues: variables });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  announce({ url: `http://127.0.0.1:${port}/graphql` });
});
