import type { Endpoint } from '../backends.ts';
import { WeirError } from '../errors.ts';
import { toOutline } from './outline.ts';
import type { Decoder } from './upstream.ts';
import type { UpstreamEvents, UpstreamLog } from './upstream-options.ts';

/** Where an answer was not what the contract says. */
export interface Drift {
  readonly endpoint: Endpoint;
  /** Paths and reasons, never values: they may be somebody's. */
  readonly issues: readonly string[];
  /** Whether the answer was refused, or passed on because its outline holds. */
  readonly refused: boolean;
}

/** Tells the operator of it. */
export function tellDrift(drift: Drift, log: Pick<UpstreamLog, 'warn'>, events: UpstreamEvents): void {
  events.drift?.(drift);
  const { endpoint, issues, refused } = drift;
  const { backend, route } = endpoint;
  log.warn({ backend, route, issues, refused }, 'an answer breaks its contract');
}

/** A decoder that tells of what it refuses, and perhaps checks no more of an answer than its outline. */
export interface CheckedDecoder<T> extends Decoder<T> {
  /** Checks every part of the answer: for what will be given to many. */
  readonly full: Decoder<T>;
}

export interface DecodeOptions {
  /** Check every answer in full, or this share of them (0 to 1). */
  readonly checkShapes: 'always' | number;
  readonly random: () => number;
  readonly onDrift: (drift: Drift) => void;
}

/** The property that tells a row of a bulk answer from others. */
const keyOf = ({ bulk }: Endpoint): string | null =>
  bulk ? (bulk.key ?? bulk.param.replace(/s$/, '')) : null;

/** No log line should carry a thousand of them. */
const MOST_ISSUES = 5;

function toIssues(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return ['unknown'];
  if (!('issues' in error) || !Array.isArray(error.issues)) return [error.name];
  return error.issues.slice(0, MOST_ISSUES).map((issue: unknown) => {
    if (typeof issue !== 'object' || issue === null) return 'unknown';
    const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.join('.') : '';
    const code = 'code' in issue ? String(issue.code) : 'unknown';
    return `${path || '(root)'}: ${code}`;
  });
}

/**
 * Puts the check of shapes before what a source decodes with.
 *
 * `always` decodes every answer in full and refuses what does not fit as `UPSTREAM_BAD_RESPONSE`. A share decodes
 * that share in full and reports what does not fit as drift; of the rest, and of those, only the outline has to
 * hold, so that an answer costs no more than a look at a few properties.
 */
export function createDecoding(
  options: DecodeOptions,
): <T>(endpoint: Endpoint, decode: Decoder<T>) => CheckedDecoder<T> {
  const { checkShapes, random, onDrift } = options;

  const refuse = (endpoint: Endpoint, issues: readonly string[], cause?: unknown): WeirError => {
    onDrift({ endpoint, issues, refused: true });
    const { backend } = endpoint;
    return new WeirError(
      'UPSTREAM_BAD_RESPONSE',
      `${backend} sent an answer that cannot be used`,
      { backend },
      cause,
    );
  };

  const always = <T>(endpoint: Endpoint, decode: Decoder<T>): Decoder<T> => ({
    parse(value) {
      try {
        return decode.parse(value);
      } catch (error) {
        throw refuse(endpoint, toIssues(error), error);
      }
    },
  });

  const sampled = <T>(endpoint: Endpoint, decode: Decoder<T>, share: number): CheckedDecoder<T> => {
    const holds = toOutline(decode, keyOf(endpoint));
    return {
      full: always(endpoint, decode),
      parse(value) {
        if (!holds(value)) throw refuse(endpoint, ['(outline)']);
        if (random() < share) {
          try {
            decode.parse(value);
          } catch (error) {
            onDrift({ endpoint, issues: toIssues(error), refused: false });
          }
        }
        // The outline was checked above and the rest is what the contract promises; samples watch over it.
        return value as T;
      },
    };
  };

  // A source decodes an endpoint with one schema, so what is drawn from it is kept with it.
  const kept = new WeakMap<Decoder<unknown>, Map<string, CheckedDecoder<unknown>>>();

  return <T>(endpoint: Endpoint, decode: Decoder<T>): CheckedDecoder<T> => {
    let ofDecoder = kept.get(decode);
    if (!ofDecoder) {
      ofDecoder = new Map();
      kept.set(decode, ofDecoder);
    }
    let checked = ofDecoder.get(endpoint.id);
    if (!checked) {
      if (checkShapes === 'always') {
        const full = always(endpoint, decode);
        checked = { parse: full.parse, full };
      } else {
        checked = sampled(endpoint, decode, checkShapes);
      }
      ofDecoder.set(endpoint.id, checked);
    }
    // The map holds under a decoder of T only what was made of it.
    return checked as CheckedDecoder<T>;
  };
}
