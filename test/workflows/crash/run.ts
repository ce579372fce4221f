/**
 * The long proofs of durable workflows, each with a table: `node test/workflows/crash/run.ts [three-runs|kill-points|chaos]`.
 *
 * `--sagas 10000`, `--replicas 3`, `--doubles 40`, `--only cancelOrder` and `--seed 7` say how much and which;
 * `--part 2/4` runs the second of four parts of the kill points. What goes on is told as it goes, on the error stream.
 * Ends with 1 where anything was lost, done twice, left half done, or took too long.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoWorld } from '../../../demo/world.ts';
import { startTestDatabase } from '../test-database.ts';
import { runChaos } from './chaos.ts';
import { killAtEveryPoint } from './kill-points.ts';
import { seeded } from './random.ts';
import { scenarios } from './scenarios.ts';
import { processThreeOrders } from './three-runs.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sagas: { type: 'string', default: '1000' },
    replicas: { type: 'string', default: '3' },
    doubles: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    part: { type: 'string', default: '1/1' },
    seed: { type: 'string', default: '7' },
  },
});
const wanted = positionals.length > 0 ? positionals : ['three-runs', 'kill-points', 'chaos'];
const database = await startTestDatabase();
const dataDir = mkdtempSync(join(tmpdir(), 'weir-crash-'));
const world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
let faulty = false;
const say = (line: string): void => console.error(line);

const threeRuns = async (): Promise<void> => {
  console.log('| order | ends | steps | writes |\n|---|---|---|---|');
  for (const { title, status, steps, writes } of await processThreeOrders(
    world.urls,
    await database.fresh(),
  )) {
    console.log(`| ${title} | ${status} | ${steps.join(', ')} | ${writes.join(', ')} |`);
  }
};

const killPoints = async (): Promise<void> => {
  const [number = 1, of = 1] = values.part.split('/').map(Number);
  const chosen = (await scenarios(world.urls)).filter(({ name }) => ['', name].includes(values.only));
  if (chosen.length === 0) throw new Error(`There is no workflow ${values.only}.`);
  console.log(
    '| workflow | single | double | processes killed | slowest | faults |\n|---|---|---|---|---|---|',
  );
  for (const scenario of chosen) {
    let done = 0;
    const runs = await killAtEveryPoint({
      urls: world.urls,
      fresh: database.fresh,
      scenario,
      lanes: 4,
      doubles: Number(values.doubles),
      random: seeded(Number(values.seed)),
      part: { number, of },
      onRun({ points, status, kills, seconds, faults }, total) {
        done += 1;
        const what = [`${kills} killed, ${status} in ${seconds.toFixed(1)} s`, ...faults].join('; ');
        say(`${scenario.title} ${done}/${total}: ${points}: ${what}`);
      },
    });
    const faults = runs.filter((run) => run.faults.length > 0);
    faulty ||= faults.length > 0;
    const kills = runs.reduce((sum, run) => sum + run.kills, 0);
    const slowest = Math.max(...runs.map(({ seconds }) => seconds)).toFixed(1);
    const doubles = runs.filter(({ points }) => points.includes(' + ')).length;
    const counts = `${runs.length - doubles} | ${doubles} | ${kills}`;
    console.log(`| ${scenario.title} | ${counts} | ${slowest} s | ${faults.length} |`);
    for (const { points, faults: what } of faults) console.log(`  ${points}: ${what.join('; ')}`);
  }
};

const chaos = async (): Promise<void> => {
  const result = await runChaos({
    urls: world.urls,
    url: await database.fresh(),
    sagas: Number(values.sagas),
    replicas: Number(values.replicas),
    killEveryMs: 2000,
    killDatabase: database.kill,
    random: seeded(Number(values.seed)),
    say,
  });
  faulty ||= result.faults.length > 0;
  console.log(
    '| sagas | processes killed | database killed | settled after the last fault | faults |\n|---|---|---|---|---|',
  );
  const { byStatus, kills, databaseKills, settledMs, faults } = result;
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`);
  console.log(
    `| ${statuses.join(', ')} | ${kills} | ${databaseKills} | ${(settledMs / 1000).toFixed(1)} s | ${faults.length} |`,
  );
  for (const fault of faults.slice(0, 50)) console.log(`  ${fault}`);
};

const end = async (code: number): Promise<never> => {
  await world.close();
  await database[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log(`stopped by ${signal} before its end`);
    void end(1);
  });
}

try {
  if (wanted.includes('three-runs')) await threeRuns();
  if (wanted.includes('kill-points')) await killPoints();
  if (wanted.includes('chaos')) await chaos();
} catch (error) {
  faulty = true;
  console.error(error);
}
await end(faulty ? 1 : 0);
