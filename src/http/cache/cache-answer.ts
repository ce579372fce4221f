import type { Fields } from './stored-fields.ts';

/** A request to a cache. The method is in upper case, field names in lower case. */
export interface CacheRequest {
  readonly method: string;
  /** What tells resources apart: with everything that does, the host or the backend's name too. */
  readonly url: string;
  readonly fields: Fields;
  /** Marks of the fence, besides the URL, under which the answer can be invalidated. */
  readonly marks?: readonly string[];
}

/** A whole answer. `B` is whatever its body was made into; the cache only hands it on. */
export interface CacheAnswer<B> {
  readonly status: number;
  readonly fields: Fields;
  readonly body: B;
  /** What it takes to keep the body, in bytes. */
  readonly bytes: number;
}
