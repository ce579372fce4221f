import type { Call } from '../call.ts';
import type { UsersSource } from '../datasources/users/source.ts';
import type { NewUser, User } from '../datasources/users/wire/types.gen.ts';
import { idempotencyConflict, invalidInput, toExpectedProblem } from './problems.ts';
import type { Problem, WorkflowState } from './state.ts';

/** Who was registered, or why nobody was. */
export interface Registration {
  readonly user: User | null;
  readonly workflow: WorkflowState | null;
  readonly problems: readonly Problem[];
}

const refusals = {
  'email-taken': (): Problem => ({
    type: 'EmailTaken',
    code: 'EMAIL_TAKEN',
    message: 'There is an account with this e-mail address already.',
    path: ['email'],
  }),
  'idempotency-conflict': idempotencyConflict,
  'invalid-request': (): Problem =>
    invalidInput('The name, the e-mail address or the password cannot be used.', []),
} as const;

/**
 * Makes an account by a keyed write, which a repeat gets answered again.
 *
 * No workflow does it: the password would have to be remembered. What follows is one, and starts when the account
 * is there.
 */
export async function createAccount(
  users: Pick<UsersSource, 'createUser'>,
  call: Call,
  account: NewUser,
  key: string,
): Promise<User | Problem> {
  try {
    return await users.createUser({ ...call, onBehalfOf: null }, account, key);
  } catch (error) {
    const problem = toExpectedProblem(error, refusals);
    if (problem === null) throw error;
    return problem;
  }
}
