import { describe, expect, it } from 'vitest';
import { hashed } from './engine/random.ts';
import { type Reference, referenceOf } from './engine/reference.ts';
import { prepare, type RunOptions } from './engine/run.ts';
import { shapes } from './engine/shapes.ts';
import { nothingLeft, skewedLaw, uniformLaw } from './engine/trace.ts';
import { endpoints } from './engine/world.ts';

/** 100 runs of each of ten shapes. */
const RUNS = 100;

/** Rows that loaders know from the start: none, a quarter or half of those that are asked for, chosen anew each run. */
const warmOf = (seed: number, { calls }: Reference): (readonly [string, string])[] =>
  calls
    .flat()
    .filter(({ endpoint, args }) => endpoints.get(endpoint)?.bulk && args === undefined)
    .flatMap(({ endpoint, keys }) => keys.map((key) => [endpoint, key] as const))
    .filter(([endpoint, key]) => hashed(seed, `${endpoint} ${key}`) < (seed % 3) / 4);

describe('batching that latency cannot split', { timeout: 60_000 }, () => {
  /** By shape: runs in which DataLoader alone made more calls than the ideal. */
  const control = new Map<string, number>();

  it.each(Object.entries(shapes))(
    '%s: in every run the fewest calls, in no more time than level by level',
    async (name, source) => {
      const operation = prepare(source);
      const cold = await referenceOf(operation.document);
      let worse = 0;
      for (let seed = 0; seed < RUNS; seed += 1) {
        const warm = warmOf(seed, cold);
        const latency = uniformLaw(seed);
        const reference = await referenceOf(operation.document, { warm });
        const options: RunOptions = { latency, warm, engine: seed % 2 === 0 ? 'jit' : 'js' };
        const ours = await operation.run(options);
        expect(ours.data).toEqual(reference.data);
        expect(ours.calls.length, `calls of seed ${seed}`).toBeLessThanOrEqual(reference.idealCalls);
        expect(ours.time, `time of seed ${seed}`).toBeLessThanOrEqual(reference.criticalPath(latency));
        expect(ours.audit).toEqual(nothingLeft);
        const plain = await operation.run({ ...options, loading: 'dataloader' });
        expect(plain.data).toEqual(reference.data);
        if (plain.calls.length > reference.idealCalls) worse += 1;
      }
      control.set(name, worse);
    },
  );

  it('is not what DataLoader alone does: the control fails', () => {
    expect(control.size).toBe(Object.keys(shapes).length);
    const worse = [...control.values()].reduce((sum, one) => sum + one, 0);
    expect(worse).toBeGreaterThan((RUNS * control.size) / 5);
  });

  it('holds in nearly every run where some answers take much longer than usual, and is never later', async () => {
    let ideal = 0;
    let runs = 0;
    for (const source of Object.values(shapes)) {
      const operation = prepare(source);
      const reference = await referenceOf(operation.document);
      for (let seed = 0; seed < 30; seed += 1) {
        const latency = skewedLaw(seed);
        const ours = await operation.run({ latency, engine: 'jit' });
        expect(ours.data).toEqual(reference.data);
        expect(ours.time).toBeLessThanOrEqual(reference.criticalPath(latency));
        runs += 1;
        // What is late by far is not waited for: its keys then take a call more.
        if (ours.calls.length <= reference.idealCalls) ideal += 1;
      }
    }
    expect(ideal / runs).toBeGreaterThan(0.97);
  });
});
