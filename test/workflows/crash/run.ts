/**
 * The long proofs of durable workflows, each with a table: `node test/workflows/crash/run.ts [three-runs|kill-points|chaos]`.
 *
 * `--sagas 10000`, `--replicas 3`, `--doubles 40`, `--only cancelOrder` and `--seed 7` say how much and which. Ends with
 * 1 where anything was lost, done twice, or left half done.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoWorld } from '../../../demo/world.ts';
import { startEmbeddedPostgres } from '../../../src/postgres/embedded.ts';
import { ask } from '../test-database.ts';
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
    seed: { type: 'string', default: '7' },
  },
});
const wanted = positionals.length > 0 ? positionals : ['three-runs', 'kill-points', 'chaos'];
const dataDir = mkdtempSync(join(tmpdir(), 'weir-crash-'));
chmodSync(dataDir, 0o755);
const database = await startEmbeddedPostgres({ dataDir, log: () => undefined });
const world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
const random = seeded(Number(values.seed));
let faulty = false;
let databases = 0;
const fresh = async (): Promise<string> => {
  databases += 1;
  await ask(database.url, `create database lane_${databases}`);
  return database.url.replace('/postgres?', `/lane_${databases}?`);
};

if (wanted.includes('three-runs')) {
  console.log('| order | ends | steps | writes |\n|---|---|---|---|');
  for (const { title, status, steps, writes } of await processThreeOrders(world.urls, database.url)) {
    console.log(`| ${title} | ${status} | ${steps.join(', ')} | ${writes.join(', ')} |`);
  }
}

if (wanted.includes('kill-points')) {
  console.log('| workflow | runs | processes killed | slowest | faults |\n|---|---|---|---|---|');
  for (const scenario of await scenarios(world.urls)) {
    if (values.only !== '' && values.only !== scenario.name) continue;
    const runs = await killAtEveryPoint({
      urls: world.urls,
      fresh,
      scenario,
      lanes: 4,
      doubles: Number(values.doubles),
      random,
    });
    const faults = runs.filter((run) => run.faults.length > 0);
    faulty ||= faults.length > 0;
    const kills = runs.reduce((sum, run) => sum + run.kills, 0);
    const slowest = Math.max(...runs.map(({ seconds }) => seconds)).toFixed(1);
    console.log(`| ${scenario.title} | ${runs.length} | ${kills} | ${slowest} s | ${faults.length} |`);
    for (const { points, faults: what } of faults) console.log(`  ${points}: ${what.join('; ')}`);
  }
}

if (wanted.includes('chaos')) {
  const result = await runChaos({
    urls: world.urls,
    url: database.url,
    sagas: Number(values.sagas),
    replicas: Number(values.replicas),
    killEveryMs: 2000,
    killDatabase() {
      const pid = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0];
      process.kill(Number(pid), 'SIGKILL');
    },
    random,
    say: (line) => console.log(line),
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
}

await world.close();
await database.close();
rmSync(dataDir, { recursive: true, force: true });
process.exitCode = faulty ? 1 : 0;
