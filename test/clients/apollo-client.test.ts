import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { clientsInstalled } from './clients-installed.ts';

/** What a page of orders has in it. */
interface OrdersPage {
  readonly me: {
    readonly id: string;
    readonly orders: {
      readonly edges: readonly { readonly node: { readonly id: string; readonly payment?: unknown } }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}

describe.skipIf(!clientsInstalled('Apollo Client'))('Apollo Client', () => {
  let weir: Weir;
  let ada: string;
  beforeAll(async () => {
    weir = await startWeir();
    ada = await weir.signIn();
  });
  afterAll(async () => weir?.[Symbol.asyncDispose]());

  const open = async (token?: string) => {
    const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = await import('@apollo/client');
    const { Defer20220824Handler } = await import('@apollo/client/incremental');
    const { PersistedQueryLink } = await import('@apollo/client/link/persisted-queries');
    const { relayStylePagination } = await import('@apollo/client/utilities');
    const sent: Record<string, unknown>[] = [];
    const http = new HttpLink({
      uri: `${weir.url}/graphql`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      fetch: (address, init) => {
        sent.push(JSON.parse(String(init?.body)));
        return fetch(address, init);
      },
    });
    const cache = () =>
      new InMemoryCache({
        possibleTypes: { Node: ['User', 'Product', 'Order', 'Payment', 'Flight', 'Booking', 'Workflow'] },
        typePolicies: { User: { fields: { orders: relayStylePagination(['status']) } } },
      });
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    return {
      gql,
      sent,
      client: new ApolloClient({
        link: http,
        cache: cache(),
        incrementalHandler: new Defer20220824Handler(),
      }),
      persisting: new ApolloClient({
        link: ApolloLink.from([new PersistedQueryLink({ sha256 }), http]),
        cache: cache(),
      }),
    };
  };

  it('keeps each object once, by its id, however it was reached', async () => {
    const { client, gql, sent } = await open();
    await client.query({
      query: gql`{ products(first: 2, sort: NEWEST) { nodes { id name price { amount } } } }`,
    });
    const list = client.readQuery<{ products: { nodes: { id: string; name: string }[] } }>({
      query: gql`{ products(first: 2, sort: NEWEST) { nodes { id name price { amount } } } }`,
    });
    const [first] = list?.products.nodes ?? [];
    const kept = client.cache.extract() as Record<string, { name?: string }>;
    expect(kept[`Product:${first?.id}`]?.name).toBe(first?.name);

    const other = gql`query ($id: ID!) { node(id: $id) { id ... on Product { name stock { available } } } }`;
    await client.query({ query: other, variables: { id: first?.id } });
    const after = client.cache.extract() as Record<string, { name?: string; stock?: unknown }>;
    expect(Object.keys(after).filter((key) => key.endsWith(String(first?.id)))).toHaveLength(1);
    expect(after[`Product:${first?.id}`]).toMatchObject({
      name: first?.name,
      stock: { available: expect.any(Number) },
    });
    expect(sent).toHaveLength(2);
  });

  it('joins pages to one list', async () => {
    const { client, gql } = await open(ada);
    const query = gql`query ($after: String) {
      me { id orders(first: 4, after: $after) { edges { cursor node { id status } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
    }`;
    const watched = client.watchQuery<OrdersPage>({ query });
    const subscription = watched.subscribe(() => {});
    const { data: first } = await client.query<OrdersPage>({ query });
    const after = first?.me.orders.pageInfo.endCursor;
    await watched.fetchMore({ variables: { after } });
    const all = client.readQuery<OrdersPage>({ query })?.me.orders.edges.map(({ node }) => node.id);
    expect(new Set(all).size).toBe(8);
    subscription.unsubscribe();
  });

  it('shows what could be had beside the errors, with their codes', async () => {
    const { CombinedGraphQLErrors } = await import('@apollo/client');
    const { client, gql } = await open();
    await weir.fault('inventory', { mode: 'reset' });
    const { data, error } = await client.query<{ product: { name: string; stock: unknown } }>({
      query: gql`{ product(id: "Product:9") { id name stock { available } } }`,
      errorPolicy: 'all',
    });
    await weir.fault('inventory', null);
    expect(data?.product).toMatchObject({ name: expect.any(String), stock: null });
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
      backend: 'inventory',
    });
  });

  it('sends a document once, and its hash from then on', async () => {
    const { persisting, gql, sent } = await open();
    const query = gql`query AskedByHash($id: ID!) { product(id: $id) { id name } }`;
    for (const id of ['Product:1', 'Product:2', 'Product:3']) {
      const { data } = await persisting.query<{ product: { id: string } }>({ query, variables: { id } });
      expect(data?.product.id).toBe(id);
    }
    expect(sent.map((body) => 'query' in body)).toEqual([false, true, false, false]);
  });

  it('shows the list before what is deferred', async () => {
    const { client, gql } = await open(ada);
    await weir.fault('payments', { latencyMs: 300 });
    const seen: (boolean | undefined)[] = [];
    const query = gql`{ me { id orders(first: 3) { edges { cursor node { id ... @defer { payment { id } } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    await new Promise<void>((resolve, reject) => {
      client.watchQuery<OrdersPage>({ query, fetchPolicy: 'network-only' }).subscribe({
        next: ({ data, dataState, error }) => {
          if (error) reject(error);
          const nodes = (data as OrdersPage | undefined)?.me?.orders.edges ?? [];
          if (nodes.length > 0) seen.push(nodes.every(({ node }) => node?.payment !== undefined));
          if (dataState === 'complete') resolve();
        },
        error: reject,
      });
    });
    await weir.fault('payments', null);
    expect(seen[0]).toBe(false);
    expect(seen.at(-1)).toBe(true);
  });
});
