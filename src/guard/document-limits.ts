import { type DocumentNode, Lexer, Source, TokenKind } from 'graphql';
import { settings } from '../config/settings.ts';
import { WeirError } from '../errors.ts';
import { type DocumentShape, measureDocument, mostRepeats } from './document-shape.ts';

/** How large a document may be. What its calls may cost is another matter: `execution/cost.ts`. */
export interface DocumentLimits {
  readonly maxTokens: number;
  /** How deep braces, brackets and parentheses may nest. */
  readonly maxNesting: number;
  readonly maxOperations: number;
  /** Fields nested in one another, with those of fragments. */
  readonly maxDepth: number;
  /** Fields at the top of one operation, with those of fragments. */
  readonly maxRootFields: number;
  /** Aliases in the whole text, of `__typename` too. */
  readonly maxAliases: number;
  /** Directives in the whole text. */
  readonly maxDirectives: number;
  /** Spreads of fragments in the whole text, with and without a name. */
  readonly maxSpreads: number;
  /** Fields of one operation, where each spread stands for all of its fragment. */
  readonly maxFields: number;
  /** How often one response path may be asked for. */
  readonly maxRepeats: number;
}

/**
 * The numbers; those that an operator may change are settings. The largest query that tools send, introspection, has 230 fields of depth 15 and 8 spreads; the
 * largest page that a person would write has a few hundred fields.
 */
export const usualLimits: DocumentLimits = {
  maxTokens: settings.MAX_TOKENS.fallback,
  maxNesting: 40,
  maxOperations: 50,
  maxDepth: settings.MAX_DEPTH.fallback,
  maxRootFields: settings.MAX_ROOT_FIELDS.fallback,
  maxAliases: settings.MAX_ALIASES.fallback,
  maxDirectives: 100,
  maxSpreads: 250,
  maxFields: 1_000,
  maxRepeats: 100,
};

/** The usual limits with those that an operator has set. */
export function toDocumentLimits(config: {
  readonly MAX_TOKENS: number;
  readonly MAX_DEPTH: number;
  readonly MAX_ALIASES: number;
  readonly MAX_ROOT_FIELDS: number;
}): DocumentLimits {
  return {
    ...usualLimits,
    maxTokens: config.MAX_TOKENS,
    maxDepth: config.MAX_DEPTH,
    maxAliases: config.MAX_ALIASES,
    maxRootFields: config.MAX_ROOT_FIELDS,
  };
}

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Throws `OPERATION_TOO_COMPLEX` where `actual` is above `limit`. */
function check(actual: number, limit: number, message: string, hint: string): void {
  if (actual > limit) throw new WeirError('OPERATION_TOO_COMPLEX', message, { limit, actual, hint });
}

/**
 * Refuses a document that is too long or too deep before it is parsed, so that parsing cannot be made to hang.
 *
 * Throws `OPERATION_TOO_COMPLEX`. What is no GraphQL at all is left to the parser, whose message names the place.
 */
export function checkDocumentSize(
  text: string,
  { maxTokens, maxNesting }: DocumentLimits = usualLimits,
): void {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let nesting = 0;
  let deepest = 0;
  try {
    for (let kind: string = lexer.advance().kind; kind !== TokenKind.EOF; kind = lexer.advance().kind) {
      tokens += 1;
      if (tokens > maxTokens) break;
      if (OPENING.has(kind)) deepest = Math.max(deepest, ++nesting);
      else if (CLOSING.has(kind)) nesting -= 1;
    }
  } catch {
    // Not a token: the parser says so better, and it stops at the same place.
  }
  check(
    tokens,
    maxTokens,
    'The document is too long.',
    'This limit counts tokens. Ask in several operations, and send values as variables.',
  );
  check(
    deepest,
    maxNesting,
    'The document is nested too deeply.',
    'This limit counts open braces, brackets and parentheses. Ask in several operations.',
  );
}

/**
 * Refuses a parsed document that asks for too much at once, before it is validated: validation compares fields in
 * pairs, and a few hundred bytes of fragments can stand for billions of fields.
 *
 * Takes time linear in the document, and returns what it measured. Throws `OPERATION_TOO_COMPLEX` for the first limit
 * that the document breaks.
 */
export function checkDocumentShape(
  document: DocumentNode,
  limits: DocumentLimits = usualLimits,
): DocumentShape {
  const shape = measureDocument(document);
  const { operations, aliases, directives, spreads, fields, depth, rootFields, circular } = shape;
  check(
    operations,
    limits.maxOperations,
    'The document has too many operations.',
    'One of them runs; send the others on their own.',
  );
  check(
    aliases,
    limits.maxAliases,
    'The document has too many aliases.',
    'Fetch many objects by `nodes(ids:)` instead of one by one, or ask in several operations.',
  );
  check(
    directives,
    limits.maxDirectives,
    'The document has too many directives.',
    'Put @include and @skip on fragments instead of on each field.',
  );
  check(
    spreads,
    limits.maxSpreads,
    'The document spreads too many fragments.',
    'Write fields out, or ask in several operations.',
  );
  check(
    fields,
    limits.maxFields,
    'The operation asks for too many fields.',
    'This limit counts the fields of a fragment wherever it is spread. Ask in several operations.',
  );
  check(
    depth,
    limits.maxDepth,
    'The operation goes too deep.',
    'This limit counts fields in one another. Start further down, by `node(id:)`.',
  );
  check(
    rootFields,
    limits.maxRootFields,
    'The operation asks for too many fields at its top.',
    'Fetch many objects by `nodes(ids:)` instead of one by one, or ask in several operations.',
  );
  // Validation refuses circles of fragments, and names them.
  if (!circular) {
    check(
      mostRepeats(document),
      limits.maxRepeats,
      'The operation asks for the same field too often.',
      'Ask once for each field; fields under one name are answered once anyway.',
    );
  }
  return shape;
}
