import * as z from 'zod';
import type { Answer, Exchange, Send } from '../exchange.ts';
import { decodeFully } from './decode-fully.ts';
import type { FillParts } from './fill.ts';
import { tellStored, toStoredAnswer } from './from-store.ts';
import { toKeeping } from './keeping.ts';
import { marksOf } from './marks.ts';
import { longestStayMs, type SharedValue } from './shared-store.ts';
import { toVariant } from './vary.ts';

// What says how long an answer may be kept, by what it is validated and what it depends on.
const told = ['cache-control', 'date', 'expires', 'etag', 'last-modified', 'vary'];

const shape = z.object({
  value: z.unknown(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** How many milliseconds before the end of its stay it was made. */
  born: z.number(),
  vary: z.array(z.string()),
  variant: z.string(),
  bytes: z.number(),
});

const rules = { heuristicFraction: 0 };

/** Fetches whole answers, from the store that replicas share or from the backend, for the layer that keeps them. */
export function createWholeFill({ now, shared, worth }: FillParts) {
  const nameOf = ({ endpoint, url }: Exchange) => ({
    name: `${endpoint.backend} ${url}`,
    marks: marksOf(endpoint, null),
  });

  const restore = (exchange: Exchange, value: SharedValue): Answer | null => {
    try {
      const read = shape.parse(JSON.parse(value.text));
      if (toVariant(read.vary, exchange.headers) !== read.variant) return null;
      const decoded = decodeFully(exchange, { body: read.value });
      if (!decoded) return null;
      // Rounded up: an answer must not look younger than it is.
      const age = Math.ceil((read.born - value.leftMs) / 1000);
      const headers = { ...read.headers, age: String(Math.max(0, age)) };
      const freshness = { until: now() + value.leftMs, isPublic: true };
      return { ...toStoredAnswer(decoded.value, 'cache', freshness), headers, bytes: read.bytes };
    } catch {
      return null;
    }
  };

  return async (next: Send, exchange: Exchange): Promise<Answer> => {
    const { headers } = exchange;
    // Who validates has an answer already, and asks whether it still holds.
    const validates = headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
    const looks = shared && !validates && worth.has(exchange.endpoint);
    const lookUp = looks ? await shared.lookUp([nameOf(exchange)]) : null;
    const [value] = lookUp?.values ?? [];
    const restored = value && restore(exchange, value);
    if (restored) {
      tellStored(exchange, 'cache', exchange.call.demand);
      return restored;
    }
    const requestedAt = now();
    const answer = await next(exchange);
    if (answer.status !== 200) return answer;
    const at = now();
    const keeping = toKeeping(headers, 200, answer.headers, { requestedAt, receivedAt: at }, rules);
    worth.learn(exchange.endpoint, keeping !== null);
    const decoded = keeping && decodeFully(exchange, answer);
    if (!decoded) return answer;
    const end = Math.min(at + longestStayMs, keeping.freshUntil);
    if (lookUp && end > at) {
      const text = JSON.stringify({
        value: decoded.value,
        headers: Object.fromEntries(
          told.flatMap((name) => (answer.headers[name] === undefined ? [] : [[name, answer.headers[name]]])),
        ),
        born: end - keeping.bornAt,
        vary: keeping.vary,
        variant: toVariant(keeping.vary, headers),
        bytes: answer.bytes,
      });
      lookUp.keep([{ ...nameOf(exchange), text, forMs: end - at }]);
    }
    return { ...answer, decoded, freshness: { until: keeping.freshUntil, isPublic: true } };
  };
}
