import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { type LiveWorld, startLiveWorld } from '../server/live-world.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { clientsInstalled } from './clients-installed.ts';

const COUNT = 'subscription { count(to: 3) { revision who } }';
const ENDLESS = 'subscription { count(to: 100000) { revision } }';
const counted = [1, 2, 3].map((revision) => ({ data: { count: { revision, who: '17' } } }));

describe.skipIf(!clientsInstalled('graphql-sse and graphql-ws'))('clients that listen', () => {
  let world: LiveWorld;
  let authorization: string;
  beforeAll(async () => {
    world = await startLiveWorld();
    authorization = `Bearer ${await world.tokenFor(60)}`;
  });
  afterAll(async () => world?.[Symbol.asyncDispose]());

  it('graphql-sse: a query, a subscription to its end, and one that is left', async () => {
    const { createClient } = await import('graphql-sse');
    const client = createClient({
      url: `${world.url}/graphql`,
      headers: () => ({ authorization }),
      retryAttempts: 0,
    });
    const all = async (query: string) => {
      const results: unknown[] = [];
      for await (const result of client.iterate({ query })) results.push(result);
      return results;
    };
    expect(await all('{ who }')).toEqual([{ data: { who: '17' } }]);
    expect(await all(COUNT)).toEqual(counted);
    for await (const _ of client.iterate({ query: ENDLESS })) break;
    client.dispose();
    await vi.waitFor(() => expect(world.open()).toBe(0));
  });

  it('graphql-ws: several operations on one socket, each with its own end', async () => {
    const { createClient } = await import('graphql-ws');
    let sockets = 0;
    const client = createClient({
      url: `${world.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization }),
      on: {
        connected: () => {
          sockets += 1;
        },
      },
    });
    const all = async (query: string) => {
      const results: unknown[] = [];
      for await (const result of client.iterate({ query })) results.push(result);
      return results;
    };
    const [who, first, second] = await Promise.all([all('{ who }'), all(COUNT), all(COUNT)]);
    expect([who, first, second]).toEqual([[{ data: { who: '17' } }], counted, counted]);
    expect(sockets).toBe(1);
    await client.dispose();
  });
});

describe.skipIf(!clientsInstalled('graphql-sse and graphql-ws, following an order'))(
  'an app that follows its order',
  () => {
    let database: TestDatabase;
    let weir: Weir;
    let ada: string;
    beforeAll(async () => {
      database = await startTestDatabase();
      weir = await startWeir({ DATABASE_URL: await database.fresh() }, { durable: true });
      ada = await weir.signIn();
    });
    afterAll(async () => {
      await weir?.[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
    });

    /** Orders without waiting, and gives the subscription that tells how it goes on. */
    const buy = async (idempotencyKey: string) => {
      const items = [{ productId: 'Product:30', quantity: 1 }];
      const { data } = await weir.ask(
        'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { workflow { id } } }',
        { token: ada, variables: { input: { items, paymentToken: 'tok_ok', wait: false, idempotencyKey } } },
      );
      return {
        query: 'subscription ($id: ID!) { workflow(id: $id) { revision status } }',
        variables: { id: data.placeOrder.workflow.id },
      };
    };
    /** What came, as far as an app looks at it. */
    const seen = async (results: AsyncIterable<unknown>) => {
      const states: { readonly revision: number; readonly status: string }[] = [];
      for await (const result of results) {
        const { data } = result as { data: { workflow: (typeof states)[number] } };
        states.push(data.workflow);
      }
      const revisions = states.map(({ revision }) => revision);
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      return states.at(-1)?.status;
    };

    it('by graphql-sse', async () => {
      const { createClient } = await import('graphql-sse');
      const client = createClient({
        url: `${weir.url}/graphql`,
        headers: () => ({ authorization: `Bearer ${ada}` }),
      });
      expect(await seen(client.iterate(await buy('followed-by-sse')))).toBe('SUCCEEDED');
      client.dispose();
    });

    it('by graphql-ws', async () => {
      const { createClient } = await import('graphql-ws');
      const client = createClient({
        url: `${weir.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: () => ({ authorization: `Bearer ${ada}` }),
      });
      expect(await seen(client.iterate(await buy('followed-by-ws')))).toBe('SUCCEEDED');
      await client.dispose();
    });
  },
);
