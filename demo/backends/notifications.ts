import { z } from 'zod';
import { created } from '../kit/answer.ts';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { type Caller, demandActsFor, sees, visible } from '../kit/identity.ts';
import { keysParameter, rowsByIds } from '../kit/paging.ts';
import { readMadeBy } from '../kit/read-made-by.ts';
import { noQuery, personal, type Route, read, write } from '../kit/route.ts';
import { idShape } from '../kit/shapes.ts';
import { jsonColumn, type Store } from '../kit/store.ts';

const usualMs = 150;

const schema = `
  CREATE TABLE message (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, template TEXT NOT NULL, data TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const data = z.record(z.string(), z.unknown());
const messageRow = z
  .object({
    id: z.string(),
    user_id: z.string(),
    template: z.string(),
    data: jsonColumn(data),
    created_at: z.string(),
  })
  .transform(({ user_id, created_at, ...row }) => ({ ...row, userId: user_id, createdAt: created_at }));
const newMessage = z.strictObject({
  userId: idShape,
  template: z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected a name such as order-confirmed'),
  data,
});

/** Messages to people. The demo keeps them and sends nothing: no mail leaves the machine. */
export function createNotifications(options: BackendOptions): Promise<Backend> {
  return createBackend(
    {
      name: 'notifications',
      version: 1,
      schema,
      loadSeed: async () => () => {},
      setup: async (store) => ({ routes: routesOf(store) }),
    },
    options,
  );
}

function routesOf(store: Store): Route[] {
  const visibleByIds = (ids: readonly string[], caller: Caller) =>
    rowsByIds(store, 'message', ids, messageRow).filter(({ userId }) => sees(caller, userId));

  return [
    read({
      path: '/messages',
      by: 'ids',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: z.strictObject({ ids: keysParameter }),
      answer: ({ query, caller }) => ({ items: visibleByIds(query.ids, caller) }),
    }),

    readMadeBy({ store, path: '/messages', kinds: ['message.sent'], usualMs, items: visibleByIds }),

    read({
      path: '/messages/{id}',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: noQuery,
      answer: ({ caller, param }) =>
        visible(caller, rowsByIds(store, 'message', [param('id')], messageRow)[0] ?? null),
    }),

    write({
      path: '/messages',
      access: 'machine',
      usualMs,
      body: newMessage,
      act: ({ body, caller, at, record }) => {
        demandActsFor(caller, body.userId);
        const message = { id: store.nextId('message'), ...body, createdAt: at };
        store.run(
          'INSERT INTO message (id, user_id, template, data, created_at) VALUES (?, ?, ?, ?, ?)',
          message.id,
          message.userId,
          message.template,
          JSON.stringify(message.data),
          message.createdAt,
        );
        record('message.sent', message.id, `users/${message.userId}`);
        return created(message);
      },
    }),
  ];
}
