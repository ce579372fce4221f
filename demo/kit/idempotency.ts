import { hash, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { type Answer, toProblemAnswer } from './answer.ts';
import { now } from './clock.ts';
import { recordIn } from './ledger.ts';
import { Problem } from './problem.ts';
import type { Effects } from './route.ts';
import type { Store } from './store.ts';

/** One write as the caller sent it. */
export interface WriteRequest {
  /** `POST /orders/{id}/cancel`: a key counts within one route. */
  readonly route: string;
  /** The address with the ids in it. */
  readonly path: string;
  /** Whom the caller acts for. */
  readonly userId: string | null;
  readonly body: unknown;
  readonly secretBody: boolean;
  /** Null: the write is not guarded, each repeat acts again. */
  readonly idempotencyKey: string | null;
}

const storedAnswer = z.object({ fingerprint: z.string(), status: z.number(), body: z.string() });

/** Reads and checks the header. Throws `invalid-request` on one that is empty, too long or not printable. */
export function toIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (/^[\x20-\x7e]{1,255}$/.test(header)) return header;
  throw new Problem('invalid-request', 'Idempotency-Key: expected 1 to 255 printable characters');
}

/**
 * Does a write at most once for its key.
 *
 * Effect, ledger rows and the answer go into the store in one transaction, and nothing awaits in between, so
 * of concurrent repeats the first acts and the others find its answer; a process that dies has either done
 * all of it or nothing. Same key, same request: the stored answer, whatever its status. Same key, another
 * request: `idempotency-conflict`. An answer of 500 or more is not stored: a repeat tries again.
 */
export function writeOnce(store: Store, request: WriteRequest, act: (effects: Effects) => Answer): Answer {
  const { idempotencyKey: key, route } = request;
  const fingerprint = key === null ? '' : fingerprintOf(request, key);
  return store.transaction(() => {
    const at = now();
    const effects: Effects = {
      at: new Date(at).toISOString(),
      record: (kind, id, subject) => recordIn(store, { at, kind, id, idempotencyKey: key, subject }),
    };
    if (key === null) return act(effects);
    const stored = store.get(
      storedAnswer,
      'SELECT fingerprint, status, body FROM stored_answer WHERE route = ? AND idempotency_key = ?',
      route,
      key,
    );
    if (stored) {
      if (stored.fingerprint !== fingerprint) throw new Problem('idempotency-conflict');
      return {
        status: stored.status,
        body: JSON.parse(stored.body),
        headers: { 'idempotency-replayed': 'true' },
      };
    }
    const answer = actOrFail(store, () => act(effects));
    if (answer.status < 500) {
      store.run(
        'INSERT INTO stored_answer (route, idempotency_key, fingerprint, status, body, at) VALUES (?, ?, ?, ?, ?, ?)',
        route,
        key,
        fingerprint,
        answer.status,
        JSON.stringify(answer.body),
        at,
      );
    }
    return answer;
  });
}

/** A problem that was thrown becomes an answer, and only what led to it is undone. */
function actOrFail(store: Store, act: () => Answer): Answer {
  try {
    return store.savepoint(act);
  } catch (error) {
    if (error instanceof Problem && error.document.status < 500) {
      return toProblemAnswer(error.document, error.headers);
    }
    throw error;
  }
}

function fingerprintOf({ path, userId, body, secretBody }: WriteRequest, key: string): string {
  const text = JSON.stringify(sorted([path, userId, body ?? null]));
  // A plain hash of a body with a password in it could be tried against a word list at full speed.
  if (secretBody) return scryptSync(text, key, 32, { N: 4096 }).toString('base64url');
  return hash('sha256', text, 'base64url');
}

/** The same value with the members of every object in one order, so that only what was said counts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}
