import { describe, expect, it } from 'vitest';
import { adviseOn } from '../../../explorer/src/waterfall/advice.ts';
import { summarise } from '../../../explorer/src/waterfall/summary.ts';
import type { WaterfallCall } from '../../../explorer/src/waterfall/waterfall.ts';
import { aCall, aWaterfall, flightSearchWaterfall, orderPageWaterfall } from '../waterfalls.ts';

const kinds = (calls: readonly WaterfallCall[]) => adviseOn(aWaterfall(calls)).map((advice) => advice.kind);

describe('adviseOn', () => {
  it('has nothing to say of a page that is as flat as can be', () => {
    expect(adviseOn(orderPageWaterfall())).toEqual([]);
  });

  it('names what a flight search pays for', () => {
    const advice = adviseOn(flightSearchWaterfall());
    expect(advice.map(({ kind, callIds }) => [kind, callIds])).toEqual([
      ['retried', ['offer-4-again']],
      ['not-batched', ['offer-1', 'offer-2', 'offer-3', 'offer-4', 'offer-5']],
      ['queued', ['search']],
    ]);
    expect(advice[1]?.title).toBe('5 calls of GET /offers/{flightId}, one key each');
  });

  it('sees calls of one endpoint in one wave with a key each, and nothing else, as not batched', () => {
    const one = { route: 'GET /stock/{productId}', backend: 'inventory' };
    expect(kinds([aCall({ ...one, id: 'a' }), aCall({ ...one, id: 'b' })])).toEqual(['not-batched']);
    expect(
      kinds([aCall({ ...one, id: 'a', batchSize: 100 }), aCall({ ...one, id: 'b', batchSize: 40 })]),
    ).toEqual([]);
    expect(kinds([aCall({ ...one, id: 'a' }), aCall({ ...one, id: 'b', source: 'cache' })])).toEqual([]);
    expect(
      kinds([aCall({ ...one, id: 'a', method: 'POST' }), aCall({ ...one, id: 'b', method: 'POST' })]),
    ).toEqual([]);
    expect(kinds([aCall({ ...one, id: 'a' }), aCall({ ...one, id: 'b', wave: 2, startMs: 102 })])).toEqual(
      [],
    );
  });

  it('sees a call that left later than what it needed had come, by the fields that enclose its own', () => {
    const calls = [
      aCall({ id: 'orders', paths: ['me.orders'], durationMs: 50 }),
      aCall({
        id: 'slow',
        paths: ['me.bookings'],
        route: 'GET /bookings?userIds',
        backend: 'bookings',
        durationMs: 100,
      }),
      aCall({
        id: 'items',
        wave: 2,
        startMs: 101.5,
        paths: ['me.orders.nodes.items.product'],
        backend: 'products',
        route: 'GET /products?ids',
      }),
    ];
    const [advice, ...others] = adviseOn(aWaterfall(calls));
    expect(others).toEqual([]);
    expect(advice).toMatchObject({ kind: 'late', callIds: ['items'] });
    expect(advice?.title).toBe('products could start 50.5 ms earlier');
    expect(advice?.detail).toContain('after orders had answered');
  });

  it('does not take a wait in the queue for a late start', () => {
    expect(kinds([aCall({ startMs: 41, queueMs: 40 })])).toEqual(['queued']);
  });

  it('counts a failure that the next attempt made good as a retry only', () => {
    const failed = aCall({ id: 'a', status: 503, error: 'UPSTREAM_UNAVAILABLE', durationMs: 20 });
    const again = aCall({ id: 'b', attempt: 2, startMs: 30 });
    expect(kinds([failed, again])).toEqual(['retried']);
    expect(kinds([failed])).toEqual(['failed']);
    expect(summarise(aWaterfall([failed, again]))).toMatchObject({ made: 2, retries: 1, failed: 0 });
    expect(summarise(aWaterfall([failed]))).toMatchObject({ made: 1, retries: 0, failed: 1 });
  });
});

describe('summarise', () => {
  it('counts what reached a backend, and what did not have to', () => {
    expect(summarise(flightSearchWaterfall())).toMatchObject({ made: 7, saved: 14, retries: 1, depth: 2 });
  });

  it('claims no gain where there is none', () => {
    expect(summarise(aWaterfall([aCall()], { totalMs: 120, serialMs: 100 })).timesFaster).toBeNull();
    expect(summarise(aWaterfall([], { totalMs: 0, serialMs: 0 })).timesFaster).toBeNull();
    expect(summarise(aWaterfall([aCall()], { totalMs: 50, serialMs: 400 })).timesFaster).toBe(8);
  });
});
