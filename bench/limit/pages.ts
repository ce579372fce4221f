import type { ViewerOf } from '../viewer.ts';
import type { Rest } from './rest.ts';

/** Answers one operation of the workloads as GraphQL would, without any GraphQL. */
export type Page = (
  variables: { readonly id?: string | undefined },
  authorization: string | undefined,
) => Promise<object>;

/** How many orders the order page shows. */
const ORDERS = 10;

/** A page an operation of the workloads, by its name: the fewest calls, the shallowest order, nothing else. */
export function createPages(rest: Rest, viewerOf: ViewerOf): ReadonlyMap<string, Page> {
  const orderPage = async (id: string, authorization: string): Promise<object | null> => {
    const [users, pages] = await Promise.all([
      rest.users(id, authorization),
      rest.orders(id, ORDERS, authorization),
    ]);
    const user = users.items[0];
    if (user === undefined) return null;
    const orders = pages.items[0]?.items ?? [];
    const ids = new Set<string>();
    for (const { items } of orders) for (const { productId } of items) ids.add(productId);
    const { items: found } = await rest.products(ids, authorization);
    const products = new Map(found.map((product) => [product.id, product]));
    return {
      name: user.name,
      orders: orders.map(({ id, status, total, items }) => ({
        id,
        status,
        total,
        items: items.map(({ quantity, productId }) => ({
          quantity,
          product: toProduct(products.get(productId)),
        })),
      })),
    };
  };

  return new Map<string, Page>([
    ['Hello', async () => ({ hello: 'world' })],
    [
      'Posts',
      async (_variables, authorization = '') => {
        const posts = await rest.posts(authorization);
        const authors = await rest.authors(new Set(posts.map(({ authorId }) => authorId)), authorization);
        const names = new Map(authors.items.map((author) => [author.id, author]));
        return {
          posts: posts.map(({ id, title, authorId }) => ({ id, title, author: names.get(authorId) ?? null })),
        };
      },
    ],
    [
      'OrderPage',
      async (_variables, authorization = '') => {
        const id = await viewerOf(authorization);
        return { me: id === null ? null : await orderPage(id, authorization) };
      },
    ],
    ['Rows', async (_variables, authorization = '') => ({ rows: await rest.rows(authorization) })],
    [
      'OrdersOf',
      async ({ id = '' }, authorization = '') => {
        await viewerOf(authorization);
        return { user: await orderPage(id, authorization) };
      },
    ],
  ]);
}

function toProduct(
  product: { readonly id: string; readonly name: string; readonly price: number } | undefined,
) {
  if (product === undefined) return null;
  const { id, name, price } = product;
  return { id, name, price };
}
