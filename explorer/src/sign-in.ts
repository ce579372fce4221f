import { type DocumentNode, type ExecutionResult, Kind } from 'graphql';
import { answersTo } from './graphql-transport.ts';
import type { SignedIn } from './session.ts';

export type SignInOutcome = { readonly signedIn: SignedIn } | { readonly problem: string };

const signInMutation = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    accessToken
    expiresAt
    user { name }
    problems { message }
  }
}`;

/** Signs in by the `signIn` mutation. Never throws: what went wrong is told in words for the form. */
export async function signIn(url: string, email: string, password: string): Promise<SignInOutcome> {
  const request = {
    url,
    query: signInMutation,
    operationName: 'SignIn',
    variables: { input: { email, password } },
    headers: {},
  };
  try {
    const signal = AbortSignal.timeout(15_000);
    for await (const { result } of answersTo(request, { streamed: false, signal })) {
      const payload = fieldsOf(result.data?.signIn);
      const signedIn = toSignedIn(payload);
      return signedIn ? { signedIn } : { problem: problemIn(payload, result) };
    }
    return { problem: 'The gateway gave no answer.' };
  } catch {
    return { problem: 'The gateway could not be reached.' };
  }
}

/** What a document's own `signIn` field answered with, under whatever alias; null where there is no token in it. */
export function tokenIn(
  document: DocumentNode,
  operationName: string | null,
  result: ExecutionResult,
): SignedIn | null {
  const keys = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .filter((operation) => operationName === null || operation.name?.value === operationName)
    .flatMap((operation) => operation.selectionSet.selections)
    .flatMap((field) =>
      field.kind === Kind.FIELD && field.name.value === 'signIn' ? [(field.alias ?? field.name).value] : [],
    );
  const found = keys.map((key) => toSignedIn(fieldsOf(result.data?.[key])));
  return found.find((signedIn) => signedIn !== null) ?? null;
}

function toSignedIn(payload: Readonly<Record<string, unknown>>): SignedIn | null {
  const { accessToken, expiresAt, user } = payload;
  if (typeof accessToken !== 'string') return null;
  const { name } = fieldsOf(user);
  const expires = typeof expiresAt === 'string' ? Date.parse(expiresAt) : Number.NaN;
  return {
    token: accessToken,
    name: typeof name === 'string' ? name : null,
    expiresAt: Number.isNaN(expires) ? null : expires,
  };
}

function problemIn(payload: Readonly<Record<string, unknown>>, { errors }: ExecutionResult): string {
  const problems: readonly unknown[] = Array.isArray(payload.problems) ? payload.problems : [];
  const messages = [...problems, ...(errors ?? [])].map((problem) => fieldsOf(problem).message);
  return messages.find((message) => typeof message === 'string') ?? 'The gateway gave no token.';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
