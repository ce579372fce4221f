/**
 * The permanent benchmark: what an answer of Weir costs, beside the least that it can cost and beside its peers.
 *
 * `npm run bench -- [--rounds 31] [--generations 3] [--quick] [--only W1,W2] [--against mercurius] [--peers]`
 *
 * Prints the table, draws `results/chart.svg` and writes `results/latest.json`. Ends with 1 where an answer was not
 * L's, or where the control says that nothing can be said.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contestant, installPeer, isInstalled, own, peerNames, toContestant } from './contestants.ts';
import { measureBench } from './measure/bench.ts';
import { toTable } from './report/table.ts';
import { writeResults } from './report/write-results.ts';
import { workloads } from './workloads.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '31' },
    generations: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    against: { type: 'string' },
    peers: { type: 'boolean', default: false },
  },
});

const chosen = workloads.filter(({ name }) => !values.only || values.only.split(',').includes(name));
if (chosen.length === 0) throw new Error(`--only ${values.only}: there are W0, W1, W2, W3 and W4`);
const peers = peerNames().filter((name) => !values.against || values.against.split(',').includes(name));
if (values.peers) for (const name of peers) if (!isInstalled(name)) installPeer(name);

const missing = peers.filter((name) => !isInstalled(name));
if (missing.length > 0) {
  console.error(`!! NOT MEASURED, for want of their packages: ${missing.join(', ')}`);
  console.error('!! npm run bench -- --peers installs them, each by its own lockfile.');
}
const contestants: readonly Contestant[] = [...own, ...peers.filter(isInstalled).map(toContestant)];

const scratch = mkdtempSync(join(tmpdir(), 'weir-bench-'));
try {
  const results = await measureBench({
    contestants,
    workloads: chosen,
    rounds: values.quick ? 5 : toWhole('rounds', values.rounds),
    generations: values.quick ? 1 : toWhole('generations', values.generations),
    share: values.quick ? 0.4 : 1,
    output: join(scratch, 'servers.log'),
    onProgress: (line) => console.error(line),
  });
  console.log(`\n${toTable(results)}\n`);
  const kept = chosen.length === workloads.length && !values.quick;
  if (kept) console.log(writeResults(results, join(import.meta.dirname, 'results')).join('\n'));
  else console.log('Not written to bench/results: only a whole run is.');
  if (Object.values(results.workloads).some((result) => result?.void)) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function toWhole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} ${text}: expected a whole number, 1 up`);
  return value;
}
