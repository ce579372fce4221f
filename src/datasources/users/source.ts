import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import { unlessProblem } from '../unless-problem.ts';
import type { ClientCredentials, MachineToken, NewUser, Session, SignIn, User } from './wire/types.gen.ts';
import { zMachineToken, zSession, zUser, zUserList } from './wire/zod.gen.ts';

/** What the users backend can be asked. Sign-ins, tokens and registrations are told apart by their problems. */
export interface UsersSource {
  usersByIds(call: Call, ids: readonly string[]): Promise<readonly User[]>;
  /** Null where no account has this address with this password. */
  createSession(call: Call, signIn: SignIn): Promise<Session | null>;
  createToken(call: Call, credentials: ClientCredentials): Promise<MachineToken>;
  createUser(call: Call, user: NewUser, idempotencyKey: string): Promise<User>;
  usersByIdempotencyKey(call: Call, idempotencyKey: string): Promise<readonly User[]>;
}

/** The users backend, one method an endpoint. */
export function createUsersSource(upstream: Upstream, table: BackendTable): UsersSource {
  const usersByIds = endpointOf(table, 'users', 'usersByIds');
  const createSession = endpointOf(table, 'users', 'createSession');
  const createToken = endpointOf(table, 'users', 'createToken');
  const createUser = endpointOf(table, 'users', 'createUser');
  const usersByIdempotencyKey = endpointOf(table, 'users', 'usersByIdempotencyKey');
  return {
    usersByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: usersByIds, query: { ids }, decode: zUserList })).items,
    createSession: (call, body) =>
      unlessProblem(
        'invalid-credentials',
        upstream.send(call, { endpoint: createSession, body, decode: zSession }),
      ),
    createToken: (call, body) => upstream.send(call, { endpoint: createToken, body, decode: zMachineToken }),
    createUser: (call, body, idempotencyKey) =>
      upstream.send(call, { endpoint: createUser, body, idempotencyKey, decode: zUser }),
    usersByIdempotencyKey: async (call, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: usersByIdempotencyKey,
          query: { idempotencyKey },
          decode: zUserList,
        })
      ).items,
  };
}
