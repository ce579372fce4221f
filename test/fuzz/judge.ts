import { catalogue } from '../../src/errors.ts';
import type { Case } from './cases.ts';
import type { Reply } from './exchange.ts';

/** What an answer was, for the table at the end. */
export interface Verdict {
  /** A code, `ok`, or what else came. */
  readonly outcome: string;
  /** What is wrong with it; null where nothing is. */
  readonly fault: string | null;
}

interface ToldError {
  readonly message?: string;
  readonly extensions?: {
    readonly code?: string;
    readonly limit?: number;
    readonly actual?: number;
    readonly hint?: string;
  };
}

/** Nothing may take longer, in milliseconds. */
export const LONGEST_MS = 1_000;

/** Codes that say that something was too much: they say of what, how much, and what to do. */
const LIMITS = new Set(['OPERATION_TOO_COMPLEX', 'PAYLOAD_TOO_LARGE', 'RATE_LIMITED']);
/** A part of the world that is away on purpose: the database of durable workflows. */
const DELIBERATE = new Set(['OVERLOADED', 'WORKFLOWS_UNAVAILABLE']);
const LEAKS = /node_modules|\/src\/|at \w+ \(|127\.0\.0\.1:\d|ECONN/;

/** Whether an answer is one that a gateway may give. */
export function judge({ whole }: Case, reply: Reply): Verdict {
  const { status, body, tookMs, end } = reply;
  if (status === null) {
    return { outcome: end, fault: whole ? `a whole request was left without an answer (${end})` : null };
  }
  if (whole && tookMs > LONGEST_MS) return { outcome: 'slow', fault: `took ${Math.round(tookMs)} ms` };
  const errors = errorsIn(body);
  const [first] = errors;
  const code = first?.extensions?.code;
  if (status >= 500 && !DELIBERATE.has(code ?? ''))
    return { outcome: String(status), fault: `answered ${status}` };
  if (/"(?:errors|data)":/.test(body) && LEAKS.test(body))
    return { outcome: 'leak', fault: `tells of the inside: ${LEAKS.exec(body)?.[0]}` };
  for (const { message, extensions = {} } of errors) {
    if (extensions.code === undefined || !Object.hasOwn(catalogue, extensions.code)) {
      return { outcome: 'no code', fault: `an error without a code of the catalogue: ${message}` };
    }
    if (extensions.code === 'INTERNAL' || extensions.code.startsWith('UPSTREAM')) {
      return { outcome: extensions.code, fault: `${extensions.code}: ${message}` };
    }
    const { limit, actual, hint } = extensions;
    if (LIMITS.has(extensions.code) && (limit === undefined || actual === undefined || hint === undefined)) {
      return { outcome: extensions.code, fault: `a limit without limit, actual or hint: ${message}` };
    }
  }
  return { outcome: code ?? (status < 400 ? 'ok' : String(status)), fault: null };
}

/** Every error in an answer, in whatever form it came: JSON, events, parts. */
function errorsIn(body: string): readonly ToldError[] {
  return [...body.matchAll(/\{.*\}/g)].flatMap(([text]) => {
    try {
      const { errors } = JSON.parse(text) as { errors?: readonly ToldError[] };
      return Array.isArray(errors) ? errors : [];
    } catch {
      return [];
    }
  });
}
