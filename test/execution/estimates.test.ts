import { describe, expect, it } from 'vitest';
import { createEstimates } from '../../src/execution/estimates.ts';

describe('createEstimates', () => {
  it('starts from the usual time of the row', () => {
    const estimates = createEstimates();
    expect(estimates.expectedMs('a', 100)).toBe(200);
    expect(estimates.lateMs('a', 100)).toBe(500);
  });

  it('follows what it sees, each name for itself', () => {
    const estimates = createEstimates();
    for (let i = 0; i < 200; i += 1) estimates.observe('a', 100, 300);
    expect(estimates.expectedMs('a', 100)).toBeCloseTo(300, 0);
    expect(estimates.lateMs('a', 100)).toBeCloseTo(300, 0);
    expect(estimates.expectedMs('b', 100)).toBe(200);
  });

  it('calls late what is far outside of what varies', () => {
    const estimates = createEstimates();
    for (let i = 0; i < 400; i += 1) estimates.observe('a', 100, i % 2 === 0 ? 80 : 120);
    expect(estimates.lateMs('a', 100)).toBeGreaterThan(230);
    expect(estimates.lateMs('a', 100)).toBeLessThan(330);
  });

  it('calls nothing late before 50 ms or twice the usual time, however fast answers out of a cache are', () => {
    const estimates = createEstimates();
    for (let i = 0; i < 400; i += 1) {
      estimates.observe('a', 100, 0);
      estimates.observe('b', 5, 0);
    }
    expect(estimates.lateMs('a', 100)).toBe(200);
    expect(estimates.lateMs('b', 5)).toBe(50);
  });
});
