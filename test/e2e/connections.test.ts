import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

describe('connections', () => {
  let weir: Weir;
  let ada: string;
  beforeAll(async () => {
    weir = await startWeir();
    ada = await weir.signIn();
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  /** Every id of a list, read page by page. */
  const readAll = async (
    field: string,
    args: string,
    below: (data: never) => Page,
    token?: string,
  ): Promise<string[]> => {
    const ids: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 100; page++) {
      const query = `query ($after: String) { ${field.replace('ARGS', `first: 7, after: $after${args}`)} }`;
      const { data, errors } = await weir.ask(query, { variables: { after }, token });
      expect(errors).toEqual([]);
      const connection = below(data as never);
      expect(connection.nodes.map(({ id }) => id)).toEqual(connection.edges.map(({ node }) => node.id));
      expect(connection.pageInfo.hasPreviousPage).toBe(page > 0);
      expect(connection.pageInfo.startCursor).toBe(connection.edges[0]?.cursor ?? null);
      ids.push(...connection.nodes.map(({ id }) => id));
      if (!connection.pageInfo.hasNextPage) {
        expect(ids).toHaveLength(connection.totalCount);
        return ids;
      }
      after = connection.pageInfo.endCursor;
    }
    throw new Error('the list has no end');
  };

  interface Page {
    readonly totalCount: number;
    readonly nodes: readonly { id: string }[];
    readonly edges: readonly { cursor: string; node: { id: string } }[];
    readonly pageInfo: {
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      startCursor: string | null;
      endCursor: string;
    };
  }
  const PAGE =
    '{ totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';

  it('lead through all of a list, each object once', async () => {
    const orders = await readAll(
      `me { orders(ARGS) ${PAGE} }`,
      '',
      ({ me }: { me: { orders: Page } }) => me.orders,
      ada,
    );
    expect(orders.length).toBeGreaterThanOrEqual(25);
    expect(new Set(orders).size).toBe(orders.length);
    const delivered = await readAll(
      `me { orders(ARGS) ${PAGE} }`,
      ', status: DELIVERED',
      ({ me }: { me: { orders: Page } }) => me.orders,
      ada,
    );
    expect(delivered.length).toBeGreaterThan(0);
    expect(orders.filter((id) => delivered.includes(id))).toEqual(delivered);
    const flights = await readAll(
      `flights(ARGS) ${PAGE}`,
      `, search: { origin: "LHR", destination: "JFK", date: "${new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)}" }`,
      ({ flights: page }: { flights: Page }) => page,
    );
    expect(flights.length).toBeGreaterThanOrEqual(5);
  });

  it('go by the order and the words that were asked for', async () => {
    const { data } = await weir.ask(
      `{ cheap: products(first: 20, sort: PRICE_ASC) { nodes { price { amount } category } }
         dear: products(first: 20, sort: PRICE_DESC) { nodes { price { amount } } } }`,
    );
    const amounts = (nodes: readonly { price: { amount: string } }[]): number[] =>
      nodes.map(({ price }) => Number(price.amount));
    const cheap = amounts(data.cheap.nodes);
    expect(cheap).toEqual(cheap.toSorted((a, b) => a - b));
    const dear = amounts(data.dear.nodes);
    expect(dear).toEqual(dear.toSorted((a, b) => b - a));
    const category: string = data.cheap.nodes[0].category;
    const { data: some } = await weir.ask(
      'query ($category: String) { products(first: 100, category: $category) { nodes { category } } }',
      {
        variables: { category },
      },
    );
    expect(new Set(some.products.nodes.map((node: { category: string }) => node.category))).toEqual(
      new Set([category]),
    );
  });

  it.each([
    ['a cursor that is none', '{ me { orders(after: "nonsense") { totalCount } } }'],
    ['a cursor of another list', 'products'],
    [
      'an airport that is none',
      '{ flights(search: { origin: "X", destination: "JFK", date: "2026-12-01" }) { totalCount } }',
    ],
  ])('refuse %s as bad input', async (_, query) => {
    const { data: page } = await weir.ask('{ products(first: 1) { pageInfo { endCursor } } }');
    const text =
      query === 'products'
        ? `{ me { orders(after: "${page.products.pageInfo.endCursor}") { totalCount } } }`
        : query;
    const { errors } = await weir.ask(text, { token: ada });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(errors[0]?.extensions.hint).toEqual(expect.any(String));
  });
});
