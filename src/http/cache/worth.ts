import type { Endpoint } from '../../backends.ts';

/**
 * Knows of which endpoints the answers can be kept, by the last one that came: to look for the others in the
 * store that replicas share would be a waste of time.
 */
export interface Worth {
  has(endpoint: Endpoint): boolean;
  learn(endpoint: Endpoint, isKept: boolean): void;
}

/** Builds it. An endpoint that has not answered yet is worth a look. */
export function createWorth(): Worth {
  const vain = new Set<string>();
  return {
    has: ({ id }) => !vain.has(id),
    learn({ id }, isKept) {
      if (isKept) vain.delete(id);
      else vain.add(id);
    },
  };
}
