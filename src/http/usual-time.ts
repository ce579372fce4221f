import type { Endpoint } from '../backends.ts';

/** What a call of an endpoint usually takes, from what was measured of late. */
export interface UsualTime {
  ofMs(endpoint: Endpoint): number;
  record(endpoint: Endpoint, durationMs: number): void;
}

/** A moving average forgets what was 20 calls ago. */
const WEIGHT = 0.1;

/** Keeps a moving average for each endpoint, which begins at the table's `usualMs`. */
export function createUsualTime(): UsualTime {
  const averages = new Map<string, { ms: number }>();
  return {
    ofMs: (endpoint) => averages.get(endpoint.id)?.ms ?? endpoint.usualMs,
    record(endpoint, durationMs) {
      const average = averages.get(endpoint.id);
      if (average) average.ms += WEIGHT * (durationMs - average.ms);
      else averages.set(endpoint.id, { ms: endpoint.usualMs + WEIGHT * (durationMs - endpoint.usualMs) });
    },
  };
}
