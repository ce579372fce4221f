import { describe, expect, it } from 'vitest';
import { createLoopMeter } from '../../src/guard/event-loop.ts';

describe('the loop meter', () => {
  it('tells a loop that is busy from one that rests', async () => {
    const meter = createLoopMeter();
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await turn();
    meter();
    for (let count = 0; count < 5; count += 1) {
      const before = process.threadCpuUsage();
      while (process.threadCpuUsage(before).user < 30_000);
      await turn();
    }
    const busy = meter();
    expect(busy.turnMs).toBeGreaterThan(15);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const rest = meter();
    expect(rest.busyShare).toBeLessThan(busy.busyShare);
    expect(rest.turnMs).toBeLessThan(busy.turnMs);
  });
});
