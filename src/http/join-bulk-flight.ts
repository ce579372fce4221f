import type { Freshness } from '../call.ts';
import { WeirError } from '../errors.ts';
import { freshnessOf, leastFresh } from './cache/answer-freshness.ts';
import { deepFreeze } from './cache/deep-freeze.ts';
import { type Rows, toItems, toRows } from './cache/rows.ts';
import type { Answer } from './exchange.ts';
import { type Departure, Flight, type Passenger } from './join-flight.ts';

/** A shared exchange with the keys that it carries. */
export class BulkFlight extends Flight {
  readonly keys: readonly string[];
  #rows: Rows | null | undefined;
  #freshness: Freshness | undefined;

  constructor(keys: readonly string[], first: Passenger, others: readonly Passenger[], departure: Departure) {
    super(first, others, departure);
    this.keys = keys;
  }

  /** The rows of its answer, decoded once for all; null where nobody can tell whose they are. */
  rowsOf(answer: Answer): Rows | null {
    if (this.#rows === undefined) this.#rows = this.#decode(answer);
    return this.#rows;
  }

  /** How fresh its answer is, worked out once for all. */
  freshnessOf(answer: Answer): Freshness {
    this.#freshness ??= freshnessOf(this.exchange.endpoint, answer);
    return this.#freshness;
  }

  #decode({ decoded, body }: Answer): Rows | null {
    const { endpoint, decode } = this.exchange;
    try {
      const value = decoded ? decoded.value : deepFreeze(decode.parse(body));
      return endpoint.bulk ? toRows(endpoint.bulk, value) : null;
    } catch {
      return null;
    }
  }
}

// Refusals that are not about the keys: asking again, and by each caller alone, would only add to them.
const aboutTheCaller = new Set([401, 403, 408, 429]);

const isRefusal = (status: number): boolean => status >= 400 && status < 500 && !aboutTheCaller.has(status);

/** Whether a shared call may have failed because of one of its keys, so that each caller should ask alone. */
export function isPoisoned(error: unknown): boolean {
  return error instanceof WeirError && error.code === 'UPSTREAM_BAD_RESPONSE';
}

/**
 * Puts together what one caller gets of the flights that carried its keys.
 *
 * Null where one that it shared was refused or cannot be taken apart: then it has to ask alone. Where one failed
 * otherwise, that failure is the answer.
 */
export function toOwnAnswer(
  passenger: Passenger,
  keys: readonly string[],
  flights: readonly BulkFlight[],
  answers: readonly Answer[],
): Answer | null {
  const [flight] = flights;
  const [answer] = answers;
  if (!flight || !answer) return null;
  // Its very own call, as if there were no joining: nothing to take apart.
  if (flights.length === 1 && !flight.joint && flight.keys.length === keys.length) return answer;

  const rows = new Map<string, unknown>();
  let shared = true;
  let bytes = 0;
  const freshness: Freshness[] = [];
  for (const [index, each] of flights.entries()) {
    const landed = answers[index];
    if (!landed) return null;
    const seen = each.seenBy(passenger, landed);
    if (landed.status < 200 || landed.status >= 300) return isRefusal(landed.status) ? null : seen;
    const found = each.rowsOf(landed);
    if (!found) return null;
    for (const key of keys) {
      const row = found.byKey.get(key);
      if (row !== undefined) rows.set(key, row);
    }
    if (seen.source === 'network') shared = false;
    bytes += landed.bytes;
    freshness.push(each.freshnessOf(landed));
  }
  return {
    ...answer,
    body: null,
    decoded: { value: toItems(keys, (key) => rows.get(key)) },
    bytes,
    source: shared ? 'shared' : 'network',
    freshness: leastFresh(freshness),
  };
}
