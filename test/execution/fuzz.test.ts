import { describe, expect, it } from 'vitest';
import { randomOperation } from './engine/operations.ts';
import { hashed } from './engine/random.ts';
import { referenceOf } from './engine/reference.ts';
import { createRows } from './engine/rows.ts';
import { type Engine, prepare, type RunOptions, type RunResult } from './engine/run.ts';
import { nothingLeft, uniformLaw } from './engine/trace.ts';
import { endpoints } from './engine/world.ts';

const engines: readonly Engine[] = ['js', 'jit'];
const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const expectEachKeyOnce = ({ calls }: RunResult, source: string): void => {
  const asked = calls.flatMap(({ endpoint, keys, args }) =>
    keys.map((key) => `${endpoint} ${key} ${JSON.stringify(args)}`),
  );
  expect(new Set(asked).size, source).toBe(asked.length);
};

describe('random operations', () => {
  it('have the data of a run without batching, in the fewest calls and no more time than level by level', {
    timeout: 60_000,
  }, async () => {
    const SEEDS = 90;
    let runs = 0;
    let ideal = 0;
    let controlIdeal = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { source, variables } = randomOperation(seed, { without: ['legacy', 'deeper'] });
      const operation = prepare(source);
      const latency = uniformLaw(seed);
      const rows = createRows({ absent: seed % 2 === 0 });
      const reference = await referenceOf(operation.document, { variables, rows });

      const { active } = operation.plan.variantFor(variables);
      const levels = operation.plan.positions
        .filter(({ index, sources }) => active[index] && sources.length > 0)
        .map(({ path, level }) => [path, level] as const);
      expect(new Map(levels), source).toEqual(reference.levels);

      for (const engine of engines) {
        const ours = await operation.run({ engine, latency, variables, rows });
        const direct = await operation.run({ engine, loading: 'direct', variables, rows });
        expect(ours.data, source).toEqual(direct.data);
        expect(ours.audit, source).toEqual(nothingLeft);
        expectEachKeyOnce(ours, source);
        // graphql-jit runs some documents in its own way, loaders or not.
        if (engine === 'jit' && !isEqual(direct.data, reference.data)) continue;
        expect(ours.data, source).toEqual(reference.data);
        expect(ours.time, source).toBeLessThanOrEqual(reference.criticalPath(latency));
        runs += 1;
        if (ours.calls.length <= reference.idealCalls) ideal += 1;
      }
      const plain = await operation.run({ loading: 'dataloader', latency, variables, rows });
      if (plain.calls.length <= reference.idealCalls) controlIdeal += 1;
    }
    // Above the ideal is only whoever asks at a deeper level for a key that a level above it asks for later.
    expect(ideal / runs).toBeGreaterThan(0.99);
    expect(controlIdeal / SEEDS).toBeLessThan(0.75);
  });

  it('never come to a standstill where calls fail, hang, or are made by hand', {
    timeout: 60_000,
  }, async () => {
    for (let seed = 2001; seed <= 2070; seed += 1) {
      const { source, variables } = randomOperation(seed);
      const operation = prepare(source);
      const rows = createRows({ absent: true });
      const luck = (endpoint: string, keys: readonly string[]): number =>
        hashed(seed, endpoints.get(endpoint)?.bulk ? `luck ${endpoint}` : `luck ${endpoint} ${keys}`);
      const hangs = (endpoint: string, keys: readonly string[]): boolean =>
        endpoint !== 'work' && luck(endpoint, keys) < 0.08;
      const fails = (endpoint: string, keys: readonly string[]): boolean => luck(endpoint, keys) < 0.25;
      const law = uniformLaw(seed);
      const options: RunOptions = { variables, rows, fails, strict: false };
      for (const engine of engines) {
        const ours = await operation.run({
          ...options,
          engine,
          deadlineMs: 60_000,
          latency: (endpoint, keys, args) =>
            hangs(endpoint, keys) ? Number.POSITIVE_INFINITY : law(endpoint, keys, args),
        });
        const direct = await operation.run({ ...options, engine, loading: 'direct' });
        expect(ours.data, source).toEqual(direct.data);
        // A child that was started by its key may hang on when its parent turned out to be null.
        expect(ours.auditAfterFinish, source).toEqual(nothingLeft);
        expect(ours.timersLeft, source).toBe(0);
      }
    }
  });
});
