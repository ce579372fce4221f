import type { Waterfall, WaterfallCall } from '../../explorer/src/waterfall/waterfall.ts';

/** A call with plain figures, but for what is said of it. */
export function aCall(changes: Partial<WaterfallCall> = {}): WaterfallCall {
  return {
    id: '1',
    backend: 'orders',
    method: 'GET',
    route: 'GET /orders?userIds',
    status: 200,
    wave: 1,
    startMs: 1,
    durationMs: 100,
    bytes: 1000,
    source: 'network',
    batchSize: 1,
    attempt: 1,
    paths: ['me.orders'],
    error: null,
    queueMs: null,
    waitMs: null,
    downloadMs: null,
    keys: [],
    critical: null,
    ...changes,
  };
}

/** A waterfall of these calls; what is not said follows from them. */
export function aWaterfall(calls: readonly WaterfallCall[], changes: Partial<Waterfall> = {}): Waterfall {
  const ends = calls.map((call) => call.startMs + call.durationMs);
  return {
    version: 1,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    totalMs: Math.max(0, ...ends) + 1,
    overheadMs: 2,
    depth: new Set(calls.map((call) => call.wave)).size,
    serialMs: calls.reduce((sum, call) => sum + call.durationMs * call.batchSize, 0),
    criticalPathMs: Math.max(0, ...ends),
    saved: { batched: 0, deduplicated: 0, cached: 0 },
    calls,
    truncated: false,
    ...changes,
  };
}

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `${from + index}`);

/** A sign-in: one call, nothing to save. */
export function signInWaterfall(): Waterfall {
  const call = aCall({
    backend: 'users',
    method: 'POST',
    route: 'POST /sessions',
    paths: ['signIn'],
    status: 201,
  });
  return aWaterfall([call], { totalMs: 102.4, overheadMs: 1.4, serialMs: 100 });
}

/** The order page: seven backends, three waves. */
export function orderPageWaterfall(): Waterfall {
  return aWaterfall(
    [
      aCall({
        id: '1',
        backend: 'users',
        route: 'GET /users?ids',
        startMs: 1.2,
        durationMs: 82.4,
        bytes: 212,
        paths: ['me'],
        keys: ['17'],
        queueMs: 0.1,
        waitMs: 81.6,
        downloadMs: 0.7,
      }),
      aCall({
        id: '2',
        backend: 'orders',
        route: 'GET /orders?userIds',
        startMs: 1.3,
        durationMs: 121.8,
        bytes: 6240,
        paths: ['me.orders'],
        keys: ['17'],
        queueMs: 0.1,
        waitMs: 114.2,
        downloadMs: 7.5,
        critical: true,
      }),
      aCall({
        id: '3',
        backend: 'bookings',
        route: 'GET /bookings?userIds',
        startMs: 1.4,
        durationMs: 63.1,
        bytes: 1130,
        paths: ['me.bookings'],
        keys: ['17'],
        queueMs: 0.1,
        waitMs: 61,
        downloadMs: 2,
      }),
      aCall({
        id: '4',
        backend: 'flights',
        route: 'GET /flights?ids',
        wave: 2,
        startMs: 65.2,
        durationMs: 61.7,
        bytes: 980,
        batchSize: 3,
        paths: ['me.bookings.nodes.flight'],
        keys: ['WR101-20261125', 'WR204-20261128', 'WR101-20261201'],
        waitMs: 60.1,
        downloadMs: 1.6,
      }),
      aCall({
        id: '5',
        backend: 'products',
        route: 'GET /products?ids',
        wave: 2,
        startMs: 123.9,
        durationMs: 84.3,
        bytes: 8420,
        batchSize: 24,
        paths: ['me.orders.nodes.items.product'],
        keys: numbers(101, 24),
        waitMs: 76.1,
        downloadMs: 8.2,
        critical: true,
      }),
      aCall({
        id: '6',
        backend: 'inventory',
        route: 'GET /stock?productIds',
        wave: 2,
        startMs: 124,
        durationMs: 61.2,
        bytes: 870,
        batchSize: 24,
        paths: ['me.orders.nodes.items.product.stock'],
        keys: numbers(101, 24),
        waitMs: 60.2,
        downloadMs: 1,
      }),
      aCall({
        id: '7',
        backend: 'payments',
        route: 'GET /payments?ids',
        wave: 2,
        startMs: 124.1,
        durationMs: 80.6,
        bytes: 1920,
        batchSize: 10,
        paths: ['me.orders.nodes.payment'],
        keys: numbers(9001, 10),
        waitMs: 78.9,
        downloadMs: 1.7,
      }),
    ].map((call) => ({ ...call, critical: call.critical ?? false })),
    {
      totalMs: 211.4,
      overheadMs: 3.2,
      serialMs: 5180,
      criticalPathMs: 206.1,
      depth: 2,
      saved: { batched: 57, deduplicated: 6, cached: 0 },
    },
  );
}

/** A flight search: five offers that cannot be batched, cached airports, one retry, one failure. */
export function flightSearchWaterfall(): Waterfall {
  const offers = numbers(1, 5).map((number, index) =>
    aCall({
      id: `offer-${number}`,
      backend: 'pricing',
      route: 'GET /offers/{flightId}',
      wave: 2,
      startMs: 503 + index * 0.3,
      durationMs: 196 + index * 6,
      bytes: 640,
      paths: ['flights.nodes.offer'],
      keys: [`WR10${number}-20261205`],
      waitMs: 194 + index * 6,
      downloadMs: 2,
      critical: false,
    }),
  );
  const failed = offers.map((offer) =>
    offer.id === 'offer-4'
      ? { ...offer, durationMs: 62, status: 503, error: 'UPSTREAM_UNAVAILABLE', bytes: 90, waitMs: 60 }
      : offer,
  );
  const again = aCall({
    ...offers[3],
    id: 'offer-4-again',
    startMs: 590,
    durationMs: 188,
    waitMs: 186,
    attempt: 2,
    critical: true,
  });
  return aWaterfall(
    [
      aCall({
        id: 'search',
        backend: 'flights',
        route: 'GET /flights?origin&destination&date',
        startMs: 1.1,
        durationMs: 501.2,
        bytes: 2210,
        paths: ['flights'],
        queueMs: 42,
        waitMs: 452,
        downloadMs: 7.2,
        critical: true,
      }),
      aCall({
        id: 'airports',
        backend: 'flights',
        route: 'GET /airports?codes',
        wave: 2,
        startMs: 502.6,
        durationMs: 0,
        bytes: 0,
        source: 'cache',
        status: null,
        batchSize: 2,
        paths: ['flights.nodes.origin', 'flights.nodes.destination'],
        keys: ['LHR', 'JFK'],
        critical: false,
      }),
      ...failed,
      again,
    ],
    {
      totalMs: 781,
      overheadMs: 4.4,
      serialMs: 2140,
      criticalPathMs: 776,
      depth: 2,
      saved: { batched: 4, deduplicated: 8, cached: 2 },
    },
  );
}

/** As many calls as asked for, over four waves, a fifth of them answered by the cache. */
export function largeWaterfall(count: number): Waterfall {
  const backends = ['users', 'orders', 'products', 'inventory', 'payments', 'flights', 'pricing'];
  return aWaterfall(
    numbers(0, count).map((number, index) => {
      const wave = 1 + Math.floor((index * 4) / count);
      return aCall({
        id: number,
        backend: backends[index % backends.length] ?? 'users',
        route: `GET /things/${index % 13}?ids`,
        wave,
        startMs: (wave - 1) * 130 + (index % 17),
        durationMs: 60 + ((index * 37) % 70),
        source: index % 5 === 0 ? 'cache' : 'network',
        batchSize: 1 + (index % 9),
        paths: ['me.orders'],
      });
    }),
  );
}
