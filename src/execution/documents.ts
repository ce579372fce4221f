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
import { checkDocumentSize, type DocumentLimits, usualLimits } from '../guard/document-limits.ts';
import { type Bound, boundsOf } from './bounds.ts';
import type { Planner } from './plan.ts';
import { createRunnables, type RunnableFor } from './runnable.ts';

/** The most errors of parsing and validation that one answer names. */
const MAX_ERRORS = 5;
const MAX_DOCUMENTS = 2_000;
/** Texts are kept up to this many characters in all: a flood of documents must not fill the memory. */
const MAX_TEXT = 16 * 1024 * 1024;

/** One operation of one document, checked and compiled: what can be done before the variables are known. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly name: string | null;
  /** SHA-256 of the document's text, hexadecimal. */
  readonly hash: string;
  /** Arguments whose size has a limit. */
  readonly bounds: readonly Bound[];
  /** What runs it with these variables. */
  readonly runnableFor: RunnableFor;
  /** Whether it asks for `__schema` or `__type`. */
  readonly introspects: boolean;
}

export interface Documents {
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
export function createDocuments({ schema, planner, limits = usualLimits }: DocumentsOptions): Documents {
  const prepared = new LRUCache<string, PreparedOperation>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_TEXT,
    sizeCalculation: (_, key) => key.length,
  });

  const parseValid = (text: string): DocumentNode => {
    checkDocumentSize(text, limits);
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: limits.maxTokens });
    } catch (error) {
      if (error instanceof GraphQLError) throw new InvalidDocument([withCode(error, 'GRAPHQL_PARSE_FAILED')]);
      throw error;
    }
    const errors = validate(schema, document, specifiedRules, { maxErrors: MAX_ERRORS });
    if (errors.length > 0) {
      // One more than the limit says that validation was cut short; the note itself is not worth an entry.
      throw new InvalidDocument(
        errors.slice(0, MAX_ERRORS).map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')),
      );
    }
    return document;
  };

  const prepareNew = (text: string, operationName: string | null): PreparedOperation => {
    const document = parseValid(text);
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
    return {
      document,
      operation,
      name: operation.name?.value ?? null,
      hash: createHash('sha256').update(text).digest('hex'),
      bounds: boundsOf(schema, document, operation),
      runnableFor: createRunnables(schema, planner, document, operation),
      introspects: introspects(document),
    };
  };

  return {
    prepare(text, operationName) {
      const key = operationName === null ? text : `${operationName}\n${text}`;
      const known = prepared.get(key);
      if (known) return known;
      const made = prepareNew(text, operationName);
      prepared.set(key, made);
      return made;
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
