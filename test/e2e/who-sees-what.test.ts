import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

describe('who sees what', () => {
  let weir: Weir;
  const tokens: Record<string, string | undefined> = { anonymous: undefined };
  /** Ada's: an order with a payment, a booking, a payment, herself. */
  let own: { order: string; booking: string; payment: string; user: string };

  beforeAll(async () => {
    weir = await startWeir();
    tokens.ada = await weir.signIn('ada@example.com');
    tokens.grace = await weir.signIn('grace@example.com');
    tokens.root = await weir.signIn('root@example.com');
    const { data } = await weir.ask(
      '{ me { id orders(first: 1, status: DELIVERED) { nodes { id payment { id } } } bookings(first: 1) { nodes { id } } } }',
      { token: tokens.ada },
    );
    const [order] = data.me.orders.nodes;
    own = {
      order: order.id,
      payment: order.payment.id,
      booking: data.me.bookings.nodes[0].id,
      user: data.me.id,
    };
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  const ways: Readonly<
    Record<string, (id: string, kind: string) => { query: string; read: (data: never) => unknown }>
  > = {
    root: (id, kind) => ({
      query: kind === 'payment' ? `{ it: node(id: "${id}") { id } }` : `{ it: ${kind}(id: "${id}") { id } }`,
      read: ({ it }: { it: unknown }) => it,
    }),
    node: (id) => ({ query: `{ it: node(id: "${id}") { id } }`, read: ({ it }: { it: unknown }) => it }),
    nodes: (id) => ({
      query: `{ it: nodes(ids: ["${id}"]) { id } }`,
      read: ({ it }: { it: readonly unknown[] }) => it[0],
    }),
  };

  for (const way of Object.keys(ways)) {
    for (const kind of ['order', 'booking', 'payment'] as const) {
      it.each([
        ['ada', true],
        ['root', true],
        ['grace', false],
        ['anonymous', false],
      ] as const)(`${kind} by ${way} for %s: %s`, async (who, visible) => {
        const { query, read } = (ways[way] as NonNullable<(typeof ways)[string]>)(own[kind], kind);
        const { data, errors } = await weir.ask(query, { token: tokens[who] });
        expect(errors).toEqual([]);
        expect(read(data as never)).toEqual(visible ? { id: own[kind] } : null);
      });
    }
  }

  it.each(['ada', 'root'])('shows a user in full to %s', async (who) => {
    const { data, errors } = await weir.ask(
      `{ user(id: "${own.user}") { name email createdAt orders(first: 1) { totalCount } bookings(first: 1) { totalCount } } }`,
      { token: tokens[who] },
    );
    expect(errors).toEqual([]);
    expect(data.user).toMatchObject({ name: 'Ada Lovelace', email: 'ada@example.com' });
    expect(data.user.orders.totalCount).toBeGreaterThanOrEqual(25);
  });

  it.each(['grace', 'anonymous'])('shows only name and createdAt of a user to %s', async (who) => {
    await weir.forgetCalls();
    const { data, errors } = await weir.ask(
      `{ user(id: "${own.user}") { name email createdAt orders { totalCount } bookings { totalCount } } }`,
      { token: tokens[who] },
    );
    expect(data.user).toEqual({
      name: 'Ada Lovelace',
      createdAt: expect.any(String),
      email: null,
      orders: null,
      bookings: null,
    });
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ['email', 'FORBIDDEN'],
      ['orders', 'FORBIDDEN'],
      ['bookings', 'FORBIDDEN'],
    ]);
    expect(await weir.calls('orders')).toEqual([]);
  });

  it('answers a foreign id and one that does not exist alike', async () => {
    const [foreign, missing] = await Promise.all(
      [own.order, 'Order:99999999'].map((id) =>
        weir.ask(`{ order(id: "${id}") { id } }`, { token: tokens.grace }),
      ),
    );
    expect(foreign?.data).toEqual({ order: null });
    expect(missing?.data).toEqual(foreign?.data);
    expect(missing?.errors).toEqual(foreign?.errors);
  });

  it('has no viewer without a token', async () => {
    const { data, errors, status } = await weir.ask('{ me { id } }');
    expect([status, data, errors]).toEqual([200, { me: null }, []]);
  });

  it.each(['nonsense', '', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.'])(
    'refuses the whole request with a bad token: %j',
    async (token) => {
      const { status, data, errors } = await weir.ask('{ product(id: "Product:1") { name } }', { token });
      expect(status).toBe(401);
      expect(data).toBeUndefined();
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    },
  );

  it.each(['..', '', 'a/b', '1?x=1', '%2e%2e', '1,2', 'x'.repeat(65), '#'])(
    'finds nothing under the id %j',
    async (raw) => {
      await weir.forgetCalls();
      const { data, errors } = await weir.ask(
        'query ($id: ID!, $order: ID!) { product(id: $id) { name } node(id: $id) { id } order(id: $order) { id } }',
        { variables: { id: `Product:${raw}`, order: `Order:${raw}` }, token: tokens.ada },
      );
      expect(errors).toEqual([]);
      expect(data).toEqual({ product: null, node: null, order: null });
      expect(await weir.allCalls()).toEqual([]);
    },
  );
});
