import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { clientsInstalled } from './clients-installed.ts';
import { reviewsSdl, startReviews } from './reviews-subgraph.ts';

const SECRET = 'between-the-two-of-us';

describe.skipIf(!clientsInstalled('a router of Apollo Federation'))('a router over two subgraphs', () => {
  const closing = new AsyncDisposableStack();
  let weir: Weir;
  let address: string;
  let ada: string;
  /** What the router asked of each subgraph. */
  const asked: { readonly subgraph: string; readonly query: string }[] = [];

  beforeAll(async () => {
    weir = closing.use(await startWeir({ SUBGRAPH_TOKEN: SECRET }));
    ada = await weir.signIn();
    const reviews = closing.use(await startReviews());
    const { data } = await weir.ask('{ _service { sdl } }', { headers: { 'x-weir-subgraph-token': SECRET } });
    const { parse } = await import('graphql');
    const { composeServices } = await import('@theguild/federation-composition');
    const composed = composeServices([
      { name: 'weir', typeDefs: parse(data._service.sdl), url: `${weir.url}/graphql` },
      { name: 'reviews', typeDefs: parse(reviewsSdl), url: reviews.url },
    ]);
    expect(composed.errors ?? []).toEqual([]);

    const { ApolloGateway, RemoteGraphQLDataSource } = await import('@apollo/gateway');
    const { ApolloServer } = await import('@apollo/server');
    const { startStandaloneServer } = await import('@apollo/server/standalone');
    const gateway = new ApolloGateway({
      supergraphSdl: composed.supergraphSdl ?? '',
      buildService: ({ name, url = '' }) =>
        new RemoteGraphQLDataSource({
          url,
          willSendRequest({ request, context }) {
            asked.push({ subgraph: name, query: request.query ?? '' });
            if (name !== 'weir') return;
            request.http?.headers.set('x-weir-subgraph-token', SECRET);
            if (context.authorization) request.http?.headers.set('authorization', context.authorization);
          },
        }),
    });
    const server = new ApolloServer({ gateway });
    closing.defer(() => server.stop());
    const { url } = await startStandaloneServer(server, {
      listen: { port: 0, host: '127.0.0.1' },
      context: async ({ req }) => ({ authorization: req.headers.authorization }),
    });
    address = url;
  }, 60_000);
  afterAll(() => closing.disposeAsync());

  const ask = async (query: string, token?: string) => {
    asked.length = 0;
    await weir.forgetCalls();
    const response = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
    return (await response.json()) as any;
  };
  const entityCalls = () =>
    asked.filter(({ subgraph, query }) => subgraph === 'weir' && query.includes('_entities'));

  it('reads what products are from one call, however many reviews name them', async () => {
    const { data, errors } = await ask(
      '{ latestReviews(first: 50) { stars text product { id name price { amount } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.latestReviews).toHaveLength(50);
    expect(data.latestReviews.every(({ product }: { product: { name: string } }) => product.name)).toBe(true);
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['reviews', 'weir']);
    expect(entityCalls()).toHaveLength(1);
    const calls = await weir.allCalls();
    expect(calls).toEqual([expect.stringMatching(/^products GET \/products\?ids=/)]);
  });

  it('goes there and back: products, what is said of them, and who said it', async () => {
    const query = '{ products(first: 30) { nodes { id name reviews { stars author { id name } } } } }';
    const { data, errors } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data.products.nodes).toHaveLength(30);
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['weir', 'reviews', 'weir']);
    expect(entityCalls()).toHaveLength(1);
    const calls = await weir.allCalls();
    expect(calls.map((call) => call.split('?')[0])).toEqual(['products GET /products', 'users GET /users']);
  });

  it('hands on who asks: their own orders, and nobody else’s', async () => {
    const query =
      '{ me { id reviews { stars } orders(first: 2) { nodes { id items { product { name reviews { text } } } } } } }';
    const { data, errors } = await ask(query, ada);
    expect(errors).toBeUndefined();
    expect(data.me.orders.nodes).toHaveLength(2);
    expect((await ask(query)).data.me).toBeNull();
    const others = await ask('{ latestReviews(first: 3) { author { name email } } }', ada);
    expect(others.data.latestReviews[0].author).toMatchObject({ name: expect.any(String), email: null });
    expect(others.errors[0].extensions.code).toBe('FORBIDDEN');
  });
});
