import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { Explanation } from '../src/execution/explain.ts';
import { houseExplainer, readSources } from './operations.ts';

export const usage = `weir check <file or folder>... [--baseline weir-operations.json] [--update]
  Fails when an operation gained a call, a step or an unbatched list since the baseline was written.
  --update writes the baseline anew.`;

/** What an operation cost when the baseline was written. */
const costShape = z.object({ calls: z.number(), depth: z.number(), unbatched: z.array(z.string()) });
type Cost = z.infer<typeof costShape>;
const baselineShape = z.record(z.string(), costShape);

/** Compares operations with the baseline. Returns the exit code: 1 where one has become dearer. */
export function check(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      baseline: { type: 'string', default: 'weir-operations.json' },
      update: { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) {
    console.error(usage);
    return 2;
  }
  const costs = costsOf(positionals);
  if (values.update || !existsSync(values.baseline)) {
    writeFileSync(values.baseline, `${JSON.stringify(Object.fromEntries(costs), null, 2)}\n`);
    console.log(`${values.baseline}: wrote what ${costs.size} operations cost`);
    return 0;
  }
  const baseline = baselineShape.parse(JSON.parse(readFileSync(values.baseline, 'utf8')));
  const faults = [...costs].flatMap(([name, cost]) => compare(name, baseline[name], cost));
  for (const fault of faults) console.error(fault);
  console.log(`${costs.size} operations checked, ${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

function costsOf(names: readonly string[]): ReadonlyMap<string, Cost> {
  const explainer = houseExplainer();
  const costs = new Map<string, Cost>();
  for (const { name, text } of readSources(names)) {
    for (const explanation of explainer.explain(text)) {
      costs.set(explanation.operation ?? name, toCost(explanation));
    }
  }
  return costs;
}

function toCost({ calls, depth, levels }: Explanation): Cost {
  const unbatched = levels.flat().filter(({ batched, keys }) => !batched && keys > 1);
  return { calls, depth, unbatched: unbatched.flatMap(({ paths }) => paths).sort() };
}

/** What has become worse, a line each. An operation that the baseline does not know is new, and no fault. */
function compare(name: string, before: Cost | undefined, now: Cost): string[] {
  if (!before) return [];
  const faults: string[] = [];
  if (now.calls > before.calls) faults.push(`${name}: at most ${now.calls} calls, was ${before.calls}`);
  if (now.depth > before.depth) faults.push(`${name}: ${now.depth} steps deep, was ${before.depth}`);
  for (const path of now.unbatched) {
    if (!before.unbatched.includes(path)) faults.push(`${name}: ${path} is a list that makes a call an item`);
  }
  return faults;
}
