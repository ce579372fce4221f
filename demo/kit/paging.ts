import { z } from 'zod';
import { Problem } from './problem.ts';
import type { RowDecoder, SqlValue, Store } from './store.ts';

/** One page of a list. `cursors` has one a row of `items`; `?cursor=` continues after the row it stands for. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursors: readonly string[];
  /** The last row's cursor where more rows follow, else null. */
  readonly nextCursor: string | null;
  /** How many rows the whole list has. */
  readonly total: number;
}

/** `limit` of a query: 1 to 100, 20 where it is left out. */
export const limitParameter = z.coerce.number().int().min(1).max(100).default(20);

/** `cursor` of a query: base64url, as an earlier page gave it. */
export const cursorParameter = z.string().min(1).max(512).optional();

/** At most 100 comma-separated keys, each once. A key that nothing can have is simply absent later. */
export const keysParameter = z
  .string()
  .min(1)
  .transform((text) => text.split(','))
  .pipe(z.array(z.string()).max(100))
  .transform((keys) => [...new Set(keys)]);

/** How a list is sorted. All columns go the same way, and together they are unique. */
export interface Order {
  /** Part of each cursor, so that one sorting's cursor is refused by another. */
  readonly name: string;
  /** Column names, the unique one last. They must be among those the rows are decoded from. */
  readonly columns: readonly string[];
  readonly direction: 'ASC' | 'DESC';
}

/** What a page is taken from. */
export interface PageQuery<Item> {
  readonly store: Store;
  readonly table: string;
  /** A condition with a `?` a value, such as `user_id = ?`; `TRUE` for all rows. */
  readonly where: string;
  readonly values: readonly SqlValue[];
  readonly order: Order;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Decodes one row of the table (all its columns) into an item. */
  readonly decoder: RowDecoder<Item>;
}

const countRow = z.object({ total: z.number() });
const keyValue = z.union([z.string(), z.number()]);
const cursorShape = z.tuple([z.string()]).rest(keyValue);
const keyRow = z.record(z.string(), z.unknown());

/**
 * One page of a table by keyset: the rows after a position, not after a number of rows, so that rows which
 * come or go meanwhile are neither repeated nor skipped. Throws `invalid-request` on a cursor that is not ours.
 */
export function pageOf<Item>(query: PageQuery<Item>): Page<Item> {
  const { store, table, where, values, order, limit, decoder } = query;
  const columns = order.columns.join(', ');
  const after = query.cursor === undefined ? [] : decodeCursor(query.cursor, order);
  const position =
    after.length === 0
      ? ''
      : `AND (${columns}) ${order.direction === 'ASC' ? '>' : '<'} (${order.columns.map(() => '?').join(', ')})`;
  const sorting = order.columns.map((column) => `${column} ${order.direction}`).join(', ');
  const rows = store.all(
    positioned(order, decoder),
    `SELECT * FROM ${table} WHERE (${where}) ${position} ORDER BY ${sorting} LIMIT ?`,
    ...values,
    ...after,
    limit + 1,
  );
  const total =
    store.get(countRow, `SELECT count(*) AS total FROM ${table} WHERE ${where}`, ...values)?.total ?? 0;
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => row.item),
    cursors: shown.map((row) => row.cursor),
    nextCursor: rows.length > limit ? (shown.at(-1)?.cursor ?? null) : null,
    total,
  };
}

/** Decodes a row twice: into the item, and into the cursor that stands for it. */
function positioned<Item>(
  order: Order,
  decoder: RowDecoder<Item>,
): RowDecoder<{ readonly item: Item; readonly cursor: string }> {
  return {
    parse: (row) => {
      const columns = keyRow.parse({ ...Object(row) });
      const position = order.columns.map((column) => keyValue.parse(columns[column]));
      const cursor = Buffer.from(JSON.stringify([order.name, ...position])).toString('base64url');
      return { item: decoder.parse(row), cursor };
    },
  };
}

function decodeCursor(cursor: string, order: Order): readonly (string | number)[] {
  const decoded = cursorShape.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (
    !decoded.success ||
    decoded.data[0] !== order.name ||
    decoded.data.length !== order.columns.length + 1
  ) {
    throw new Problem('invalid-request', 'the cursor is not one of this list', {
      extensions: { errors: [{ path: 'cursor', message: 'not a cursor of this list' }] },
    });
  }
  const [, ...position] = decoded.data;
  return position;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The rows with these ids, in the order of the ids; absent ones are left out. */
export function rowsByIds<Row extends { readonly id: string }>(
  store: Store,
  table: string,
  ids: readonly string[],
  decoder: RowDecoder<Row>,
): Row[] {
  const rows = store.all(
    decoder,
    `SELECT * FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
