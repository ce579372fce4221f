/**
 * `npm run fuzz -- --n 100000 --seed 7`: sends mutated requests to a gateway and says what it made of them.
 *
 * Ends with 1 where it crashed, answered 5xx, took longer than a second, grew, told of its inside, or refused without
 * saying how much was too much. `--from 4711 --n 1` sends one case again and prints it. `--ids 1000000` asks for that
 * many documents by random ids instead, and says by how much the gateway's memory has grown.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoWorld } from '../../demo/world.ts';
import { createCase } from './cases.ts';
import { fuzz } from './fuzz.ts';
import { sendIds } from './ids.ts';
import { signIn } from './sign-in.ts';
import { startTarget } from './target.ts';

/** What it may take more after all of it than when it was warm. */
const MOST_MB = 100;

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    from: { type: 'string', default: '0' },
    ids: { type: 'string', default: '0' },
  },
});
const [count, seed, from] = [Number(values.n), Number(values.seed), Number(values.from)];
const ids = Number(values.ids);
if (![count, seed, from, ids].every(Number.isSafeInteger)) {
  console.error('Usage: npm run fuzz -- --n 100000 --seed 7 [--from 0 | --ids 1000000]');
  process.exit(1);
}

const dataDir = await mkdtemp(join(tmpdir(), 'weir-fuzz-'));
const world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
const target = await startTarget(world.urls);
const startedAt = performance.now();
const onProgress = (done: number): void =>
  console.log(`${done} done after ${Math.round((performance.now() - startedAt) / 1000)} s`);

const end = async (good: boolean): Promise<never> => {
  await target[Symbol.asyncDispose]();
  await world.close();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(good ? 0 : 1);
};
const told = (mb: number): string => `memory ${mb >= 0 ? '+' : ''}${mb.toFixed(1)} MB`;

if (ids > 0) {
  const { unknown, registered, wrong, grewMb } = await sendIds(target, { seed, count: ids, onProgress });
  for (const what of [...wrong, ...target.crashes]) console.log(what);
  console.log(
    `${ids} ids, seed ${seed}: ${unknown} unknown, ${registered} registered, ${wrong.length} faults, ${target.crashes.length} crashes, ${told(grewMb)}`,
  );
  await end(wrong.length + target.crashes.length === 0 && grewMb < MOST_MB);
}

const tokens = await Promise.all(
  ['ada', 'grace', 'root'].map((name) => signIn(world.urls.users ?? '', name)),
);
console.log(`${count} cases from ${from} on, seed ${seed}`);
const report = await fuzz(target, {
  seed,
  count,
  from,
  tokens,
  onProgress,
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
  `${report.cases} cases, seed ${seed}: ${report.crashes.length} crashes, ${report.faults.length} faults, slowest answer ${Math.round(report.slowestMs)} ms, ${told(report.grewMb)}`,
);
await end(report.crashes.length + report.faults.length === 0 && report.grewMb < MOST_MB);
