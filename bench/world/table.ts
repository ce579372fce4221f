import { usual } from '../../src/backends/look-up.ts';
import type { BackendTable } from '../../src/backends.ts';

const ids = { param: 'ids', max: 100 } as const;

/** The bench's backends and endpoints. All are one process; to the gateway each is a backend of its own. */
export const benchTable = {
  blog: {
    ...usual,
    demoPort: 0,
    endpoints: {
      posts: { method: 'GET', path: '/posts', credentials: 'none', usualMs: 5 },
      authorsByIds: {
        method: 'GET',
        path: '/authors',
        by: ['ids'],
        bulk: ids,
        credentials: 'none',
        usualMs: 5,
      },
    },
  },
  users: {
    ...usual,
    demoPort: 1,
    endpoints: {
      usersByIds: {
        method: 'GET',
        path: '/users',
        by: ['ids'],
        bulk: ids,
        credentials: 'viewer',
        usualMs: 5,
      },
    },
  },
  orders: {
    ...usual,
    demoPort: 2,
    endpoints: {
      ordersByUserIds: {
        method: 'GET',
        path: '/orders',
        by: ['userIds'],
        bulk: { param: 'userIds', max: 100, names: 'owner' },
        credentials: 'viewer',
        usualMs: 5,
      },
    },
  },
  products: {
    ...usual,
    demoPort: 3,
    endpoints: {
      productsByIds: {
        method: 'GET',
        path: '/products',
        by: ['ids'],
        bulk: ids,
        credentials: 'none',
        usualMs: 5,
      },
    },
  },
  table: {
    ...usual,
    demoPort: 4,
    endpoints: {
      rows: { method: 'GET', path: '/rows', credentials: 'none', usualMs: 5 },
    },
  },
} as const satisfies BackendTable;
