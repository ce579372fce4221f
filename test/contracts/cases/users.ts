import type { BackendCases } from './backend-cases.ts';
import { madeBy } from './backend-cases.ts';

export const users: BackendCases = {
  usersKeys: { good: () => ({ as: 'nobody' }) },
  createSession: {
    good: () => ({ as: 'nobody', body: { email: 'Ada@example.com', password: 'waterfall' } }),
    problems: {
      'invalid-credentials': () => ({
        as: 'nobody',
        body: { email: 'ada@example.com', password: 'waterfowl' },
      }),
    },
  },
  createToken: {
    good: () => ({ as: 'nobody', body: { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' } }),
    problems: {
      'invalid-credentials': () => ({
        as: 'nobody',
        body: { clientId: 'weir-gateway', clientSecret: 'guessed' },
      }),
    },
  },
  usersByIds: { good: () => ({ as: 'ada', query: { ids: '1,2,nobody' } }) },
  usersByIdempotencyKey: madeBy('createUser'),
  createUser: {
    good: ({ next }) => ({
      as: 'machine',
      body: { name: 'Mary Somerville', email: `mary.${next()}@example.com`, password: 'waterfall' },
    }),
    problems: {
      'email-taken': () => ({
        as: 'machine',
        body: { name: 'Another Ada', email: 'ADA@example.com', password: 'waterfall' },
      }),
    },
  },
  userById: { good: () => ({ as: 'nobody', path: { id: '2' } }) },
};
