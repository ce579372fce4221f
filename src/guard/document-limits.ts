import { Lexer, Source, TokenKind } from 'graphql';
import { WeirError } from '../errors.ts';

export interface DocumentLimits {
  readonly maxTokens: number;
  /** How deep braces, brackets and parentheses may nest. */
  readonly maxDepth: number;
}

export const usualLimits: DocumentLimits = { maxTokens: 10_000, maxDepth: 40 };

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses a document that is too long or too deep before it is parsed, so that parsing cannot be made to hang.
 *
 * Throws `OPERATION_TOO_COMPLEX`. What is no GraphQL at all is left to the parser, whose message names the place.
 */
export function checkDocumentSize(text: string, { maxTokens, maxDepth }: DocumentLimits = usualLimits): void {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let depth = 0;
  let deepest = 0;
  try {
    for (let kind: string = lexer.advance().kind; kind !== TokenKind.EOF; kind = lexer.advance().kind) {
      tokens += 1;
      if (tokens > maxTokens) break;
      if (OPENING.has(kind)) deepest = Math.max(deepest, ++depth);
      else if (CLOSING.has(kind)) depth -= 1;
    }
  } catch {
    // Not a token: the parser says so better, and it stops at the same place.
  }
  if (tokens > maxTokens) {
    throw new WeirError('OPERATION_TOO_COMPLEX', 'The document is too long.', {
      limit: maxTokens,
      actual: tokens,
      hint: 'Limits count tokens. Ask in several operations.',
    });
  }
  if (deepest > maxDepth) {
    throw new WeirError('OPERATION_TOO_COMPLEX', 'The document is nested too deeply.', {
      limit: maxDepth,
      actual: deepest,
      hint: 'Limits count open braces, brackets and parentheses. Ask in several operations.',
    });
  }
}
