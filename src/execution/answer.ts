import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { MAX_ERRORS } from './documents.ts';
import type { Answer } from './operation.ts';

/** GraphQL's answer as a client gets it: errors in the words of the catalogue, extensions where there are any. */
export function toAnswer(
  { data, errors }: ExecutionResult,
  toClientError: (error: GraphQLError) => GraphQLFormattedError,
  extensions: Answer['extensions'],
): Answer {
  // Nearly every answer.
  if (errors === undefined && extensions === undefined && data !== undefined) return { data };
  // Without data nothing has run: these are faults of the variables, of which there can be one an entry of a list.
  const told = data === undefined ? errors?.slice(0, MAX_ERRORS) : errors;
  return {
    ...(told && told.length > 0 ? { errors: told.map(toClientError) } : {}),
    ...(data === undefined ? {} : { data }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

/** `ok`, `partial` (data beside errors), or the code of the error that stands in place of an answer. */
export function outcomeOf({ data, errors }: Answer): string {
  if (!errors || errors.length === 0) return 'ok';
  if (data) return 'partial';
  const code = errors[0]?.extensions?.code;
  return typeof code === 'string' ? code : 'INTERNAL';
}
