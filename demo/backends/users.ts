import { hash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { created } from '../kit/answer.ts';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { type Caller, sees } from '../kit/identity.ts';
import { keysParameter, rowsByIds } from '../kit/paging.ts';
import { Problem } from '../kit/problem.ts';
import { readMadeBy } from '../kit/read-made-by.ts';
import { action, noQuery, personal, read, write } from '../kit/route.ts';
import { type Seed, type Store, startIdsAfter } from '../kit/store.ts';
import { hashPassword, isPassword } from './users/password.ts';
import { openSigningKey, type SigningKey, signingKeySchema } from './users/signing-key.ts';

const usualMs = 80;
const signInMs = 100;

/** The application that the demo's own sign-in belongs to: claim `client_id` of viewers' tokens. */
const demoAppId = 'weir-demo-app';

/** The one machine that the demo knows. */
const machine = { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' } as const;

const schema = `
  CREATE TABLE account (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL, scope TEXT NOT NULL, created_at TEXT NOT NULL
  ) STRICT;
  ${signingKeySchema}
`;

const accountRow = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    password_hash: z.string(),
    scope: z.string(),
    created_at: z.string(),
  })
  .transform(({ password_hash, created_at, ...row }) => ({
    ...row,
    passwordHash: password_hash,
    createdAt: created_at,
  }));

type Account = z.infer<typeof accountRow>;

const signIn = z.strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(200) });

const credentials = z.strictObject({
  clientId: z.string().min(1).max(200),
  clientSecret: z.string().min(1).max(200),
});

/** Hashing takes time, so it is done while decoding, before the transaction begins. */
const newUser = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    email: z.email().max(254),
    password: z.string().min(8).max(200),
  })
  .transform(async ({ password, ...rest }) => ({ ...rest, passwordHash: await hashPassword(password) }));

/** Who people are: registration, sign-in, and the tokens that every backend believes. */
export function createUsers(options: BackendOptions): Promise<Backend> {
  return createBackend(
    {
      name: 'users',
      version: 1,
      schema,
      loadSeed,
      setup: async (store) => {
        const key = await openSigningKey(store);
        const strangersHash = await hashPassword('nobody has this password');
        return {
          routes: routesOf(store, key, strangersHash),
          documents: { '/.well-known/jwks.json': () => key.keySet },
          tokenKeys: key.tokenKeys,
        };
      },
    },
    options,
  );
}

async function loadSeed(): Promise<Seed> {
  const { demoPasswordHash, seededUsers, userCount } = await import('../seed/people.ts');
  return (store) => {
    for (const user of seededUsers()) insert(store, { ...user, passwordHash: demoPasswordHash });
    startIdsAfter(store, 'user', userCount);
  };
}

function routesOf(store: Store, key: SigningKey, strangersHash: string) {
  const byIds = (ids: readonly string[], caller: Caller) =>
    rowsByIds(store, 'account', ids, accountRow).map((account) => toUser(account, caller));

  return [
    action({
      path: '/sessions',
      access: 'public',
      usualMs: signInMs,
      body: signIn,
      answer: async ({ body }) => {
        const account = accountByEmail(store, body.email);
        // An unknown address is checked against a hash too, so that the time does not tell who is registered.
        const right = await isPassword(body.password, account?.passwordHash ?? strangersHash);
        if (!account || !right) throw new Problem('invalid-credentials');
        const token = await key.issue({ subject: account.id, scope: account.scope, clientId: demoAppId });
        const self: Caller = { kind: 'user', userId: account.id, seesAll: false };
        return created({ ...token, user: toUser(account, self) });
      },
    }),

    action({
      path: '/tokens',
      access: 'public',
      usualMs,
      body: credentials,
      answer: async ({ body: { clientId, clientSecret } }) => {
        const right = [isSame(clientId, machine.clientId), isSame(clientSecret, machine.clientSecret)];
        if (right.includes(false)) throw new Problem('invalid-credentials');
        return created(await key.issue({ subject: clientId, scope: 'machine', clientId }));
      },
    }),

    read({
      path: '/users',
      by: 'ids',
      access: 'optional',
      usualMs,
      cacheControl: personal,
      query: z.strictObject({ ids: keysParameter }),
      answer: ({ query, caller }) => ({ items: byIds(query.ids, caller) }),
    }),

    readMadeBy({
      store,
      path: '/users',
      kinds: ['user.created'],
      usualMs,
      items: byIds,
    }),

    read({
      path: '/users/{id}',
      access: 'optional',
      usualMs,
      cacheControl: personal,
      query: noQuery,
      answer: ({ caller, param }) => {
        const [user] = byIds([param('id')], caller);
        if (!user) throw new Problem('not-found');
        return user;
      },
    }),

    write({
      path: '/users',
      access: 'machine',
      usualMs,
      body: newUser,
      secretBody: true,
      act: ({ body, caller, at, record }) => {
        if (accountByEmail(store, body.email)) throw new Problem('email-taken');
        const account: Account = { id: store.nextId('user'), ...body, scope: '', createdAt: at };
        insert(store, account);
        record('user.created', account.id, `users/${account.id}`);
        return created(toUser(account, caller));
      },
    }),
  ];
}

/** What this caller sees of a user: the address only of themself, or as administrator or machine of all. */
function toUser({ id, name, email, createdAt }: Account, caller: Caller) {
  return { id, name, createdAt, ...(sees(caller, id) ? { email } : {}) };
}

function accountByEmail(store: Store, email: string): Account | null {
  return store.get(accountRow, 'SELECT * FROM account WHERE email_key = ?', email.toLowerCase());
}

/** Compares without telling by the time how much of it is right. */
function isSame(given: string, expected: string): boolean {
  const digestOf = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function insert(store: Store, { id, name, email, passwordHash, scope, createdAt }: Account): void {
  store.run(
    `INSERT INTO account (id, name, email, email_key, password_hash, scope, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    id,
    name,
    email,
    email.toLowerCase(),
    passwordHash,
    scope,
    createdAt,
  );
}
