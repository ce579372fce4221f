import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ErrorCode, WeirError } from '../errors.ts';

/** What the log hears of an error that clients hear nothing of. */
export type ReportInternal = (error: unknown) => void;

/** Tells the operator whose answer cannot be what the schema says at a place; says the backend's name, or null. */
export type Blame = (path: readonly (string | number)[]) => string | null;

/** How an error looks to a client: a deliberate one as it is, any other as `INTERNAL` with nothing of it told. */
export function toClientError(
  error: unknown,
  requestId: string,
  report: ReportInternal,
  blame: Blame | null = null,
): GraphQLFormattedError {
  const located = error instanceof GraphQLError ? error : null;
  const place = {
    ...(located?.locations ? { locations: located.locations } : {}),
    ...(located?.path ? { path: located.path } : {}),
  };
  const deliberate = deliberateIn(error);
  if (deliberate) {
    return { message: deliberate.message, ...place, extensions: { ...deliberate.extensions, requestId } };
  }
  if (located && isAboutTheRequest(located)) {
    const code: ErrorCode = 'BAD_USER_INPUT';
    return {
      message: located.message,
      ...place,
      extensions: { code, retryable: false, ...located.extensions, requestId },
    };
  }
  if (located && isAboutAnAnswer(located)) {
    const backend = blame?.(located.path ?? []) ?? null;
    if (backend === null) report(error);
    const code: ErrorCode = 'UPSTREAM_BAD_RESPONSE';
    return {
      message: `${backend ?? 'A backend'} sent an answer that cannot be used`,
      ...place,
      extensions: { code, retryable: false, ...(backend !== null && { backend }), requestId },
    };
  }
  report(error);
  const code: ErrorCode = 'INTERNAL';
  return {
    message: 'Something went wrong in the gateway.',
    ...place,
    extensions: { code, retryable: false, requestId, hint: 'Quote the requestId when you report it.' },
  };
}

/** The `WeirError` that was thrown, however deep GraphQL has wrapped it. */
export function deliberateIn(error: unknown): WeirError | null {
  for (let inner = error, depth = 0; inner instanceof GraphQLError && depth < 5; depth++) {
    if (inner instanceof WeirError) return inner;
    inner = inner.originalError;
  }
  return null;
}

/**
 * GraphQL's own errors without a path, such as variables that are not what the operation says; and those at a field
 * whose argument got a null that only the variable's type allows.
 */
function isAboutTheRequest(error: GraphQLError): boolean {
  const isGraphqls = error.originalError === undefined || error.originalError instanceof GraphQLError;
  return isGraphqls && (error.path === undefined || /^'?Argument "/.test(error.message));
}

/**
 * GraphQL's own errors at a field: a leaf that its type cannot be, or a null where the schema allows none.
 *
 * No resolver of ours throws these: what a row holds came from a backend.
 */
function isAboutAnAnswer(error: GraphQLError): boolean {
  const origin = error.originalError;
  if (origin === undefined || origin instanceof GraphQLError) return true;
  // What runs answers in parts keeps of these errors no more than their words.
  return /^(?:Cannot return null for non-nullable field|(?:Enum "\w+"|\w+) cannot represent )/.test(
    origin.message,
  );
}
