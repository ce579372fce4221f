import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { isPublicAddress } from './public-address.ts';
import { sign, toKeys } from './signature.ts';

/** A message to somebody else's address. */
export interface OutgoingMessage {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** The same at every attempt, so that the receiver can tell a repeat. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** What became of one attempt; the reason is fit for whoever registered the address. */
export type Sent = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface WebhookSender {
  /** Why an address may not be sent to, or null where it may. */
  refusal(url: string): Promise<string | null>;
  /** Makes one attempt. Never rejects. */
  send(message: OutgoingMessage): Promise<Sent>;
  close(): Promise<void>;
}

export interface WebhookSenderOptions {
  /** Hosts (with a port or without) that are not public and may be sent to all the same. */
  readonly allow: readonly string[];
  /** All addresses of a host; the system's by default. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const timeoutMs = 10_000;
const maxUrlLength = 2000;
const notPublic = 'The address does not belong to the public Internet.';

/**
 * Sends signed messages to addresses of strangers, without letting them use us to reach our own network.
 *
 * The address that was found public is the one that is connected to, redirects are not followed, and nothing of an
 * answer but its status is looked at.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { allow, now = Date.now } = options;
  const addressesOf = options.lookup ?? ((host: string) => systemLookup(host, { all: true }));
  const isAllowed = ({ host, hostname }: URL): boolean => allow.includes(host) || allow.includes(hostname);

  /** Where a connection may go; rejects where there is no such place. */
  const publicAddressesOf = async (host: string): Promise<readonly LookupAddress[]> => {
    const found = (await addressesOf(host)).filter(({ address }) => isPublicAddress(address));
    if (found.length === 0) throw new Error(notPublic);
    return found;
  };

  const lookup: LookupFunction = (host, { all }, done) => {
    publicAddressesOf(host).then(
      (found) => {
        const [first] = found;
        if (all || !first) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, ''),
    );
  };
  const connect = { timeout: timeoutMs };
  const guarded = new Agent({ connect: { ...connect, lookup }, keepAliveTimeout: 1000 });
  const open = new Agent({ connect, keepAliveTimeout: 1000 });

  const refusal = async (text: string): Promise<string | null> => {
    if (text.length > maxUrlLength || !URL.canParse(text)) return 'This is no address.';
    const url = new URL(text);
    if (url.username || url.password) return 'An address has no user and password in it.';
    if (isAllowed(url))
      return /^https?:$/.test(url.protocol) ? null : 'The address is none of http or https.';
    if (url.protocol !== 'https:') return 'The address does not begin with https.';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host)) return isPublicAddress(host) ? null : notPublic;
    try {
      await publicAddressesOf(host);
      return null;
    } catch (error) {
      return error instanceof Error && error.message === notPublic ? notPublic : 'There is no such host.';
    }
  };

  return {
    refusal,
    async send({ url, secret, id, body }) {
      const reason = await refusal(url);
      if (reason !== null) return { ok: false, reason };
      const timestamp = String(Math.floor(now() / 1000));
      const [key] = toKeys(secret);
      if (!key) return { ok: false, reason: 'There is no secret to sign with.' };
      try {
        const { statusCode, body: answer } = await request(url, {
          dispatcher: isAllowed(new URL(url)) ? open : guarded,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'user-agent': 'weir-webhooks',
            'webhook-id': id,
            'webhook-timestamp': timestamp,
            'webhook-signature': sign(key, id, timestamp, Buffer.from(body)),
          },
          body,
          signal: AbortSignal.timeout(timeoutMs),
        });
        await answer.dump({ limit: 16_384 }).catch(() => undefined);
        const ok = statusCode >= 200 && statusCode < 300;
        return ok ? { ok } : { ok, reason: `The receiver answered ${statusCode}.` };
      } catch {
        return { ok: false, reason: 'The receiver could not be reached, or did not answer in time.' };
      }
    },
    async close() {
      await Promise.all([guarded.destroy(), open.destroy()]);
    },
  };
}
