import { describe, expect, it } from 'vitest';
import { criticalCalls, criticalChain } from '../../../explorer/src/waterfall/critical-path.ts';
import { aCall, aWaterfall, orderPageWaterfall } from '../waterfalls.ts';

const ids = (calls: readonly { readonly id: string }[]) => calls.map((call) => call.id);

describe('criticalCalls', () => {
  it('takes the gateway’s word', () => {
    expect([...criticalCalls(orderPageWaterfall())]).toEqual(['2', '5']);
  });

  it('walks back from the call that ended last where the gateway says nothing', () => {
    const calls = [
      aCall({ id: 'quick', wave: 1, startMs: 0, durationMs: 20 }),
      aCall({ id: 'slow', wave: 1, startMs: 0, durationMs: 90 }),
      aCall({ id: 'early', wave: 2, startMs: 21, durationMs: 30 }),
      aCall({ id: 'late', wave: 2, startMs: 91, durationMs: 60 }),
      aCall({ id: 'last', wave: 3, startMs: 152, durationMs: 10 }),
    ];
    expect(ids(criticalChain(aWaterfall(calls)))).toEqual(['slow', 'late', 'last']);
  });

  it('goes through the failed attempts before a repeated one', () => {
    const calls = [
      aCall({ id: 'first', attempt: 1, startMs: 0, durationMs: 40, error: 'UPSTREAM_TIMEOUT' }),
      aCall({ id: 'second', attempt: 2, startMs: 60, durationMs: 50 }),
    ];
    expect(ids(criticalChain(aWaterfall(calls)))).toEqual(['first', 'second']);
  });

  it('is empty without calls, and ends where clocks disagree', () => {
    expect(criticalCalls(aWaterfall([])).size).toBe(0);
    const twins = [
      aCall({ id: 'a', startMs: 0, durationMs: 0 }),
      aCall({ id: 'b', startMs: 0, durationMs: 0 }),
    ];
    expect(criticalCalls(aWaterfall(twins)).size).toBe(1);
  });
});
