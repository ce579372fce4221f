/** What can be said of a backend and of an endpoint, one row each. */

/** Whose credentials a call carries: nobody's, the viewer's (where there is one), or the gateway's own. */
export type Credentials = 'none' | 'viewer' | 'gateway';

/** What one call may serve: many objects by id, or a page of children for each of many parents. */
export interface Bulk {
  /** The query parameter that takes the comma-separated keys. */
  readonly param: string;
  /** The most keys that one call may carry. */
  readonly max: number;
  /** The property of a row that holds its key; by default `param` in the singular, such as `id` for `ids`. */
  readonly key?: string;
  /** What a key names: the object that is its row (the default), or an owner, whose objects the row lists. */
  readonly names?: 'object' | 'owner';
}

export interface EndpointRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path template; a `{name}` is one checked segment. */
  readonly path: string;
  /** The query parameters that tell this endpoint from others on its path, for its name in the waterfall. */
  readonly by?: readonly string[];
  readonly credentials: Credentials;
  /** How long a call usually takes, in milliseconds: for `serialMs` and until something was measured. */
  readonly usualMs: number;
  /** Overrides the backend's. */
  readonly timeoutMs?: number;
  readonly bulk?: Bulk;
  /** The kind of object that the answer holds, such as `products`: names cache entries and `changed` events. */
  readonly entity?: string;
  /** For writes: the kinds of public objects that may be others afterwards, and must not be read from a cache. */
  readonly changes?: readonly string[];
}

/** How reads are repeated. */
export interface RetryRow {
  /** The nth repeat waits a random time between 0 and `baseMs * 2^(n-1)`, but not above `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** Repeats for each call that was asked for: 0.1 keeps a total outage at 1.10 times the demand. */
  readonly budget: number;
  /** The first repeats of a process, before there was demand to earn them. */
  readonly free: number;
  /** The most that may be saved up in good times, so that a restart of the backend is mended at once. */
  readonly saved: number;
}

/** How connections are kept. */
export interface ConnectionRow {
  readonly connectTimeoutMs: number;
  /** An idle connection is closed after this long, where the backend does not say how long it keeps one. */
  readonly keepAliveMs: number;
  /** No connection is idle longer, or serves longer where the address is a name: then DNS is asked again. */
  readonly renewAfterMs: number;
}

export interface BackendRow {
  /** Where it listens in the demo, counted from `DEMO_PORT_BASE`. */
  readonly demoPort: number;
  /** The longest that one attempt may take. */
  readonly timeoutMs: number;
  /** Calls in flight at once to one instance; more wait in `queue`, and more than that are refused. */
  readonly concurrency: number;
  readonly queue: number;
  /** Attempts at a read, the first one included. */
  readonly attempts: number;
  /** Opens after this many failures in a row; tries again after `halfOpenAfterMs`. */
  readonly breaker: {
    readonly failures: number;
    readonly halfOpenAfterMs: number;
    /** An answer that took this long counts as a failure. */
    readonly slowMs: number;
    /** One of several instances is left out sooner, after this many, while no more than half of them are. */
    readonly ejectAfter?: number;
  };
  readonly retry?: RetryRow;
  readonly connection?: ConnectionRow;
  /** The largest answer that is read, in bytes. */
  readonly maxBytes: number;
  readonly endpoints: Readonly<Record<string, EndpointRow>>;
}

export type BackendTable = Readonly<Record<string, BackendRow>>;

/** An endpoint with its names filled in. */
export interface Endpoint extends EndpointRow {
  readonly backend: string;
  readonly name: string;
  /** `backend.name`, as `@load(from:)` writes it. */
  readonly id: string;
  /** `GET /products?ids`, as metrics and the waterfall write it. */
  readonly route: string;
}
