import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { workflowIdOf } from '../../../src/workflows/workflow-id.ts';
import { whenEnded, whenFollowed } from './endings.ts';
import { judge, judgeFollowUps, type LedgerRow, writesByWorkflow } from './judge.ts';
import type { KillPoint, ReplicaOrder, ReplicaSettings } from './replica.ts';
import { type Replica, startReplica } from './replicas.ts';
import { runQuietly } from './run-quietly.ts';
import type { Scenario } from './scenario.ts';

/** What became of one run. */
export interface KilledRun {
  readonly scenario: string;
  readonly points: string;
  readonly status: string;
  readonly kills: number;
  readonly seconds: number;
  readonly faults: readonly string[];
}

export interface KillPointOptions {
  readonly urls: Readonly<Record<string, string>>;
  /** The address of a new database. */
  fresh(): Promise<string>;
  readonly scenario: Scenario;
  /** Runs at once. */
  readonly lanes: number;
  /** How many pairs of points are tried after all single ones. */
  readonly doubles: number;
  /** Decides which pairs. */
  readonly random: () => number;
  /** Of so many parts only this one, counted from 1; left out: everything. */
  readonly part?: { readonly number: number; readonly of: number };
  /** What has not ended by then is a fault. */
  readonly withinMs?: number;
  /** Hears of each run as it ends, and how many there are to be. */
  readonly onRun?: (run: KilledRun, total: number) => void;
}

type Point = Omit<KillPoint, 'workflowId'>;
type Verdict = Pick<KilledRun, 'status' | 'kills' | 'faults'>;

const whens = ['before', 'after', 'recorded'] as const;
/** How long a process may live on after the workflow's end, for points in what follows it. */
const patienceMs = 1500;
let keys = 0;

/**
 * Kills processes at every point of a workflow: before each call, after it and before it is recorded, after it is
 * recorded. Another process finishes what they had; the backends' ledgers say whether it did so well.
 *
 * A scenario that does not end well when nobody dies has no points: that run is then the only one, and a fault.
 */
export async function killAtEveryPoint(options: KillPointOptions): Promise<readonly KilledRun[]> {
  const { urls, fresh, scenario, lanes, doubles, random, onRun, withinMs = 120_000 } = options;
  const { number, of } = options.part ?? { number: 1, of: 1 };
  const url = await fresh();
  const settings: ReplicaSettings = { urls, url, sealingKey: randomBytes(32).toString('hex'), sweepMs: 250 };

  let calls: readonly { readonly call: string; readonly nth: number }[] = [];
  const quiet = await bounded(scenario, 'nobody dies', withinMs, async (late) => {
    const run = await runQuietly(scenario, urls, url, late);
    calls = run.calls;
    return { kills: 0, ...(await judgeRun(urls, scenario, run)) };
  });
  if (quiet.faults.length > 0) {
    onRun?.(quiet, 1);
    return [quiet];
  }

  const points = calls.flatMap(({ call, nth }) => whens.map((when): Point => ({ call, nth, when })));
  const singles = points.map((point) => [point]);
  const pairs = Array.from({ length: doubles }, () => pairOf(points, random));
  const all = [...singles, ...pairs].filter((_, index) => index % of === number - 1);
  const runs: KilledRun[] = [];
  const inLanes = async (queue: (readonly Point[])[], survivors: readonly Replica[]): Promise<void> => {
    const lane = async (): Promise<void> => {
      // Where nobody survives, nobody else may take a workflow up between two deaths.
      const own = survivors.length > 0 ? settings : { ...settings, url: await fresh() };
      for (let next = queue.shift(); next; next = queue.shift()) {
        const done = await killAt(next, { settings: own, scenario, survivors, withinMs });
        runs.push(done);
        onRun?.(done, all.length);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };

  const isWatched = (one: readonly Point[]): boolean => one.length === 1 && !scenario.alone;
  const survivor = await startReplica(settings);
  try {
    await inLanes(all.filter(isWatched), [survivor]);
  } finally {
    await survivor.kill();
  }
  await inLanes(
    all.filter((one) => !isWatched(one)),
    [],
  );
  return runs;
}

/** Two points of which the second comes after the first, told as the process that goes on counts its calls. */
function pairOf(points: readonly Point[], random: () => number): readonly Point[] {
  const [at = 0, later = 0] = [random(), random()]
    .map((chance) => Math.floor(chance * points.length))
    .sort((a, b) => a - b);
  const [first, second] = [points[at], points[later]];
  if (!first || !second) return [];
  // What is on record is not called again.
  const recorded = points.slice(0, at + 1).filter(({ when, call }) => {
    return when === 'recorded' && call === second.call;
  });
  return [first, { ...second, nth: Math.max(1, second.nth - recorded.length) }];
}

interface KillAtOptions {
  readonly settings: ReplicaSettings;
  readonly scenario: Scenario;
  readonly survivors: readonly Replica[];
  readonly withinMs: number;
}

/** One run: a process dies at each point in turn, the next one having been told of the next point. */
async function killAt(points: readonly Point[], options: KillAtOptions): Promise<KilledRun> {
  const { settings, scenario, survivors, withinMs } = options;
  const { name, begin, says } = scenario;
  const { urls, url } = settings;
  const title = points
    .map(({ when, call, nth }) => `${when} ${call}${nth > 1 ? ` (${nth})` : ''}`)
    .join(' + ');
  const hired = new Set<Replica>();
  let over = false;
  const hire = async (): Promise<Replica> => {
    const replica = await startReplica(settings);
    hired.add(replica);
    // A run that hung may go on when nobody waits for it any more.
    if (over) await end(replica);
    return replica;
  };
  const end = async (replica: Replica): Promise<void> => {
    hired.delete(replica);
    await replica.kill();
  };
  try {
    return await bounded(scenario, title, withinMs, async (late) => {
      keys += 1;
      const key = `kill-${process.pid}-${keys}`;
      // A process first: it makes the tables that a beginning may need.
      const first = await hire();
      const { input, startedBy = '1' } = await begin(url);
      const id = workflowIdOf(`viewer:${startedBy}`, name, key);
      const order: ReplicaOrder = { name, key, startedBy, input, points: [] };
      const answer = (waitingFor: string): void => {
        const word = says?.get(waitingFor);
        if (word) for (const replica of [...survivors, ...hired]) replica.say({ ...word, workflowId: id });
      };
      let kills = 0;
      for (const [index, point] of points.entries()) {
        const victim = index === 0 ? first : await hire();
        victim.start({ ...order, points: [{ ...point, workflowId: id }] });
        await Promise.race([victim.dead, whenEnded(url, id, late, answer).then(() => delay(patienceMs))]);
        if (victim.process.signalCode === 'SIGKILL') kills += 1;
        await end(victim);
      }
      if (survivors.length === 0) await hire();
      const ending = await whenEnded(url, id, late, answer);
      const open = await whenFollowed(url, id, late);
      const { status, faults } = await judgeRun(urls, scenario, { id, ending, open });
      return { status, kills, faults: kills === 0 ? ['nobody came to that point', ...faults] : faults };
    });
  } finally {
    over = true;
    await Promise.all([...hired].map(end));
  }
}

/**
 * One run, whatever becomes of it: one that throws or takes too long is a fault with its name. `late` tells the work
 * first, so that it can say how things stand.
 */
async function bounded(
  { title }: Scenario,
  points: string,
  withinMs: number,
  work: (late: AbortSignal) => Promise<Verdict>,
): Promise<KilledRun> {
  const startedAt = performance.now();
  const done = new AbortController();
  const overdue = delay(withinMs + 10_000, undefined, { signal: done.signal }).then((): Verdict => {
    return { status: 'UNKNOWN', kills: 0, faults: [`hung for more than ${withinMs / 1000} s`] };
  });
  const failed = (error: unknown): Verdict => ({ status: 'UNKNOWN', kills: 0, faults: [String(error)] });
  try {
    const verdict = await Promise.race([work(AbortSignal.timeout(withinMs)).catch(failed), overdue]);
    return { scenario: title, points, seconds: (performance.now() - startedAt) / 1000, ...verdict };
  } finally {
    overdue.catch(() => undefined);
    done.abort();
  }
}

async function judgeRun(
  urls: Readonly<Record<string, string>>,
  { name, status: wanted, writes: count }: Scenario,
  { id, ending, open }: Pick<Awaited<ReturnType<typeof runQuietly>>, 'id' | 'ending' | 'open'>,
): Promise<Pick<KilledRun, 'status' | 'faults'>> {
  const ledgers = await Promise.all(
    Object.values(urls).map(
      async (address) => (await (await fetch(`${address}/_demo/ledger`)).json()) as LedgerRow[],
    ),
  );
  const writes = writesByWorkflow(ledgers);
  const { status } = ending;
  const own = writes.get(id) ?? [];
  const faults = [...judge(name, status, own), ...judgeFollowUps({ id, name, status }, writes)];
  if (count !== undefined && own.length !== count) faults.push(`made ${own.length} writes, wanted ${count}`);
  if (status !== wanted) faults.push([`ended ${status}, wanted ${wanted}`, ...ending.errors].join(', '));
  if (open.length > 0) faults.push(`${open.join(', ')} did not end`);
  return { status, faults };
}
