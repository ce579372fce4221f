import type { Viewer } from '../call.ts';
import { catalogue, type ErrorCode } from '../errors.ts';
import type { PartialAnswer } from './incremental.ts';

/** Who is refused, as far as it is known. */
export interface RefusedBy {
  readonly requestId: string;
  readonly viewer?: Viewer | null;
  /** What the client calls its operation, as it wrote it. */
  readonly operation?: string | null;
}

/** A request, or a part of one, that was not done because of a rule of ours. */
export interface Refused {
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly viewer: string | null;
  readonly clientId: string | null;
  readonly operation: string | null;
}

/** Tells of what an answer refuses. */
export type TellRefusals = (answer: PartialAnswer, by: RefusedBy) => void;

/** Codes of rules: those that say that the client did wrong, and that there is too much to do. */
const ofRules: ReadonlySet<string> = new Set(
  Object.entries(catalogue)
    .filter(([code, { status }]) => code === 'OVERLOADED' || (status >= 400 && status < 500))
    .map(([code]) => code),
);

/** Codes that refuse a part of an operation, beside data. */
const ofParts: ReadonlySet<string> = new Set<ErrorCode>(['FORBIDDEN', 'UNAUTHENTICATED']);

const isRule = (code: unknown): code is ErrorCode => typeof code === 'string' && ofRules.has(code);

/** Tells each code that refuses an answer or parts of it, once an answer however many fields it has cost. */
export function createTellRefusals(refused: (refused: Refused) => void): TellRefusals {
  return (answer, { requestId, viewer = null, operation = null }) => {
    const { errors = [], incremental = [] } = answer;
    if (errors.length === 0 && incremental.length === 0) return;
    const whole = !('data' in answer) && incremental.length === 0;
    const all = [...errors, ...incremental.flatMap((part) => part.errors ?? [])];
    for (const code of new Set(all.map(({ extensions }) => extensions?.code))) {
      if (!isRule(code) || !(whole || ofParts.has(code))) continue;
      const [id, clientId] = viewer === null ? [null, null] : [viewer.id, viewer.clientId];
      refused({ code, requestId, viewer: id, clientId, operation });
    }
  };
}
