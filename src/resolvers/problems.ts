import type { ProblemResolvers } from './generated/types.ts';

/** An expected failure, as a mutation answers it. */
export interface ProblemParent<T extends string = 'InvalidInput' | 'InvalidCredentials'> {
  readonly __typename: T;
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

export const Problem: ProblemResolvers = {
  __resolveType: (problem) => problem.__typename,
};

/** The input at `path` cannot be what it says. */
export function invalidInput(message: string, path: readonly string[]): ProblemParent<'InvalidInput'> {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, path };
}

/** No account has this address with this password; which of the two is wrong is not told. */
export function invalidCredentials(): ProblemParent<'InvalidCredentials'> {
  return {
    __typename: 'InvalidCredentials',
    code: 'INVALID_CREDENTIALS',
    message: 'No account has this e-mail address with this password.',
    path: [],
  };
}
