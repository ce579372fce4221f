import { LRUCache } from 'lru-cache';
import type { CacheAnswer, CacheRequest } from './cache-answer.ts';
import type { Fence } from './fence.ts';
import type { Keeping } from './keeping.ts';
import { toVariant } from './vary.ts';

/** An answer in store. */
export interface Stored<B> extends CacheAnswer<B> {
  readonly keeping: Keeping;
  /** What it depends on in the request that it answered. */
  readonly variant: string;
  /** The fence's, from before the answer was asked for. */
  readonly stamp: number;
}

/** Answers by URL and by what they vary with. */
export interface VariantStore<B> {
  /** The newest answer in store that may stand for this request, whatever its age, or null. */
  find(request: CacheRequest): Stored<B> | null;
  /** Stores an answer in the place of the one of the same variant, unless it was invalidated meanwhile. */
  put(request: CacheRequest, stored: Stored<B>): void;
  remove(request: CacheRequest, stored: Stored<B> | null): void;
  /** Whether nothing has invalidated it since it was asked for. */
  isValid(request: CacheRequest, stored: Stored<B>): boolean;
}

// What an answer takes beside its body.
const overheadBytes = 512;

/** Builds a store that holds `maxBytes`, of which the least recently used leave first. */
export function createVariantStore<B>(maxBytes: number, fence: Fence): VariantStore<B> {
  const variantsByUrl = new LRUCache<string, readonly Stored<B>[]>({
    maxSize: maxBytes,
    sizeCalculation: (variants) => variants.reduce((sum, stored) => sum + stored.bytes + overheadBytes, 0),
  });

  const isValid = ({ url, marks }: CacheRequest, stored: Stored<B>): boolean =>
    fence.holds(stored.stamp, [url]) && (!marks || fence.holds(stored.stamp, marks));

  const validBut = (request: CacheRequest, isGone: (stored: Stored<B>) => boolean): Stored<B>[] =>
    (variantsByUrl.get(request.url) ?? []).filter((stored) => !isGone(stored) && isValid(request, stored));

  const set = (url: string, variants: readonly Stored<B>[]): void => {
    if (variants.length > 0) variantsByUrl.set(url, variants);
    else variantsByUrl.delete(url);
  };

  return {
    find: (request) =>
      variantsByUrl
        .get(request.url)
        ?.find(
          (stored) =>
            stored.variant === toVariant(stored.keeping.vary, request.fields) && isValid(request, stored),
        ) ?? null,
    put(request, stored) {
      if (!isValid(request, stored)) return;
      // The newest stands first: where two match, by different `Vary` fields, it is the one that is found.
      set(request.url, [stored, ...validBut(request, (other) => other.variant === stored.variant)]);
    },
    remove(request, stored) {
      if (stored)
        set(
          request.url,
          validBut(request, (other) => other === stored),
        );
    },
    isValid,
  };
}
