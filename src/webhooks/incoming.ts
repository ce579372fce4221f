import * as z from 'zod';
import type { Replays } from './replays.ts';
import { refusalOf, type SignedHeaders, toKeys } from './signature.ts';

/** What a backend can tell: which objects have changed, or that something has happened. */
const eventShape = z.union([
  z.object({ changed: z.array(z.string().regex(/^[a-z]{1,40}(?:\/[A-Za-z0-9_-]{1,64})?$/)).max(10_000) }),
  z.object({ type: z.string().min(1).max(100), data: z.record(z.string(), z.unknown()).default({}) }),
]);

export type WebhookEvent = z.infer<typeof eventShape>;

/** What becomes of a message, as the sender is told: an HTTP status and a word. */
export interface Verdict {
  readonly status: 202 | 200 | 400 | 401 | 404 | 503;
  readonly word: string;
  readonly hint?: string;
}

export interface IncomingOptions {
  /** The secret of each backend that may send messages. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly backends: ReadonlySet<string>;
  readonly replays: Replays;
  /** Acts on an event. False where nobody knows what to do with it; throws where it should be sent again. */
  readonly act: (backend: string, event: WebhookEvent) => Promise<boolean>;
  readonly onRefused: (backend: string, reason: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Takes one message of a backend: its headers and the bytes of its body. */
export type TakeWebhook = (backend: string, headers: SignedHeaders, body: Uint8Array) => Promise<Verdict>;

/** Takes signed messages, each once. A message that cannot be acted on for now is asked for again (503). */
export function createIncoming(options: IncomingOptions): TakeWebhook {
  const { secrets, backends, replays, act, onRefused, now = Date.now } = options;
  return async (backend, headers, body) => {
    if (!backends.has(backend)) return { status: 404, word: 'no such backend' };
    const secret = Object.hasOwn(secrets, backend) ? secrets[backend] : undefined;
    const refusal =
      secret === undefined ? 'no secret is set' : refusalOf(toKeys(secret), headers, body, now());
    if (refusal !== null) {
      onRefused(backend, refusal);
      return {
        status: 401,
        word: 'the message is not believed',
        hint: 'Sign it after Standard Webhooks, with the shared secret.',
      };
    }
    const event = decode(body);
    if (event === null) {
      return {
        status: 400,
        word: 'no event',
        hint: 'Send { "changed": ["products/42"] } or { "type": "...", "data": { } }.',
      };
    }
    const id = `${backend}:${headers.id}`;
    if (!(await replays.claim(id))) return { status: 200, word: 'taken before' };
    try {
      return (await act(backend, event))
        ? { status: 202, word: 'taken' }
        : { status: 400, word: 'nobody knows what to do with this event' };
    } catch {
      await replays.release(id);
      return { status: 503, word: 'send it again' };
    }
  };
}

function decode(body: Uint8Array): WebhookEvent | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return eventShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
