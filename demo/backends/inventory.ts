import { z } from 'zod';
import { created, ok } from '../kit/answer.ts';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { type Caller, sees, visible } from '../kit/identity.ts';
import { keysParameter, rowsByIds } from '../kit/paging.ts';
import { Problem } from '../kit/problem.ts';
import { readMadeBy } from '../kit/read-made-by.ts';
import { noBody, noQuery, read, write } from '../kit/route.ts';
import { idShape } from '../kit/shapes.ts';
import { jsonColumn, type Seed, type Store, startIdsAfter } from '../kit/store.ts';

const usualMs = 60;
const stockCache = 'public, max-age=2';

const schema = `
  CREATE TABLE stock (product_id TEXT PRIMARY KEY, available INTEGER NOT NULL CHECK (available >= 0)) STRICT;
  CREATE TABLE reservation (
    id TEXT PRIMARY KEY, user_id TEXT, status TEXT NOT NULL, items TEXT NOT NULL, created_at TEXT NOT NULL
  ) STRICT;
`;

const stockRow = z
  .object({ product_id: z.string(), available: z.number() })
  .transform(({ product_id, available }) => ({ productId: product_id, available }));

const itemShape = z.strictObject({ productId: idShape, quantity: z.int().min(1).max(1_000_000) });
type Item = z.infer<typeof itemShape>;

const reservationRow = z
  .object({
    id: z.string(),
    user_id: z.string().nullable(),
    status: z.enum(['HELD', 'CONFIRMED', 'RELEASED']),
    items: jsonColumn(z.array(itemShape)),
    created_at: z.string(),
  })
  .transform(({ user_id, created_at, ...row }) => ({ ...row, userId: user_id, createdAt: created_at }));

type ReservationRow = z.infer<typeof reservationRow>;

/** How much there is of each product (public), and reservations of it (between machines). */
export function createInventory(options: BackendOptions): Promise<Backend> {
  return createBackend(
    {
      name: 'inventory',
      version: 1,
      schema,
      loadSeed,
      setup: async (store) => ({ routes: routesOf(store) }),
    },
    options,
  );
}

async function loadSeed(): Promise<Seed> {
  const [{ seededStock }, { orderCount, seededOrders }] = await Promise.all([
    import('../seed/stock.ts'),
    import('../seed/orders.ts'),
  ]);
  return (store) => {
    for (const { productId, available } of seededStock()) {
      store.run('INSERT INTO stock (product_id, available) VALUES (?, ?)', productId, available);
    }
    for (const { reservationId, status, userId, items, placedAt } of seededOrders()) {
      if (reservationId === null) continue;
      insert(store, {
        id: reservationId,
        userId,
        status: status === 'PENDING' ? 'HELD' : 'CONFIRMED',
        items: items.map(({ productId, quantity }) => ({ productId, quantity })),
        createdAt: placedAt,
      });
    }
    startIdsAfter(store, 'reservation', orderCount);
  };
}

function routesOf(store: Store) {
  const reservationOf = (caller: Caller, id: string): ReservationRow =>
    visible(caller, rowsByIds(store, 'reservation', [id], reservationRow)[0] ?? null);

  return [
    read({
      path: '/stock',
      by: 'productIds',
      access: 'public',
      usualMs,
      cacheControl: stockCache,
      query: z.strictObject({ productIds: keysParameter }),
      answer: ({ query }) => ({ items: stockOf(store, query.productIds) }),
    }),

    read({
      path: '/stock/{productId}',
      access: 'public',
      usualMs,
      cacheControl: stockCache,
      query: noQuery,
      answer: ({ param }) => {
        const [stock] = stockOf(store, [param('productId')]);
        if (!stock) throw new Problem('not-found');
        return stock;
      },
    }),

    readMadeBy({
      store,
      path: '/reservations',
      kinds: ['reservation.held'],
      usualMs,
      items: (ids, caller) =>
        rowsByIds(store, 'reservation', ids, reservationRow)
          .filter((row) => sees(caller, row.userId))
          .map(toReservation),
    }),

    write({
      path: '/reservations',
      access: 'machine',
      usualMs,
      body: z.strictObject({ items: z.array(itemShape).min(1).max(100) }),
      act: ({ body, caller, at, record }) => {
        for (const item of body.items) take(store, item);
        const row: ReservationRow = {
          id: `res_${store.nextId('reservation')}`,
          userId: caller.userId,
          status: 'HELD',
          items: body.items,
          createdAt: at,
        };
        insert(store, row);
        record('reservation.held', row.id, subjectOf(row));
        return created(toReservation(row));
      },
    }),

    write({
      path: '/reservations/{id}/confirm',
      access: 'machine',
      usualMs,
      body: noBody,
      act: ({ caller, param, record }) => {
        const row = reservationOf(caller, param('id'));
        if (row.status === 'RELEASED') {
          throw new Problem('invalid-transition', 'its stock was given back', {
            extensions: { current: row.status },
          });
        }
        if (row.status === 'CONFIRMED') return ok(toReservation(row));
        record('reservation.confirmed', row.id, subjectOf(row));
        return ok(toReservation(moveTo(store, row, 'CONFIRMED')));
      },
    }),

    write({
      path: '/reservations/{id}/release',
      access: 'machine',
      usualMs,
      body: noBody,
      act: ({ caller, param, record }) => {
        const row = reservationOf(caller, param('id'));
        if (row.status === 'RELEASED') return ok(toReservation(row));
        for (const { productId, quantity } of row.items) {
          store.run('UPDATE stock SET available = available + ? WHERE product_id = ?', quantity, productId);
        }
        record('reservation.released', row.id, subjectOf(row));
        return ok(toReservation(moveTo(store, row, 'RELEASED')));
      },
    }),
  ];
}

function stockOf(store: Store, productIds: readonly string[]) {
  const rows = store.all(
    stockRow,
    'SELECT * FROM stock WHERE product_id IN (SELECT value FROM json_each(?))',
    JSON.stringify(productIds),
  );
  const byProductId = new Map(rows.map((row) => [row.productId, row]));
  return productIds.flatMap((id) => byProductId.get(id) ?? []);
}

/** Takes one line off the shelf. Throws `out-of-stock`, which also puts back what the lines before it took. */
function take(store: Store, { productId, quantity }: Item): void {
  const taken = store.run(
    'UPDATE stock SET available = available - ? WHERE product_id = ? AND available >= ?',
    quantity,
    productId,
    quantity,
  );
  if (taken === 1) return;
  const available = stockOf(store, [productId])[0]?.available ?? 0;
  throw new Problem('out-of-stock', `${quantity} of product ${productId} wanted, ${available} there`, {
    extensions: { productId, available },
  });
}

function insert(store: Store, { id, userId, status, items, createdAt }: ReservationRow): void {
  store.run(
    'INSERT INTO reservation (id, user_id, status, items, created_at) VALUES (?, ?, ?, ?, ?)',
    id,
    userId,
    status,
    JSON.stringify(items),
    createdAt,
  );
}

function moveTo(store: Store, row: ReservationRow, status: ReservationRow['status']): ReservationRow {
  store.run('UPDATE reservation SET status = ? WHERE id = ?', status, row.id);
  return { ...row, status };
}

/** What is reserved, without for whom: that is between the machine that reserved and its store. */
function toReservation({ id, status, items, createdAt }: ReservationRow) {
  return { id, status, items, createdAt };
}

function subjectOf({ userId }: ReservationRow): string | null {
  return userId === null ? null : `users/${userId}`;
}
