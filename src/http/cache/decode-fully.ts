import type { Answer, Exchange } from '../exchange.ts';
import { deepFreeze } from './deep-freeze.ts';

/**
 * Decodes a good answer for all who will share it: every part checked, and frozen. Null where it has another
 * shape than it should: such an answer is kept nowhere, and what it means is left to whoever asked.
 */
export function decodeFully(
  { decode }: Exchange,
  { body, decoded }: Pick<Answer, 'body' | 'decoded'>,
): { value: unknown } | null {
  if (decoded) return decoded;
  try {
    return { value: deepFreeze(decode.full.parse(body)) };
  } catch {
    return null;
  }
}
