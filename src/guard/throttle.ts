import { createHash } from 'node:crypto';
import type { CallRecord } from '../call.ts';
import { RateLimited, shareOf } from './rate-limit.ts';
import type { Windows } from './windows.ts';

/** What is said in a mutation's arguments of the account that it tries to open. */
export interface ThrottledMutation {
  /** Where the account's e-mail address stands, from the arguments on. */
  readonly account: readonly string[];
  /** Where the key stands that makes a repetition the same attempt, or null where each one counts. */
  readonly repeat: readonly string[] | null;
}

/** The mutations that somebody may try until it opens, or that leave something behind: by their names. */
export const throttledMutations: ReadonlyMap<string, ThrottledMutation> = new Map([
  ['signIn', { account: ['input', 'email'], repeat: null }],
  ['register', { account: ['input', 'email'], repeat: ['input', 'idempotencyKey'] }],
]);

/** One run of such a mutation: each alias is one. */
export interface Attempt {
  readonly mutation: string;
  readonly account: string;
  readonly repeat: string | null;
}

/** What was counted, and may be given back. */
export interface Attempted {
  /** To be called for each REST call that the operation makes: one that proves the attempt right undoes its count. */
  observe(record: CallRecord): void;
}

export interface Throttle {
  /** Counts attempts for their accounts and for the address. Throws `RATE_LIMITED` where there were too many. */
  attempt(attempts: readonly Attempt[], address: string): Promise<Attempted | null>;
}

export interface ThrottleLimits {
  /** Attempts a minute at one account; 0 is no limit. */
  readonly perAccount: number;
  /** Attempts a minute from one address; 0 is no limit. */
  readonly perAddress: number;
}

/** The users backend has opened an account for the right password. */
const isSignedIn = ({ backend, route, status }: CallRecord): boolean =>
  backend === 'users' && route === 'POST /sessions' && status === 201;

/** Accounts are counted under hashes: whoever reads Redis is not to read who signs in. */
const named = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);

/**
 * Counts attempts to sign in and to register, an account and an address on their own.
 *
 * An operation with one attempt that was right counts for nothing, so that people who know their password are never
 * kept out; in an operation with several, all count, whatever becomes of them.
 */
export function createThrottle(windows: Windows, { perAccount, perAddress }: ThrottleLimits): Throttle {
  const count = async (key: string, limit: number, whose: string): Promise<void> => {
    if (limit === 0) return;
    const counted = await windows.add(key, 1);
    const share = shareOf(limit, counted);
    if (counted.points <= share) return;
    throw new RateLimited({
      message: `Too many attempts were made ${whose} in this minute.`,
      hint: 'A right password is never counted.',
      policy: 'attempts',
      limit: share,
      actual: counted.points,
      endsInMs: counted.endsInMs,
      viewer: null,
    });
  };

  const isRepeated = async ({ mutation, account, repeat }: Attempt): Promise<boolean> =>
    repeat !== null && (await windows.add(`repeat:${named(mutation, account, repeat)}`, 1)).points > 1;

  return {
    async attempt(attempts, address) {
      if (attempts.length === 0 || (perAccount === 0 && perAddress === 0)) return null;
      const keys: string[] = [];
      for (const attempt of attempts) {
        if (await isRepeated(attempt)) continue;
        const ofAccount = `account:${named(attempt.account.trim().toLowerCase())}`;
        const ofAddress = `attempts:${address}`;
        keys.push(ofAccount, ofAddress);
        await count(ofAddress, perAddress, 'from your address');
        await count(ofAccount, perAccount, 'at this account');
      }
      if (attempts.length > 1) return null;
      return {
        observe(record) {
          if (!isSignedIn(record)) return;
          for (const key of keys.splice(0)) void windows.add(key, -1);
        },
      };
    },
  };
}
