/**
 * `npm run fuzz -- --n 100000 --seed 7`: sends mutated requests to a gateway and says what it made of them.
 *
 * Ends with 1 where it crashed, answered 5xx, took longer than a second, grew, told of its inside, or refused without
 * saying how much was too much. `--from 4711 --n 1` sends one case again and prints it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoWorld } from '../../demo/world.ts';
import { createCase } from './cases.ts';
import { fuzz } from './fuzz.ts';
import { signIn } from './sign-in.ts';
import { startTarget } from './target.ts';

/** What it may take more after all of it than when it was warm. */
const MOST_MB = 100;

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    from: { type: 'string', default: '0' },
  },
});
const [count, seed, from] = [Number(values.n), Number(values.seed), Number(values.from)];
if (![count, seed, from].every(Number.isSafeInteger)) {
  console.error('Usage: npm run fuzz -- --n 100000 --seed 7 [--from 0]');
  process.exit(1);
}

const dataDir = await mkdtemp(join(tmpdir(), 'weir-fuzz-'));
const world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
const target = await startTarget(world.urls);
const tokens = await Promise.all(
  ['ada', 'grace', 'root'].map((name) => signIn(world.urls.users ?? '', name)),
);
console.log(`${count} cases from ${from} on, seed ${seed}`);
const startedAt = performance.now();
const report = await fuzz(target, {
  seed,
  count,
  from,
  tokens,
  onProgress: (done) =>
    console.log(`${done} done after ${Math.round((performance.now() - startedAt) / 1000)} s`),
});

if (count === 1) console.log(createCase({ seed, tokens }, from).bytes.toString('utf8'));
for (const { index, layer, what, request } of report.faults.slice(0, 20)) {
  console.log(`\ncase ${index} (${layer}): ${what}\n${request}`);
}
for (const crash of report.crashes) console.log(`\ncrash: ${crash}`);
console.table(
  [...report.outcomes].sort(([, a], [, b]) => b - a).map(([outcome, times]) => ({ outcome, times })),
);
console.log(
  `${report.cases} cases, seed ${seed}: ${report.crashes.length} crashes, ${report.faults.length} faults, slowest answer ${Math.round(report.slowestMs)} ms, memory ${report.grewMb >= 0 ? '+' : ''}${report.grewMb.toFixed(1)} MB`,
);
await target[Symbol.asyncDispose]();
await world.close();
await rm(dataDir, { recursive: true, force: true });
process.exit(report.crashes.length + report.faults.length === 0 && report.grewMb < MOST_MB ? 0 : 1);
