import { z } from 'zod';
import { created } from '../kit/answer.ts';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import {
  cursorParameter,
  keysParameter,
  limitParameter,
  type Order,
  pageOf,
  rowsByIds,
} from '../kit/paging.ts';
import { Problem } from '../kit/problem.ts';
import { readMadeBy } from '../kit/read-made-by.ts';
import { noQuery, read, write } from '../kit/route.ts';
import { idShape, moneyShape } from '../kit/shapes.ts';
import { type Seed, type Store, startIdsAfter } from '../kit/store.ts';

const usualMs = 80;
const catalogue = 'public, max-age=30, stale-while-revalidate=300, stale-if-error=3600';

const schema = `
  CREATE TABLE product (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, category TEXT NOT NULL,
    price_amount INTEGER NOT NULL, price_currency TEXT NOT NULL, image_url TEXT, created_at TEXT NOT NULL,
    words TEXT NOT NULL -- name and description in lower case, for search
  ) STRICT;
  CREATE INDEX product_by_name ON product (name, id);
  CREATE INDEX product_by_price ON product (price_amount, id);
  CREATE INDEX product_by_age ON product (created_at, id);
  CREATE INDEX product_by_category ON product (category, name, id);
`;

const productRow = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    price_amount: z.number(),
    price_currency: z.string(),
    image_url: z.string().nullable(),
    created_at: z.string(),
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    category: row.category,
    price: { amount: row.price_amount, currency: row.price_currency },
    imageUrl: row.image_url,
    createdAt: row.created_at,
  }));

type Product = z.infer<typeof productRow>;

const orders = {
  NAME: { name: 'name', columns: ['name', 'id'], direction: 'ASC' },
  PRICE_ASC: { name: 'price', columns: ['price_amount', 'id'], direction: 'ASC' },
  PRICE_DESC: { name: 'price-down', columns: ['price_amount', 'id'], direction: 'DESC' },
  NEWEST: { name: 'newest', columns: ['created_at', 'id'], direction: 'DESC' },
} as const satisfies Record<string, Order>;

const searchQuery = z.strictObject({
  search: z.string().max(200).default(''),
  category: z.string().max(100).optional(),
  sort: z.enum(['NAME', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST']).default('NAME'),
  cursor: cursorParameter,
  limit: limitParameter,
});

const batch = z.strictObject({
  items: z
    .array(
      z.strictObject({
        id: idShape.optional(),
        name: z.string().min(1).max(200),
        description: z.string().max(5000),
        category: z.string().min(1).max(100),
        price: moneyShape,
        imageUrl: z.string().max(2048).nullable().default(null),
      }),
    )
    .min(1)
    .max(500)
    .refine((items) => areDistinct(items.flatMap(({ id }) => id ?? [])), 'the same id twice'),
});

/** The catalogue. Reading is public; machines add and change products in batches. */
export function createProducts(options: BackendOptions): Promise<Backend> {
  return createBackend(
    { name: 'products', version: 1, schema, loadSeed, setup: async (store) => ({ routes: routesOf(store) }) },
    options,
  );
}

async function loadSeed(): Promise<Seed> {
  const { productCount, seededProducts } = await import('../seed/products.ts');
  return (store) => {
    for (const { price, ...product } of seededProducts()) {
      put(store, { ...product, price: { amount: price, currency: 'EUR' }, imageUrl: null });
    }
    startIdsAfter(store, 'product', productCount);
  };
}

function routesOf(store: Store) {
  const byIds = (ids: readonly string[]): Product[] => rowsByIds(store, 'product', ids, productRow);

  return [
    read({
      path: '/products',
      by: 'ids',
      access: 'public',
      usualMs,
      cacheControl: catalogue,
      query: z.strictObject({ ids: keysParameter }),
      answer: ({ query }) => ({ items: byIds(query.ids) }),
    }),

    read({
      path: '/products',
      access: 'public',
      usualMs,
      cacheControl: catalogue,
      query: searchQuery,
      answer: ({ query }) => search(store, query),
    }),

    readMadeBy({
      store,
      path: '/products',
      kinds: ['product.created', 'product.replaced'],
      usualMs,
      items: byIds,
    }),

    read({
      path: '/products/{id}',
      access: 'public',
      usualMs,
      cacheControl: catalogue,
      query: noQuery,
      answer: ({ param }) => {
        const [product] = byIds([param('id')]);
        if (!product) throw new Problem('not-found');
        return product;
      },
    }),

    write({
      path: '/products/batches',
      access: 'machine',
      usualMs,
      maxBodyBytes: 8 * 1024 * 1024,
      body: batch,
      act: ({ body, at, record }) => {
        const items = body.items.map(({ id, ...rest }) => {
          const [known] = id === undefined ? [] : byIds([id]);
          const product = { ...rest, id: id ?? freeId(store), createdAt: known?.createdAt ?? at };
          put(store, product);
          record(known ? 'product.replaced' : 'product.created', product.id, `products/${product.id}`);
          return product;
        });
        return created({ items });
      },
    }),
  ];
}

function search(store: Store, { search, category, sort, cursor, limit }: z.infer<typeof searchQuery>) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const conditions = [
    ...words.map(() => 'instr(words, ?) > 0'),
    ...(category === undefined ? [] : ['category = ?']),
  ];
  return pageOf({
    store,
    table: 'product',
    where: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '),
    values: [...words, ...(category === undefined ? [] : [category])],
    order: orders[sort],
    limit,
    cursor,
    decoder: productRow,
  });
}

function put(store: Store, product: Product): void {
  const { id, name, description, category, price, imageUrl, createdAt } = product;
  store.run(
    `INSERT OR REPLACE INTO product
       (id, name, description, category, price_amount, price_currency, image_url, created_at, words)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    name,
    description,
    category,
    price.amount,
    price.currency,
    imageUrl,
    createdAt,
    `${name} ${description}`.toLowerCase(),
  );
}

/** The next id that no batch has given to a product of its own. */
function freeId(store: Store): string {
  const id = store.nextId('product');
  return rowsByIds(store, 'product', [id], productRow).length === 0 ? id : freeId(store);
}

function areDistinct(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}
