import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a message's time may be from ours, in seconds, before and after. */
export const WINDOW_S = 5 * 60;

/** The three headers of Standard Webhooks, as they came. */
export interface SignedHeaders {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** Why a message is not believed. What exactly is wrong is for the log: its sender is told only that it is. */
export type Refusal = 'headers missing' | 'out of the window' | 'wrong signature';

const ID = /^[\x21-\x7e]{1,255}$/;
const TIMESTAMP = /^\d{1,12}$/;
const PREFIX = 'whsec_';

/**
 * The keys that a secret may stand for. After `whsec_` comes base64, as Standard Webhooks writes secrets; without it the
 * secret may be base64 all the same, as some senders take it, or just text.
 */
export function toKeys(secret: string): readonly Buffer[] {
  if (secret.startsWith(PREFIX)) return [Buffer.from(secret.slice(PREFIX.length), 'base64')];
  const keys = [Buffer.from(secret, 'utf8')];
  if (/^[A-Za-z0-9+/]{16,}={0,2}$/.test(secret)) keys.push(Buffer.from(secret, 'base64'));
  return keys;
}

/** The signature that a message with these headers and this body must have: `v1,` and base64. */
export function sign(key: Buffer, id: string, timestamp: string, body: Uint8Array): string {
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return `v1,${digest}`;
}

/**
 * Checks a message after Standard Webhooks; null where nothing is wrong with it.
 *
 * Several signatures may stand in the header, separated by spaces, while a secret is being changed: one has to fit.
 * `nowMs` is in milliseconds since the epoch.
 */
export function refusalOf(
  keys: readonly Buffer[],
  headers: SignedHeaders,
  body: Uint8Array,
  nowMs: number,
): Refusal | null {
  const { id, timestamp, signature } = headers;
  if (id === undefined || timestamp === undefined || signature === undefined) return 'headers missing';
  if (!ID.test(id) || !TIMESTAMP.test(timestamp)) return 'headers missing';
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > WINDOW_S) return 'out of the window';
  const expected = keys.map((key) => Buffer.from(sign(key, id, timestamp, body)));
  const given = signature.split(' ').map((one) => Buffer.from(one));
  const fits = expected.some((one) =>
    given.some((other) => one.length === other.length && timingSafeEqual(one, other)),
  );
  return fits ? null : 'wrong signature';
}
