import { z } from 'zod';
import { created, ok } from '../kit/answer.ts';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { type Caller, demandActsFor, sees, visible } from '../kit/identity.ts';
import { pagesByUser, pagesByUserQuery } from '../kit/pages-by-user.ts';
import { keysParameter, rowsByIds, type Order as Sorting } from '../kit/paging.ts';
import { Problem } from '../kit/problem.ts';
import { readMadeBy } from '../kit/read-made-by.ts';
import { noBody, noQuery, personal, read, type WriteAsked, write } from '../kit/route.ts';
import { idShape, moneyShape } from '../kit/shapes.ts';
import { jsonColumn, type Seed, type Store, startIdsAfter } from '../kit/store.ts';

const usualMs = 120;

const schema = `
  CREATE TABLE purchase (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, status TEXT NOT NULL, placed_at TEXT NOT NULL,
    items TEXT NOT NULL, total_amount INTEGER NOT NULL, total_currency TEXT NOT NULL,
    payment_id TEXT, reservation_id TEXT
  ) STRICT;
  CREATE INDEX purchase_by_user ON purchase (user_id, placed_at, id);
  CREATE INDEX purchase_by_user_and_status ON purchase (user_id, status, placed_at, id);
`;

const statuses = ['PENDING', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const;
type Status = (typeof statuses)[number];

const itemShape = z.strictObject({
  productId: idShape,
  quantity: z.int().min(1).max(1_000_000),
  unitPrice: moneyShape,
});

const orderRow = z
  .object({
    id: z.string(),
    user_id: z.string(),
    status: z.enum(statuses),
    placed_at: z.string(),
    items: jsonColumn(z.array(itemShape)),
    total_amount: z.number(),
    total_currency: z.string(),
    payment_id: z.string().nullable(),
    reservation_id: z.string().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    userId: row.user_id,
    status: row.status,
    placedAt: row.placed_at,
    items: row.items,
    total: { amount: row.total_amount, currency: row.total_currency },
    paymentId: row.payment_id,
    reservationId: row.reservation_id,
  }));

type Order = z.infer<typeof orderRow>;

const newestFirst: Sorting = { name: 'newest', columns: ['placed_at', 'id'], direction: 'DESC' };

const newOrder = z.strictObject({
  userId: idShape,
  items: z
    .array(itemShape)
    .min(1)
    .max(100)
    .refine(
      (items) => new Set(items.map(({ unitPrice }) => unitPrice.currency)).size === 1,
      'more than one currency',
    )
    .refine((items) => Number.isSafeInteger(totalOf(items)), 'too much money'),
  reservationId: idShape,
});

/** From which states each state is reached. */
const before: Readonly<Record<Exclude<Status, 'PENDING'>, readonly Status[]>> = {
  CONFIRMED: ['PENDING'],
  SHIPPED: ['CONFIRMED'],
  DELIVERED: ['SHIPPED'],
  CANCELLED: ['PENDING', 'CONFIRMED'],
};

/** What somebody bought: personal to read, written by machines. */
export function createOrders(options: BackendOptions): Promise<Backend> {
  return createBackend(
    { name: 'orders', version: 1, schema, loadSeed, setup: async (store) => ({ routes: routesOf(store) }) },
    options,
  );
}

async function loadSeed(): Promise<Seed> {
  const { orderCount, seededOrders } = await import('../seed/orders.ts');
  const toMoney = (amount: number) => ({ amount, currency: 'EUR' });
  return (store) => {
    for (const order of seededOrders()) {
      const items = order.items.map((item) => ({ ...item, unitPrice: toMoney(item.unitPrice) }));
      insert(store, { ...order, items, total: toMoney(order.total) });
    }
    startIdsAfter(store, 'order', orderCount);
  };
}

function routesOf(store: Store) {
  const visibleByIds = (ids: readonly string[], caller: Caller): Order[] =>
    rowsByIds(store, 'purchase', ids, orderRow).filter((order) => sees(caller, order.userId));
  const orderOf = (caller: Caller, id: string): Order =>
    visible(caller, rowsByIds(store, 'purchase', [id], orderRow)[0] ?? null);

  const move = (asked: WriteAsked<unknown>, status: keyof typeof before, paymentId?: string): Order => {
    const order = orderOf(asked.caller, asked.param('id'));
    if (order.status === status) return order;
    if (!before[status].includes(order.status)) {
      throw new Problem('invalid-transition', `from ${order.status} to ${status}`, {
        extensions: { current: order.status },
      });
    }
    const moved = { ...order, status, paymentId: paymentId ?? order.paymentId };
    store.run(
      'UPDATE purchase SET status = ?, payment_id = ? WHERE id = ?',
      status,
      moved.paymentId,
      order.id,
    );
    asked.record(`order.${status.toLowerCase()}`, order.id, `users/${order.userId}`);
    return moved;
  };

  return [
    read({
      path: '/orders',
      by: 'ids',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: z.strictObject({ ids: keysParameter }),
      answer: ({ query, caller }) => ({ items: visibleByIds(query.ids, caller) }),
    }),

    read({
      path: '/orders',
      by: 'userIds',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: pagesByUserQuery(statuses),
      answer: ({ query, caller }) => ({
        items: pagesByUser({
          store,
          table: 'purchase',
          order: newestFirst,
          decoder: orderRow,
          caller,
          query,
        }),
      }),
    }),

    readMadeBy({ store, path: '/orders', kinds: ['order.created'], usualMs, items: visibleByIds }),

    read({
      path: '/orders/{id}',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: noQuery,
      answer: ({ caller, param }) => orderOf(caller, param('id')),
    }),

    write({
      path: '/orders',
      access: 'machine',
      usualMs,
      body: newOrder,
      act: ({ body, caller, at, record }) => {
        demandActsFor(caller, body.userId);
        const order: Order = {
          id: store.nextId('order'),
          userId: body.userId,
          status: 'PENDING',
          placedAt: at,
          items: body.items,
          total: { amount: totalOf(body.items), currency: body.items[0]?.unitPrice.currency ?? 'EUR' },
          paymentId: null,
          reservationId: body.reservationId,
        };
        insert(store, order);
        record('order.created', order.id, `users/${order.userId}`);
        return created(order);
      },
    }),

    write({
      path: '/orders/{id}/confirm',
      access: 'machine',
      usualMs,
      body: z.strictObject({ paymentId: idShape }),
      act: (asked) => ok(move(asked, 'CONFIRMED', asked.body.paymentId)),
    }),

    ...(['ship', 'deliver', 'cancel'] as const).map((verb) =>
      write({
        path: `/orders/{id}/${verb}`,
        access: 'machine',
        usualMs,
        body: noBody,
        act: (asked) => ok(move(asked, reachedBy[verb])),
      }),
    ),
  ];
}

const reachedBy = { ship: 'SHIPPED', deliver: 'DELIVERED', cancel: 'CANCELLED' } as const;

function totalOf(items: Order['items']): number {
  return items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
}

function insert(store: Store, order: Order): void {
  store.run(
    `INSERT INTO purchase
       (id, user_id, status, placed_at, items, total_amount, total_currency, payment_id, reservation_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    order.id,
    order.userId,
    order.status,
    order.placedAt,
    JSON.stringify(order.items),
    order.total.amount,
    order.total.currency,
    order.paymentId,
    order.reservationId,
  );
}
