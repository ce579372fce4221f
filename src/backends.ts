/**
 * Every REST backend and every endpoint of it, with the numbers that its calls live by.
 *
 * Policies in `http/` read their numbers here and have none of their own. An endpoint's name is the name of
 * the source method that calls it, of its metric and of its rows in the waterfall.
 */

/** Whose credentials a call carries: nobody's, the viewer's (where there is one), or the gateway's own. */
export type Credentials = 'none' | 'viewer' | 'gateway';

/** What one call may serve: many objects by id, or a page of children for each of many parents. */
export interface Bulk {
  /** The query parameter that takes the comma-separated keys. */
  readonly param: string;
  /** The most keys that one call may carry. */
  readonly max: number;
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

const bulkOf = (param: string): Bulk => ({ param, max: 100 });

const usual = {
  timeoutMs: 3000,
  concurrency: 64,
  queue: 512,
  attempts: 3,
  breaker: { failures: 8, halfOpenAfterMs: 2000, slowMs: 2500, ejectAfter: 3 },
  retry: { baseMs: 50, maxMs: 1000, budget: 0.1, free: 3, saved: 50 },
  connection: { connectTimeoutMs: 1000, keepAliveMs: 4000, renewAfterMs: 30_000 },
  maxBytes: 8 * 1024 * 1024,
} as const satisfies Omit<BackendRow, 'demoPort' | 'endpoints'>;

/** A row with every number that it left out filled in with the usual one. */
export type BackendNumbers = Required<Omit<BackendRow, 'breaker'>> & {
  readonly breaker: Required<BackendRow['breaker']>;
};

/** The numbers of one backend, none missing. Throws on a name the table has not. */
export function numbersOf(table: BackendTable, backend: string): BackendNumbers {
  const row = table[backend];
  if (!row) throw new Error(`no backend ${backend} in the table of backends`);
  return { ...usual, ...row, breaker: { ...usual.breaker, ...row.breaker } };
}

/** Reads of one kind of object by their ids, in the words that every backend uses. */
const byIds = (path: string, credentials: Credentials, usualMs: number, entity: string): EndpointRow => ({
  method: 'GET',
  path,
  by: ['ids'],
  bulk: bulkOf('ids'),
  credentials,
  usualMs,
  entity,
});

/** What a write with this key did, for a workflow that does not know whether its call took effect. */
const byIdempotencyKey = (path: string, usualMs: number): EndpointRow => ({
  method: 'GET',
  path,
  by: ['idempotencyKey'],
  credentials: 'gateway',
  usualMs,
});

const write = (method: 'POST' | 'PUT', path: string, usualMs: number): EndpointRow => ({
  method,
  path,
  credentials: 'gateway',
  usualMs,
});

export const backends = {
  users: {
    ...usual,
    demoPort: 0,
    endpoints: {
      usersByIds: byIds('/users', 'viewer', 80, 'users'),
      createSession: { method: 'POST', path: '/sessions', credentials: 'none', usualMs: 100 },
      createToken: { method: 'POST', path: '/tokens', credentials: 'none', usualMs: 80 },
      createUser: write('POST', '/users', 80),
      usersByIdempotencyKey: byIdempotencyKey('/users', 80),
    },
  },
  products: {
    ...usual,
    demoPort: 1,
    endpoints: {
      productsByIds: byIds('/products', 'none', 80, 'products'),
      searchProducts: {
        method: 'GET',
        path: '/products',
        credentials: 'none',
        usualMs: 80,
        entity: 'products',
      },
      upsertProducts: write('POST', '/products/batches', 80),
    },
  },
  inventory: {
    ...usual,
    demoPort: 2,
    endpoints: {
      stockByProductIds: {
        method: 'GET',
        path: '/stock',
        by: ['productIds'],
        bulk: bulkOf('productIds'),
        credentials: 'none',
        usualMs: 60,
        entity: 'stock',
      },
      createReservation: write('POST', '/reservations', 60),
      confirmReservation: write('POST', '/reservations/{id}/confirm', 60),
      releaseReservation: write('POST', '/reservations/{id}/release', 60),
      reservationsByIdempotencyKey: byIdempotencyKey('/reservations', 60),
    },
  },
  orders: {
    ...usual,
    demoPort: 3,
    endpoints: {
      ordersByIds: byIds('/orders', 'viewer', 120, 'orders'),
      ordersByUserIds: {
        method: 'GET',
        path: '/orders',
        by: ['userIds'],
        bulk: bulkOf('userIds'),
        credentials: 'viewer',
        usualMs: 120,
        entity: 'orders',
      },
      createOrder: write('POST', '/orders', 120),
      confirmOrder: write('POST', '/orders/{id}/confirm', 120),
      shipOrder: write('POST', '/orders/{id}/ship', 120),
      deliverOrder: write('POST', '/orders/{id}/deliver', 120),
      cancelOrder: write('POST', '/orders/{id}/cancel', 120),
      ordersByIdempotencyKey: byIdempotencyKey('/orders', 120),
    },
  },
  payments: {
    ...usual,
    demoPort: 4,
    endpoints: {
      paymentsByIds: byIds('/payments', 'viewer', 80, 'payments'),
      paymentsBySubjects: {
        method: 'GET',
        path: '/payments',
        by: ['subjects'],
        bulk: bulkOf('subjects'),
        credentials: 'viewer',
        usualMs: 80,
        entity: 'payments',
      },
      createCharge: write('POST', '/charges', 400),
      createRefund: write('POST', '/charges/{id}/refunds', 400),
      chargesByIdempotencyKey: byIdempotencyKey('/charges', 80),
      refundsByIdempotencyKey: byIdempotencyKey('/refunds', 80),
    },
  },
  flights: {
    ...usual,
    demoPort: 5,
    endpoints: {
      flightsByIds: byIds('/flights', 'none', 60, 'flights'),
      searchFlights: {
        method: 'GET',
        path: '/flights',
        by: ['origin', 'destination', 'date'],
        credentials: 'none',
        usualMs: 500,
        entity: 'flights',
      },
      airportsByCodes: {
        method: 'GET',
        path: '/airports',
        by: ['codes'],
        bulk: bulkOf('codes'),
        credentials: 'none',
        usualMs: 60,
        entity: 'airports',
      },
      airports: { method: 'GET', path: '/airports', credentials: 'none', usualMs: 60, entity: 'airports' },
    },
  },
  pricing: {
    ...usual,
    demoPort: 6,
    endpoints: {
      offerByFlightId: {
        method: 'GET',
        path: '/offers/{flightId}',
        by: ['passengers'],
        credentials: 'none',
        usualMs: 200,
        entity: 'offers',
      },
    },
  },
  bookings: {
    ...usual,
    demoPort: 7,
    endpoints: {
      bookingsByIds: byIds('/bookings', 'viewer', 60, 'bookings'),
      bookingsByUserIds: {
        method: 'GET',
        path: '/bookings',
        by: ['userIds'],
        bulk: bulkOf('userIds'),
        credentials: 'viewer',
        usualMs: 60,
        entity: 'bookings',
      },
      createBooking: write('POST', '/bookings', 300),
      confirmBooking: write('POST', '/bookings/{id}/confirm', 60),
      cancelBooking: write('POST', '/bookings/{id}/cancel', 60),
      bookingsByIdempotencyKey: byIdempotencyKey('/bookings', 60),
    },
  },
  notifications: {
    ...usual,
    demoPort: 8,
    endpoints: {
      createMessage: write('POST', '/messages', 150),
      messagesByIdempotencyKey: byIdempotencyKey('/messages', 150),
    },
  },
} as const satisfies BackendTable;

/** One endpoint of a table by name, with its own names filled in. Throws on a name the table has not. */
export function endpointOf(table: BackendTable, backend: string, name: string): Endpoint {
  const row = table[backend]?.endpoints[name];
  if (!row) throw new Error(`no endpoint ${backend}.${name} in the table of backends`);
  const by = row.by ? `?${row.by.join('&')}` : '';
  return { ...row, backend, name, id: `${backend}.${name}`, route: `${row.method} ${row.path}${by}` };
}
