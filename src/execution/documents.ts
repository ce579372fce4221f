import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { WeirError } from '../errors.ts';
import {
  checkDocumentShape,
  checkDocumentSize,
  type DocumentLimits,
  usualLimits,
} from '../guard/document-limits.ts';
import type { DocumentShape } from '../guard/document-shape.ts';
import { type AttemptsIn, attemptsOf } from './attempts.ts';
import { type Bound, boundsOf } from './bounds.ts';
import { incrementalRules } from './incremental-rules.ts';
import type { Planner } from './plan.ts';
import { createRunnables, type RunnableFor } from './runnable.ts';

/** The most faults of a document, or of its variables, that one answer names. */
export const MAX_ERRORS = 5;
const MAX_DOCUMENTS = 2_000;
/** About what all that is kept may take, in bytes: a flood of documents must not fill the memory. */
const MAX_BYTES = 64 * 1024 * 1024;

const rules = [...specifiedRules, ...incrementalRules];

/** One operation of one document, checked and compiled: what can be done before the variables are known. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly name: string | null;
  /** SHA-256 of the document's text, hexadecimal. */
  readonly hash: string;
  /** Arguments whose size has a limit. */
  readonly bounds: readonly Bound[];
  /** The attempts to open an account that it makes with these variables. */
  readonly attemptsIn: AttemptsIn;
  /** What runs it with these variables. */
  readonly runnableFor: RunnableFor;
  /** Whether it asks for `__schema` or `__type`. */
  readonly introspects: boolean;
}

export interface Documents {
  /** Throws `OPERATION_TOO_COMPLEX` for a text that is too long or nested too deeply to be looked at. */
  checkSize(text: string, operationName: string | null): void;
  /**
   * The prepared operation of a document; from the cache where it was asked for before.
   *
   * Throws an `InvalidDocument` with up to five errors, or `OPERATION_TOO_COMPLEX`.
   */
  prepare(text: string, operationName: string | null): PreparedOperation;
}

/** Errors of parsing or validation, each with its code. */
export class InvalidDocument extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('the document is not valid');
    this.errors = errors;
  }
}

export interface DocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly planner: Planner;
  readonly limits?: DocumentLimits;
  /** Keep to oneself which names of the schema a misspelt one may have meant. */
  readonly hideSuggestions?: boolean;
}

/** No valid document has the character in it that sets the name apart. */
function keyOf(text: string, operationName: string | null): string {
  return operationName === null ? text : `${text}\u0000${operationName}`;
}

/** A prepared operation, and about how much memory it takes, in bytes. */
interface Kept {
  readonly operation: PreparedOperation;
  readonly bytes: number;
}

/**
 * About what a prepared document takes, as measured on heaps full of them: nodes and tokens a character, plan and
 * compiled code a field, the latter for each combination of conditions that comes up.
 */
function toBytes(text: string, { fields, directives }: DocumentShape): number {
  return 16_384 + text.length * 100 + fields * 1_800 * 2 ** Math.min(4, directives);
}

const withCode = (
  error: GraphQLError,
  code: 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED',
): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { ...error.extensions, code, retryable: false },
  });

/** Parses, validates, plans and compiles each document once. */
export function createDocuments({
  schema,
  planner,
  limits = usualLimits,
  hideSuggestions = false,
}: DocumentsOptions): Documents {
  const prepared = new LRUCache<string, Kept>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });

  const parseValid = (text: string): { document: DocumentNode; shape: DocumentShape } => {
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: limits.maxTokens });
    } catch (error) {
      if (error instanceof GraphQLError) throw new InvalidDocument([withCode(error, 'GRAPHQL_PARSE_FAILED')]);
      throw error;
    }
    // Before validation, which compares fields in pairs.
    const shape = checkDocumentShape(document, limits);
    const errors = validate(schema, document, rules, { maxErrors: MAX_ERRORS, hideSuggestions });
    if (errors.length > 0) {
      // One more than the limit says that validation was cut short; the note itself is not worth an entry.
      throw new InvalidDocument(
        errors.slice(0, MAX_ERRORS).map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')),
      );
    }
    return { document, shape };
  };

  const prepareNew = (text: string, operationName: string | null): Kept => {
    const { document, shape } = parseValid(text);
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      throw new WeirError(
        'BAD_USER_INPUT',
        operationName === null
          ? 'The document has several operations: say which one to run.'
          : 'The document has no operation of that name.',
        { hint: 'Send `operationName`.' },
      );
    }
    const made: PreparedOperation = {
      document,
      operation,
      name: operation.name?.value ?? null,
      hash: createHash('sha256').update(text).digest('hex'),
      bounds: boundsOf(schema, document, operation),
      attemptsIn: attemptsOf(schema, document, operation),
      runnableFor: createRunnables(schema, planner, document, operation),
      introspects: introspects(document),
    };
    return { operation: made, bytes: toBytes(text, shape) };
  };

  return {
    checkSize(text, operationName) {
      // What has been prepared has been found short enough.
      if (!prepared.has(keyOf(text, operationName))) checkDocumentSize(text, limits);
    },
    prepare(text, operationName) {
      const key = keyOf(text, operationName);
      const known = prepared.get(key);
      if (known) return known.operation;
      const made = prepareNew(text, operationName);
      prepared.set(key, made);
      return made.operation;
    },
  };
}

function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD]: ({ name }: FieldNode) => {
      if (name.value === '__schema' || name.value === '__type') found = true;
    },
  });
  return found;
}
