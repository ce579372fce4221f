import * as z from 'zod';
import { WeirError } from '../errors.ts';

/** What a client sends for one operation, as GraphQL over HTTP names it. */
export interface OperationParams {
  /** The document's text; null where only its hash was sent. */
  readonly query: string | null;
  /** The document's hash, `sha256:<hex>`, in place of its text; null where none was sent. */
  readonly documentId: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nothing: Readonly<Record<string, unknown>> = Object.freeze({});

const expected = (name: string, what: string): never => {
  throw new WeirError('BAD_USER_INPUT', `"${name}" must be ${what}.`, {
    hint: 'A request is { "query": "...", "variables": { }, "operationName": "..." }.',
  });
};

/**
 * Decodes the parsed body of a request.
 *
 * Throws `BAD_USER_INPUT` for anything else than one operation. A list of operations is refused: it would go around
 * every limit of one operation.
 */
export function toParams(body: unknown): OperationParams {
  if (Array.isArray(body)) {
    throw new WeirError('BAD_USER_INPUT', 'Several operations in one request are not taken.', {
      hint: 'Send one request an operation; one operation may ask for many fields.',
    });
  }
  if (!isObject(body)) return expected('body', 'a JSON object');
  const { query, documentId, operationName, variables, extensions } = body;
  return {
    query:
      query === undefined || query === null
        ? null
        : typeof query === 'string'
          ? query
          : expected('query', 'text'),
    documentId:
      documentId === undefined || documentId === null || documentId === ''
        ? null
        : typeof documentId === 'string'
          ? documentId
          : expected('documentId', 'text'),
    operationName:
      operationName === undefined || operationName === null || operationName === ''
        ? null
        : typeof operationName === 'string'
          ? operationName
          : expected('operationName', 'text'),
    variables:
      variables === undefined || variables === null
        ? nothing
        : isObject(variables)
          ? variables
          : expected('variables', 'an object'),
    extensions:
      extensions === undefined || extensions === null
        ? nothing
        : isObject(extensions)
          ? extensions
          : expected('extensions', 'an object'),
  };
}

const timeoutShape = z.coerce.number().int().min(1).max(600_000);

/** The budget in milliseconds: the gateway's own, or less where the client asked for less. */
export function toBudgetMs(header: string | undefined, deadlineMs: number): number {
  if (header === undefined) return deadlineMs;
  const asked = timeoutShape.safeParse(header);
  if (!asked.success) {
    throw new WeirError(
      'BAD_USER_INPUT',
      'The header x-weir-timeout-ms must be a whole number of milliseconds.',
    );
  }
  return Math.min(asked.data, deadlineMs);
}
