import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDemoWorld, type DemoWorld } from '../../demo/world.ts';
import { type BackendTable, backends } from '../../src/backends.ts';
import type { Call } from '../../src/call.ts';
import { createSources, type Sources } from '../../src/datasources/sources.ts';
import { type ErrorCode, WeirError } from '../../src/errors.ts';
import { createUpstream } from '../../src/http/create-upstream.ts';
import type { UpstreamClient } from '../../src/http/upstream-options.ts';
import { callOf, sleep } from './rest-client.ts';

/** Every mode of `PUT /_demo/faults`, and what each must come to for whoever asks. */
const modes = {
  hang: { fault: { mode: 'hang' }, code: 'UPSTREAM_TIMEOUT' },
  reset: { fault: { mode: 'reset' }, code: 'UPSTREAM_UNAVAILABLE' },
  truncate: { fault: { mode: 'truncate' }, code: 'UPSTREAM_BAD_RESPONSE' },
  garbage: { fault: { mode: 'garbage' }, code: 'UPSTREAM_BAD_RESPONSE' },
  html: { fault: { mode: 'html' }, code: 'UPSTREAM_BAD_RESPONSE' },
  empty: { fault: { mode: 'empty' }, code: 'UPSTREAM_BAD_RESPONSE' },
  'wrong-shape': { fault: { mode: 'wrong-shape' }, code: 'UPSTREAM_BAD_RESPONSE' },
  // The shortest answers are whole after a third of a second, so it begins late.
  'slow-body': { fault: { mode: 'slow-body', latencyMs: 1300 }, code: 'UPSTREAM_TIMEOUT' },
  'after-acting': { fault: { mode: 'after-acting' }, code: 'UPSTREAM_UNAVAILABLE' },
  'status 503': { fault: { status: 503, retryAfter: 1 }, code: 'UPSTREAM_UNAVAILABLE' },
  'status 500': { fault: { status: 500 }, code: 'UPSTREAM_ERROR' },
  'html 404': { fault: { mode: 'html', status: 404 }, code: 'UPSTREAM_BAD_RESPONSE' },
  latency: { fault: { latencyMs: 4000, jitterMs: 500 }, code: 'UPSTREAM_TIMEOUT' },
} as const satisfies Record<string, { readonly fault: object; readonly code: ErrorCode }>;

type Mode = keyof typeof modes;

const isMode = (name: string): name is Mode => name in modes;

const money = { amount: 1250, currency: 'EUR' };
const first = { limit: 5, cursor: undefined };
const page = { ...first, status: undefined };

/** How each endpoint is asked: through its source, as the gateway does. */
const asks: Readonly<Record<string, (sources: Sources, call: Call, key: string) => Promise<unknown>>> = {
  'users.usersByIds': ({ users }, call) => users.usersByIds(call, ['1', '2']),
  'users.createSession': ({ users }, call) =>
    users.createSession(call, { email: 'ada@example.com', password: 'waterfall' }),
  'users.createToken': ({ users }, call) =>
    users.createToken(call, { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' }),
  'users.createUser': ({ users }, call, key) =>
    users.createUser(call, { name: 'Zoë', email: `${key}@example.com`, password: 'long enough' }, key),
  'users.usersByIdempotencyKey': ({ users }, call, key) => users.usersByIdempotencyKey(call, key),
  'products.productsByIds': ({ products }, call) => products.productsByIds(call, ['1', '2']),
  'products.searchProducts': ({ products }, call) =>
    products.searchProducts(call, { ...first, search: 'cup', category: undefined, sort: 'NAME' }),
  'products.upsertProducts': ({ products }, call, key) =>
    products.upsertProducts(
      call,
      { items: [{ id: key, name: 'Cup', description: 'A cup', category: 'kitchen', price: money }] },
      key,
    ),
  'inventory.stockByProductIds': ({ inventory }, call) => inventory.stockByProductIds(call, ['1', '2']),
  'inventory.createReservation': ({ inventory }, call, key) =>
    inventory.createReservation(call, { items: [{ productId: '1', quantity: 1 }] }, key),
  'inventory.confirmReservation': ({ inventory }, call, key) => inventory.confirmReservation(call, key, key),
  'inventory.releaseReservation': ({ inventory }, call, key) => inventory.releaseReservation(call, key, key),
  'inventory.reservationsByIdempotencyKey': ({ inventory }, call, key) =>
    inventory.reservationsByIdempotencyKey(call, key),
  'orders.ordersByIds': ({ orders }, call) => orders.ordersByIds(call, ['1', '2']),
  'orders.ordersByUserIds': ({ orders }, call) => orders.ordersByUserIds(call, ['1'], page),
  'orders.createOrder': ({ orders }, call, key) =>
    orders.createOrder(
      call,
      { userId: '1', items: [{ productId: '1', quantity: 1, unitPrice: money }], reservationId: key },
      key,
    ),
  'orders.confirmOrder': ({ orders }, call, key) => orders.confirmOrder(call, key, { paymentId: key }, key),
  'orders.shipOrder': ({ orders }, call, key) => orders.shipOrder(call, key, key),
  'orders.deliverOrder': ({ orders }, call, key) => orders.deliverOrder(call, key, key),
  'orders.cancelOrder': ({ orders }, call, key) => orders.cancelOrder(call, key, key),
  'orders.ordersByIdempotencyKey': ({ orders }, call, key) => orders.ordersByIdempotencyKey(call, key),
  'payments.paymentsByIds': ({ payments }, call) => payments.paymentsByIds(call, ['1', '2']),
  'payments.paymentsBySubjects': ({ payments }, call) => payments.paymentsBySubjects(call, ['orders/1']),
  'payments.createCharge': ({ payments }, call, key) =>
    payments.createCharge(
      call,
      { userId: '1', subject: `orders/${key}`, amount: money, paymentToken: 'tok_ok' },
      key,
    ),
  'payments.createRefund': ({ payments }, call, key) => payments.createRefund(call, key, key),
  'payments.chargesByIdempotencyKey': ({ payments }, call, key) =>
    payments.chargesByIdempotencyKey(call, key),
  'payments.refundsByIdempotencyKey': ({ payments }, call, key) =>
    payments.refundsByIdempotencyKey(call, key),
  'flights.flightsByIds': ({ flights }, call) => flights.flightsByIds(call, ['WR101-20261125']),
  'flights.searchFlights': ({ flights }, call) =>
    flights.searchFlights(call, { ...first, origin: 'LHR', destination: 'JFK', date: '2026-11-25' }),
  'flights.airportsByCodes': ({ flights }, call) => flights.airportsByCodes(call, ['LHR', 'JFK']),
  'flights.airports': ({ flights }, call) => flights.airports(call),
  'pricing.offerByFlightId': ({ pricing }, call) => pricing.offerByFlightId(call, 'WR101-20261125', 2),
  'bookings.bookingsByIds': ({ bookings }, call) => bookings.bookingsByIds(call, ['1', '2']),
  'bookings.bookingsByUserIds': ({ bookings }, call) => bookings.bookingsByUserIds(call, ['1'], page),
  'bookings.createBooking': ({ bookings }, call, key) =>
    bookings.createBooking(
      call,
      { userId: '1', flightId: 'WR101-20261125', passengers: [{ name: 'Zoë' }], total: money },
      key,
    ),
  'bookings.confirmBooking': ({ bookings }, call, key) =>
    bookings.confirmBooking(call, key, { paymentId: key }, key),
  'bookings.cancelBooking': ({ bookings }, call, key) => bookings.cancelBooking(call, key, key),
  'bookings.bookingsByIdempotencyKey': ({ bookings }, call, key) =>
    bookings.bookingsByIdempotencyKey(call, key),
  'notifications.createMessage': ({ notifications }, call, key) =>
    notifications.createMessage(call, { userId: '1', template: 'order-confirmed', data: {} }, key),
  'notifications.messagesByIdempotencyKey': ({ notifications }, call, key) =>
    notifications.messagesByIdempotencyKey(call, key),
};

/** The table of the gateway, with an end to waiting that a test can wait for. */
const impatient: BackendTable = Object.fromEntries(
  Object.entries<BackendTable[string]>(backends).map(([name, row]) => [name, { ...row, timeoutMs: 1500 }]),
);

const endpointsOf = (backend: string): readonly string[] =>
  Object.keys(asks).filter((id) => id.startsWith(`${backend}.`));

/** How many ask each endpoint at once. */
const CROWD = 2;
const DEADLINE_MS = 4000;
const HEALTHY_WITHIN_MS = 10_000;

describe('the fault matrix', () => {
  const cells = new Map<string, string>();
  let world: DemoWorld;
  let dataDir: string;
  let token: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'weir-faults-'));
    await cp(inject('seededDataDir'), dataDir, { recursive: true });
    world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
    const upstream = open('always');
    const credentials = { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' };
    token = (await createSources(upstream, backends).users.createToken(callOf(), credentials)).accessToken;
    await upstream.close();
  });

  afterAll(async () => {
    await world.close();
    await rm(dataDir, { recursive: true, force: true });
    console.log(toTable(cells));
  });

  const open = (checkShapes: 'always' | number): UpstreamClient =>
    createUpstream({
      table: impatient,
      instances: Object.fromEntries(Object.entries(world.urls).map(([name, url]) => [name, [url]])),
      machineToken: { current: () => token, forget: () => {} },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      checkShapes,
    });

  const setFault = async (backend: string, fault: object | null): Promise<void> => {
    const answer = await fetch(`${world.urls[backend]}/_demo/faults`, {
      method: fault ? 'PUT' : 'DELETE',
      ...(fault && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) }),
    });
    if (!answer.ok) throw new Error(`the fault was refused: ${answer.status} ${await answer.text()}`);
  };

  it('asks every endpoint of the table', () => {
    const ids = Object.entries<BackendTable[string]>(backends).flatMap(([backend, { endpoints }]) =>
      Object.keys(endpoints).map((name) => `${backend}.${name}`),
    );
    expect(Object.keys(asks).sort()).toEqual(ids.sort());
  });

  /** Goes through the modes at every backend, all backends at once. */
  const goThrough = async (names: readonly Mode[], checkShapes: 'always' | number): Promise<void> => {
    const rounds = Object.keys(backends).map(async (backend) => {
      await using client = disposable(open(checkShapes));
      const sources = createSources(client.upstream, impatient);
      for (const mode of names) {
        const { fault, code } = modes[mode];
        await setFault(backend, fault);
        const outcomes = await Promise.all(
          endpointsOf(backend).flatMap((id) =>
            Array.from({ length: CROWD }, (_, count) => ask(sources, id, `${mode}-${count}-${checkShapes}`)),
          ),
        );
        await setFault(backend, null);

        for (const { id, error, tookMs } of outcomes) {
          expect(error, `${id} in the mode ${mode}`).toBeInstanceOf(WeirError);
          expect([mode, id, error instanceof WeirError && error.code]).toEqual([mode, id, code]);
          expect(tookMs, `${id} in the mode ${mode}`).toBeLessThan(DEADLINE_MS + 500);
          expect(JSON.stringify(error), id).not.toMatch(/127\.0\.0\.1|doctype|unexpected|waterfall|secret/i);
        }
        cells.set(`${mode}/${backend}`, `${outcomes.length} ${code}`);
        await becomesHealthy(sources, backend, mode);
      }
    });
    // All are waited for, so that a failure of one leaves no other at work behind the next test's back.
    for (const round of await Promise.allSettled(rounds)) if (round.status === 'rejected') throw round.reason;
  };

  it(
    'every mode of every backend ends in its typed error, and then all is well again',
    {
      timeout: 300_000,
    },
    () => goThrough(Object.keys(modes).filter(isMode), 'always'),
  );

  it(
    'no body of another shape gets through where shapes are checked by samples',
    {
      timeout: 300_000,
    },
    () => goThrough(['wrong-shape', 'garbage', 'html', 'empty'], 0),
  );

  const ask = async (sources: Sources, id: string, run: string) => {
    const startedAt = performance.now();
    const key = `${id}-${run}`.replace(/[^A-Za-z0-9_-]/g, '-');
    const call = callOf({ onBehalfOf: '1', leftMs: DEADLINE_MS });
    const error = await asks[id]?.(sources, call, key).then(
      (value) => ({ unexpected: value }),
      (thrown: unknown) => thrown,
    );
    return { id, error, tookMs: performance.now() - startedAt };
  };

  const becomesHealthy = async (sources: Sources, backend: string, mode: Mode): Promise<void> => {
    const reads = endpointsOf(backend).filter((id) => /\.(?:\w+By\w+|search\w+|airports)$/.test(id));
    const endsAt = performance.now() + HEALTHY_WITHIN_MS;
    for (;;) {
      const outcomes = await Promise.allSettled(
        reads.map((id) => asks[id]?.(sources, callOf({ onBehalfOf: '1' }), 'nothing')),
      );
      const failed = outcomes.filter(({ status }) => status === 'rejected');
      if (failed.length === 0) return;
      if (performance.now() > endsAt) {
        throw new Error(`${backend} is still not well after ${mode}: ${JSON.stringify(failed)}`);
      }
      await sleep(50);
    }
  };
});

const disposable = (upstream: UpstreamClient) => ({
  upstream,
  [Symbol.asyncDispose]: () => upstream.close(),
});

/** A line a mode, a column a backend. */
function toTable(cells: ReadonlyMap<string, string>): string {
  const names = Object.keys(backends);
  const short = (cell: string | undefined): string => (cell ?? '-').replace('UPSTREAM_', '');
  const rows = [
    ['mode', ...names],
    ...Object.keys(modes).map((mode) => [mode, ...names.map((name) => short(cells.get(`${mode}/${name}`)))]),
  ];
  const widths = ['mode', ...names].map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return `\nFault matrix: calls that ended with each code\n${lines.join('\n')}\n`;
}
