import { usual } from '../../src/backends/look-up.ts';
import type { BackendRow, EndpointRow } from '../../src/backends.ts';

/** The bench's backends and endpoints. All are one process; to the gateway each is a backend of its own. */
export interface BenchTable extends Readonly<Record<string, BackendRow>> {
  readonly blog: BackendRow;
  readonly users: BackendRow;
  readonly orders: BackendRow;
  readonly products: BackendRow;
  readonly table: BackendRow;
}

/**
 * Makes the table of backends.
 *
 * In the headline every call carries the viewer's token, as everybody's calls do there, so that no call is shared
 * with another request and none is spared. `shared` makes posts, authors, products and rows public: what concurrent
 * requests share, and what is kept, then shows.
 */
export function createBenchTable(shared: boolean): BenchTable {
  const open = shared ? 'none' : 'viewer';
  const read = (path: string, credentials: EndpointRow['credentials'], entity: string): EndpointRow => ({
    method: 'GET',
    path,
    credentials,
    usualMs: 5,
    entity,
  });
  const byIds = (path: string, credentials: EndpointRow['credentials'], entity: string): EndpointRow => ({
    ...read(path, credentials, entity),
    by: ['ids'],
    bulk: { param: 'ids', max: 100 },
  });
  return {
    blog: {
      ...usual,
      demoPort: 0,
      endpoints: {
        posts: read('/posts', open, 'posts'),
        authorsByIds: byIds('/authors', open, 'authors'),
      },
    },
    users: { ...usual, demoPort: 1, endpoints: { usersByIds: byIds('/users', 'viewer', 'users') } },
    orders: {
      ...usual,
      demoPort: 2,
      endpoints: {
        ordersByUserIds: {
          ...read('/orders', 'viewer', 'orders'),
          by: ['userIds'],
          bulk: { param: 'userIds', max: 100, names: 'owner' },
        },
      },
    },
    products: { ...usual, demoPort: 3, endpoints: { productsByIds: byIds('/products', open, 'products') } },
    table: { ...usual, demoPort: 4, endpoints: { rows: read('/rows', open, 'rows') } },
  };
}
