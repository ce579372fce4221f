import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { workflowIdOf } from '../../../src/workflows/workflow-id.ts';
import { openShop } from '../shop.ts';
import { ask } from '../test-database.ts';
import { aroundSources, type MadeCall } from './around-sources.ts';
import { judge, type LedgerRow, writesByWorkflow } from './judge.ts';
import type { KillPoint, ReplicaOrder, ReplicaSettings, Word } from './replica.ts';
import { type Replica, startReplica } from './replicas.ts';

/** A workflow to be killed at every point. */
export interface Scenario {
  readonly title: string;
  readonly name: ReplicaOrder['name'];
  /** A new input for each run; does what has to be there before. `url` is the database. */
  input(url: string): Promise<Record<string, unknown>>;
  /** What somebody outside says, by what the workflow waits for. */
  readonly says?: ReadonlyMap<string, Omit<Word, 'workflowId'>>;
  /** How it must end. */
  readonly status: string;
}

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
  readonly onRun?: (run: KilledRun) => void;
}

type Point = Omit<KillPoint, 'workflowId'>;

const whens = ['before', 'after', 'recorded'] as const;
/** Sagas that end with a message to the customer. */
const tellsCustomer: ReadonlySet<string> = new Set([
  'placeOrder',
  'bookFlight',
  'cancelOrder',
  'cancelBooking',
  'fulfilOrder',
]);
const endsWithinMs = 60_000;
/** How long a process may live on after the workflow's end, for points in what follows it. */
const patienceMs = 1500;
let keys = 0;

/**
 * Kills processes at every point of a workflow: before each call, after it and before it is recorded, after it is
 * recorded. Another process finishes what they had; the backends' ledgers say whether it did so well.
 */
export async function killAtEveryPoint(options: KillPointOptions): Promise<readonly KilledRun[]> {
  const { urls, fresh, scenario, lanes, doubles, random, onRun } = options;
  const url = await fresh();
  const settings: ReplicaSettings = { urls, url, sealingKey: randomBytes(32).toString('hex'), sweepMs: 250 };
  const singles = (await callsOf(options, url)).flatMap(({ call, nth }) =>
    whens.map((when): readonly Point[] => [{ call, nth, when }]),
  );
  const pairs = Array.from({ length: doubles }, (): readonly Point[] => {
    const pick = (): Point =>
      singles[Math.floor(random() * singles.length)]?.[0] ?? { call: '', nth: 0, when: 'before' };
    return [pick(), pick()];
  });
  const runs: KilledRun[] = [];
  const inLanes = async (queue: (readonly Point[])[], toSettings: () => Promise<ReplicaSettings>) => {
    const lane = async (): Promise<void> => {
      const own = await toSettings();
      for (let points = queue.shift(); points; points = queue.shift()) {
        const done = await killAt(points, own, scenario, survivors);
        runs.push(done);
        onRun?.(done);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };

  const survivors = [await startReplica(settings)];
  try {
    await inLanes([...singles], async () => settings);
  } finally {
    await survivors.pop()?.kill();
  }
  // Nobody else may take a workflow up between two deaths, so each lane has a database of its own.
  await inLanes([...pairs], async () => ({ ...settings, url: await fresh() }));
  return runs;
}

/** One run: a process dies at each point in turn, the next one having been told of the next point. */
async function killAt(
  points: readonly Point[],
  settings: ReplicaSettings,
  { title, name, input, says, status: wanted }: Scenario,
  survivors: readonly Replica[],
): Promise<KilledRun> {
  const startedAt = performance.now();
  keys += 1;
  const key = `kill-${process.pid}-${keys}`;
  const id = workflowIdOf('viewer:1', name, key);
  /** Whoever there is to pass something on to the workflow. */
  const alive = new Set(survivors);
  const answer = (waitingFor: string): void => {
    const word = says?.get(waitingFor);
    if (word) for (const replica of alive) replica.say({ ...word, workflowId: id });
  };
  const hire = async (): Promise<Replica> => {
    const replica = await startReplica(settings);
    alive.add(replica);
    return replica;
  };
  const end = async (replica: Replica): Promise<void> => {
    alive.delete(replica);
    await replica.kill();
  };

  let order: ReplicaOrder | null = null;
  let kills = 0;
  for (const point of points) {
    const victim = await hire();
    order ??= { name, key, startedBy: '1', input: await input(settings.url), points: [] };
    victim.start({ ...order, points: [{ ...point, workflowId: id }] });
    await Promise.race([victim.dead, ended(settings.url, id, answer).then(() => delay(patienceMs))]);
    // A point past the end, or one that another process came to, is never reached by this one.
    if (victim.process.signalCode === 'SIGKILL') kills += 1;
    await end(victim);
  }
  const finisher = points.length > 1 ? await hire() : null;
  const status = await ended(settings.url, id, answer);
  await followUpsEnded(settings.url, id);
  if (finisher) await end(finisher);
  const faults = [...(await judgeRun(settings.urls, id, name, status))];
  if (status !== wanted) faults.push(`ended ${status}, wanted ${wanted}`);
  return {
    scenario: title,
    points: points.map(({ when, call, nth }) => `${when} ${call}${nth > 1 ? ` (${nth})` : ''}`).join(' + '),
    status,
    kills,
    seconds: (performance.now() - startedAt) / 1000,
    faults,
  };
}

/** The calls that a scenario makes when nobody dies, follow-ups included, each with its number among its like. */
async function callsOf(
  { urls, scenario }: KillPointOptions,
  url: string,
): Promise<readonly { call: string; nth: number }[]> {
  const made: MadeCall[] = [];
  const shop = openShop({
    urls,
    url,
    sagas: { remindMs: 3_600_000 },
    around: (sources) =>
      aroundSources(sources, (call, make) => {
        made.push(call);
        return make();
      }),
  });
  try {
    await shop.workflows.ready;
    keys += 1;
    const started = await shop.workflows.start(scenario.name, (await scenario.input(url)) as never, {
      scope: 'viewer:1',
      key: `dry-${process.pid}-${keys}`,
      startedBy: '1',
      waitUntil: null,
    });
    const id = started.workflow?.id ?? '';
    await ended(url, id, (waitingFor) => {
      const word = scenario.says?.get(waitingFor);
      if (word) void shop.workflows.signal(id, word.topic, word.message, waitingFor);
    });
    await followUpsEnded(url, id);
    const counts = new Map<string, number>();
    return made
      .filter(({ workflowId }) => workflowId.startsWith(id))
      .map(({ name }) => {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return { call: name, nth: counts.get(name) ?? 1 };
      });
  } finally {
    await shop[Symbol.asyncDispose]();
  }
}

/** Resolves with a workflow's status when it has ended, or as it is when it should have; tells what it waits for. */
async function ended(url: string, id: string, onWaiting: (waitingFor: string) => void): Promise<string> {
  const until = performance.now() + endsWithinMs;
  for (;;) {
    const [row] = (await ask(
      url,
      'select status, waiting_for, finished_at from weir.workflows where id = $1',
      [id],
    )) as { status: string; waiting_for: string | null; finished_at: Date | null }[];
    if (row?.finished_at || performance.now() > until) return row?.status ?? 'LOST';
    if (row?.waiting_for) onWaiting(row.waiting_for);
    await delay(100);
  }
}

/** Resolves when what a workflow started has ended as well. */
async function followUpsEnded(url: string, id: string): Promise<void> {
  const until = performance.now() + endsWithinMs;
  const open = async (): Promise<boolean> => {
    const engine = await ask(
      url,
      "select 1 from dbos.workflow_status where workflow_uuid like $1 || '%' and status not in ('SUCCESS', 'ERROR')",
      [id],
    );
    return engine.length > 0;
  };
  while ((await open()) && performance.now() < until) await delay(50);
}

async function judgeRun(
  urls: Readonly<Record<string, string>>,
  id: string,
  name: string,
  status: string,
): Promise<readonly string[]> {
  const ledgers = await Promise.all(
    Object.values(urls).map(
      async (url) => (await (await fetch(`${url}/_demo/ledger`)).json()) as LedgerRow[],
    ),
  );
  const writes = writesByWorkflow(ledgers);
  const faults = [...judge(name, status, writes.get(id) ?? [])];
  const messages = writes.get(`${id}-notify`) ?? [];
  if (messages.length > 1) faults.push(`${messages.length} messages`);
  if (status === 'SUCCEEDED' && messages.length === 0 && tellsCustomer.has(name)) faults.push('no message');
  return faults;
}
