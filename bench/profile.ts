/**
 * Where Weir's CPU goes: samples the server under the bench's load and adds up by function and by room.
 *
 * `npm run bench:profile -- [--only W1,W2] [--top 40] [--of weir] [--keep <folder>]`
 *
 * `--of` profiles another contestant; `--keep` keeps the `.cpuprofile` files, for a browser's developer tools.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { own, peerNames, toContestant } from './contestants.ts';
import { createLoad } from './load/load.ts';
import { canPin, pinSelf, startServer } from './measure/server-process.ts';
import { readHotSpots } from './report/hot-functions.ts';
import { type Workload, workloads } from './workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'W1,W2' },
    top: { type: 'string', default: '30' },
    of: { type: 'string', default: 'weir' },
    keep: { type: 'string' },
  },
});

const CLIENTS = 8;
const WARM_UP_ROUNDS = 40;
const PROFILED_ROUNDS = 12;

const contestant = [...own, ...peerNames().map(toContestant)].find(({ name }) => name === values.of);
if (!contestant) throw new Error(`--of ${values.of}: there are limit, weir and the folders of bench/peers`);
const pinned = canPin();
if (pinned) pinSelf(1);
const scratch = mkdtempSync(join(tmpdir(), 'weir-profile-'));
const folder = values.keep ?? scratch;
mkdirSync(folder, { recursive: true });
try {
  for (const workload of workloads) {
    if (values.only.split(',').includes(workload.name)) await profile(workload);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function profile(workload: Workload): Promise<void> {
  const path = join(folder, `${values.of}-${workload.name}.cpuprofile`);
  const output = join(scratch, 'servers.log');
  await using backend = await startServer({
    main: join(import.meta.dirname, 'backend/main.ts'),
    core: pinned ? 1 : null,
    output,
  });
  await using server = await startServer({
    main: contestant?.main ?? '',
    core: pinned ? 0 : null,
    output,
    env: { BENCH_BACKEND_URL: backend.url, BENCH_PROFILE: path, ...contestant?.env },
    nodeArguments: [
      ...(contestant?.nodeArguments ?? []),
      '--import',
      join(import.meta.dirname, 'measure/profiler.ts'),
    ],
  });
  const load = createLoad(server.url, backend.token);
  const draws = Array.from({ length: workload.requests }, (_, index) => index % workload.draws);
  const run = async (rounds: number): Promise<void> => {
    await load.open(CLIENTS);
    for (let round = 0; round < rounds; round += 1) await load.run(workload, draws, CLIENTS);
  };
  await run(WARM_UP_ROUNDS);
  await server.profile(() => run(PROFILED_ROUNDS));
  load.close();
  print(workload, path, PROFILED_ROUNDS * draws.length);
}

function print({ name, title }: Workload, path: string, requests: number): void {
  const { functions, rooms, busyMicros } = readHotSpots(path);
  const line = ({ name: what, micros }: { readonly name: string; readonly micros: number }): string =>
    `${(micros / requests).toFixed(1).padStart(8)} µs ${((100 * micros) / busyMicros).toFixed(1).padStart(5)} %  ${what}`;
  console.log(
    `\n${name}  ${title}: ${(busyMicros / requests).toFixed(0)} µs a request, sampled (${values.of})`,
  );
  console.log(`\n  by room\n${rooms.slice(0, 20).map(line).join('\n')}`);
  console.log(`\n  by function, itself\n${functions.slice(0, Number(values.top)).map(line).join('\n')}`);
}
