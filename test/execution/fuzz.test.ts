import { describe, expect, it } from 'vitest';
import { randomOperation } from './engine/operations.ts';
import { type Reference, referenceOf } from './engine/reference.ts';
import { createRows } from './engine/rows.ts';
import { type Engine, prepare, type RunResult } from './engine/run.ts';
import { nothingLeft, uniformLaw } from './engine/trace.ts';

const engines: readonly Engine[] = ['js', 'jit'];

/** One call an endpoint, arguments and level, after chunking, whatever a deeper level has asked for before. */
const onePerLevel = ({ calls }: Reference): Map<string, number> => {
  const count = new Map<string, number>();
  for (const { endpoint, args } of calls.flat()) {
    const lane = `${endpoint} ${JSON.stringify(args)}`;
    count.set(lane, (count.get(lane) ?? 0) + 1);
  }
  return count;
};

/** graphql-jit answers some documents in its own way; then it is compared with itself, without any loader. */
const expectedOf = async (
  operation: ReturnType<typeof prepare>,
  engine: Engine,
  options: NonNullable<Parameters<typeof operation.run>[0]>,
): Promise<RunResult> => operation.run({ ...options, engine, loading: 'direct' });

describe('random operations', () => {
  it('have the data of a run without batching, in no more calls and no more time than level by level', async () => {
    let runs = 0;
    let ideal = 0;
    let controlIdeal = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const { source, variables } = randomOperation(seed, { without: ['legacy', 'deeper'] });
      const operation = prepare(source);
      const latency = uniformLaw(seed);
      const rows = createRows({ absent: seed % 2 === 0 });
      const reference = await referenceOf(operation.document, { variables, rows });
      const lanes = onePerLevel(reference);
      const active = operation.plan.variantFor(variables).active;
      const levels = operation.plan.positions
        .filter(({ index, sources }) => active[index] && sources.length > 0)
        .map(({ path, level }) => [path, level] as const);
      expect(new Map(levels), source).toEqual(reference.levels);
      for (const engine of engines) {
        const ours = await operation.run({ engine, latency, variables, rows });
        const direct = await expectedOf(operation, engine, { variables, rows });
        expect(ours.data, source).toEqual(direct.data);
        expect(ours.audit, source).toEqual(nothingLeft);
        if (engine === 'js') expect(ours.data, source).toEqual(reference.data);
        else if (!sameData(direct.data, reference.data)) continue;
        expect(ours.time, source).toBeLessThanOrEqual(reference.criticalPath(latency));
        runs += 1;
        if (ours.calls.length <= reference.idealCalls) ideal += 1;
        // A deeper level may ask for a key before a level above it does; it then spares that level the key.
        expect(ours.calls.length, source).toBeLessThanOrEqual(reference.idealCalls + 1);
        for (const [lane, count] of lanes) expect(count, lane).toBeGreaterThan(0);
        const keys = ours.calls.flatMap((call) =>
          call.keys.map((key) => `${call.endpoint} ${key} ${JSON.stringify(call.args)}`),
        );
        expect(new Set(keys).size, 'a key is asked for once').toBe(keys.length);
      }
      const plain = await operation.run({ loading: 'dataloader', latency, variables, rows });
      if (plain.calls.length <= reference.idealCalls) controlIdeal += 1;
    }
    expect(ideal / runs).toBeGreaterThan(0.99);
    expect(controlIdeal / 200).toBeLessThan(0.75);
  });
});

const sameData = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
