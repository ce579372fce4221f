import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';

/** Keys are fetched again once they are this old, in milliseconds: a withdrawn key lives no longer than a minute. */
const FRESH_MS = 30_000;
/** Keys older than this are waited for rather than used while a fetch is under way. */
const STALE_MS = 50_000;
/** After a try that has failed nobody waits for another for so long: a silent issuer must not slow everybody down. */
const AWAY_MS = 60_000;
/** An unknown key id causes at most one fetch in this time, whoever asks. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
const FETCH_TIMEOUT_MS = 2_000;
const MAX_BYTES = 256 * 1024;

const documentShape = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })).max(100),
});

export interface KeySet {
  /** The key for a token's header, as `jwtVerify` asks for it. */
  readonly get: JWTVerifyGetKey;
  /** Grows whenever the keys change: whatever was verified under an older one has to be verified again. */
  readonly generation: number;
  /** Whether `refresh` has nothing to do. */
  areFresh(): boolean;
  /** Brings the keys up to date where they are old. */
  refresh(): Promise<void>;
}

export interface KeySetOptions {
  /** Addresses of the same key set, tried in turn. */
  readonly urls: readonly string[];
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds. */
  readonly now?: () => number;
  readonly onProblem?: (message: string) => void;
}

/** The whole of a body that is no longer than a key set is. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** No key set has been fetched yet and none can be: nobody's token can be judged. */
export class KeysUnavailable extends Error {}

/**
 * The keys that may sign viewers' tokens, fetched from the configured addresses and from nowhere else.
 *
 * The last good keys are kept while the addresses do not answer, so that a sick users backend signs nobody out.
 */
export function createKeySet({
  urls,
  fetch = globalThis.fetch,
  now = Date.now,
  onProblem,
}: KeySetOptions): KeySet {
  let local: ReturnType<typeof createLocalJWKSet> | null = null;
  let known = new Set<string>();
  let text = '';
  let generation = 0;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failing = false;
  let askedForUnknownAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | null = null;

  const fetchFrom = async (url: string): Promise<string> => {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      headers: { accept: 'application/json' },
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`answered ${response.status}`);
    }
    return textOf(response);
  };

  const fetchKeys = async (): Promise<void> => {
    for (const url of urls) {
      try {
        const body = await fetchFrom(url);
        const keys = documentShape.parse(JSON.parse(body)).keys;
        if (body !== text) {
          local = createLocalJWKSet({ keys } as JSONWebKeySet);
          known = new Set(keys.flatMap((key) => (key.kid === undefined ? [] : [key.kid])));
          text = body;
          generation += 1;
        }
        fetchedAt = now();
        failing = false;
        return;
      } catch (error) {
        onProblem?.(
          `the key set at ${url} could not be read: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    failing = true;
  };

  const fetchOnce = (): Promise<void> => {
    underWay ??= fetchKeys().finally(() => {
      underWay = null;
      triedAt = now();
    });
    return underWay;
  };

  const areFresh = (): boolean => now() - fetchedAt <= FRESH_MS;

  const refresh = async (): Promise<void> => {
    if (areFresh()) return;
    const age = now() - fetchedAt;
    // While the addresses are silent, one try a second is enough, and those who wait share it.
    if (underWay === null && now() - triedAt < 1_000) return;
    const fetching = fetchOnce();
    // Waited for once: where a try has just failed, the last good keys are all that there is for now.
    const isAway = failing && now() - triedAt < AWAY_MS;
    if (age > STALE_MS && !(isAway && local !== null)) await fetching;
  };

  /** A key that is not known may be a new one. A fetch that is under way will tell; else one is made, now and then. */
  const lookForUnknown = async (): Promise<void> => {
    if (underWay !== null) return underWay;
    if (now() - askedForUnknownAt < UNKNOWN_KEY_COOLDOWN_MS) return;
    askedForUnknownAt = now();
    await fetchOnce();
  };

  return {
    get generation() {
      return generation;
    },
    areFresh,
    refresh,
    get: async (header, token) => {
      await refresh();
      if (local === null) throw new KeysUnavailable('no key set has been read yet');
      if (header.kid !== undefined && !known.has(header.kid)) await lookForUnknown();
      return local(header, token);
    },
  };
}
