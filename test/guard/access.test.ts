import { readFileSync } from 'node:fs';
import { getNamedType, isAbstractType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRuleOf } from '../../src/schema/access.ts';
import { createSchema, readTypeDefs } from '../../src/schema/index.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { type AccessWay, accessWays, cellOf, type Hers, type ViewerName, viewers } from './access-ways.ts';

const page = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8');
const SUBGRAPH_TOKEN = 'the token of the router';

const wayName = ({ fields }: AccessWay): string => fields.map((field) => `\`${field}\``).join(' ');
const rowOf = (way: AccessWay, cells: readonly string[]): string =>
  `| ${way.type} | ${wayName(way)} | ${cells.join(' | ')} |`;

describe('docs/access.md', () => {
  let database: TestDatabase;
  let weir: Weir;
  let hers: Hers;
  const tokens = new Map<ViewerName, string | undefined>();

  beforeAll(async () => {
    database = await startTestDatabase();
    weir = await startWeir(
      {
        DATABASE_URL: await database.fresh(),
        SUBGRAPH_TOKEN,
        SIGN_IN_LIMIT: '0',
        SIGN_IN_ADDRESS_LIMIT: '0',
      },
      { durable: true },
    );
    const ada = await weir.signIn('ada@example.com');
    tokens.set('owner', ada);
    tokens.set('other', await weir.signIn('grace@example.com'));
    tokens.set('anonymous', undefined);
    tokens.set('administrator', await weir.signIn('root@example.com'));
    hers = await whatIsHers(weir, ada);
  });
  afterAll(async () => {
    await weir?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  it.each(accessWays.map((way) => [way.type, wayName(way), way] as const))(
    'says who sees a %s by %s',
    async (_type, _name, way) => {
      const cells: string[] = [];
      for (const viewer of viewers) {
        cells.push(await cellOf(weir, way, hers, tokens.get(viewer), SUBGRAPH_TOKEN));
      }
      expect(page.split('\n')).toContain(rowOf(way, cells));
    },
  );

  it('has no row beside these', () => {
    const rows = page
      .split('\n')
      .filter((line) => /^\| (Order|Payment|Booking|Workflow|AuditEntry|User|UsageRow) \|/.test(line));
    expect(rows).toHaveLength(accessWays.length);
  });

  it('goes every way of the schema to an object that is somebody’s', () => {
    const schema = createSchema(readTypeDefs(), []);
    const covered = new Set(accessWays.flatMap(({ fields }) => fields));
    const open: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields())) {
        const named = getNamedType(field.type);
        const yields = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
        const isOwned = yields.some(
          (one) =>
            isObjectType(one) && (accessRuleOf(one.astNode?.directives) === 'OWNER' || one.name === 'User'),
        );
        const isGuarded = accessRuleOf(field.astNode?.directives) === 'SELF';
        if ((isOwned || isGuarded) && !covered.has(`${type.name}.${field.name}`))
          open.push(`${type.name}.${field.name}`);
      }
    }
    // A user's name is everybody's to read: what is theirs alone is a row a field.
    expect(open.filter((name) => name !== 'Query.user')).toEqual([]);
  });
});

async function whatIsHers(weir: Weir, token: string): Promise<Hers> {
  let keys = 0;
  const ask = async (query: string) => {
    const { data, errors } = await weir.ask(query, { token });
    expect(errors).toEqual([]);
    return data;
  };
  const key = (): string => {
    keys += 1;
    return `"hers-${keys}"`;
  };
  const place = (items: string, payload: string) =>
    ask(
      `mutation { it: placeOrder(input: { items: [${items}], paymentToken: "tok_ok", idempotencyKey: ${key()} }) { ${payload} } }`,
    );
  const newOrder = async (): Promise<string> =>
    (await place('{ productId: "Product:1", quantity: 1 }', 'order { id }')).it.order.id;
  const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const { flights } = await ask(
    `{ flights(search: { origin: "LHR", destination: "JFK", date: "${date}" }, first: 1) { nodes { id offer { token } } } }`,
  );
  const [{ id: flight, offer }] = flights.nodes;
  const newBooking = async (): Promise<string> =>
    (
      await ask(
        `mutation { it: bookFlight(input: { flightId: "${flight}", offerToken: "${offer.token}", passengers: [{ name: "P" }], paymentToken: "tok_ok", idempotencyKey: ${key()} }) { booking { id } } }`,
      )
    ).it.booking.id;
  const placed = await place(
    '{ productId: "Product:1", quantity: 1 }',
    'order { id payment { id } } workflow { id }',
  );
  const { products } = await ask(
    '{ products(first: 100, sort: PRICE_DESC) { nodes { id price { amount } stock { available } } } }',
  );
  const dear = products.nodes.find(
    (product: { stock: { available: number } | null }) => (product.stock?.available ?? 0) > 1000,
  );
  const quantity = Math.ceil(5001 / Number(dear.price.amount));
  const waiting = await place(`{ productId: "${dear.id}", quantity: ${quantity} }`, 'workflow { id status }');
  expect(waiting.it.workflow.status).toBe('WAITING');
  const booking = await newBooking();
  return {
    user: (await ask('{ me { id } }')).me.id,
    order: placed.it.order.id,
    payment: placed.it.order.payment.id,
    workflow: placed.it.workflow.id,
    waiting: waiting.it.workflow.id,
    booking,
    bookingPayment: (await ask(`{ booking(id: "${booking}") { payment { id } } }`)).booking.payment.id,
    flight,
    offerToken: offer.token,
    newOrder,
    newBooking,
  };
}
