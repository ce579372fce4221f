import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../test-database.ts';
import { judge, judgeFollowUps, type LedgerRow, writesByWorkflow } from './judge.ts';
import type { ReplicaOrder, ReplicaSettings, Word } from './replica.ts';
import { type Replica, startReplica } from './replicas.ts';
import { plentiful, warehouse } from './scenarios.ts';

export interface ChaosOptions {
  readonly urls: Readonly<Record<string, string>>;
  /** The database. */
  readonly url: string;
  readonly sagas: number;
  readonly replicas: number;
  /** Between two deaths. */
  readonly killEveryMs: number;
  /** Kills the database's server; somebody else starts it again. Left out: it lives. */
  readonly killDatabase?: () => void;
  /** It is killed together with every so many-th process. */
  readonly killDatabaseEvery?: number;
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface ChaosResult {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly kills: number;
  readonly databaseKills: number;
  /** From the last fault to the end of the last saga. */
  readonly settledMs: number;
  readonly faults: readonly string[];
}

/** Backends that act and then drop the connection, for a part of their calls. */
const sick = { mode: 'after-acting', errorRate: 0.1 } as const;
const tokens = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_flaky', 'tok_declined'];
const stuckAfterMs = 60_000;
const mostUnderWay = 64;

/** Runs many sagas over processes that die, on a database that dies, with backends that are sick. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { urls, url, sagas, killEveryMs, killDatabase, killDatabaseEvery = 5, random, say } = options;
  const settings: ReplicaSettings = {
    urls,
    url,
    sealingKey: randomBytes(32).toString('hex'),
    sweepMs: 500,
    leaseMs: 2000,
  };
  const productId = await plentiful(urls);
  const stockBefore = await stockOf(urls, productId);
  const accepted = new Map<string, string>();
  const crashes: string[] = [];
  const startedAt = performance.now();
  const hire = async (): Promise<Replica> => {
    const replica = await startReplica(settings);
    replica.process.on('message', (message: { key?: string; id?: string }) => {
      if (message.key && message.id) accepted.set(message.key, message.id);
    });
    replica.process.on('exit', (code, signal) => {
      if (signal !== 'SIGKILL') crashes.push(`a process ended by itself with ${code ?? signal}`);
    });
    return replica;
  };
  const replicas = await Promise.all(Array.from({ length: options.replicas }, hire));
  const pick = (): number => Math.floor(random() * replicas.length);
  await setFaults(urls, sick);

  let kills = 0;
  let databaseKills = 0;
  let raging = true;
  const rage = async (): Promise<void> => {
    while (raging) {
      await delay(killEveryMs * (0.5 + random()));
      if (!raging) return;
      const at = pick();
      await replicas[at]?.kill();
      kills += 1;
      if (killDatabase && kills % killDatabaseEvery === 0) {
        killDatabase();
        databaseKills += 1;
      }
      // A database that is away keeps a new process from being ready; it comes up when it is back.
      replicas[at] = await hire();
    }
  };
  const raged = rage().catch((error: unknown) => void crashes.push(String(error)));
  let open = true;
  const working = playWarehouse(
    url,
    () => open,
    (word) => replicas[pick()]?.say(word),
  );

  // A run's own: what the backends have done under the keys of another one they would not do again.
  const own = randomBytes(4).toString('hex');
  const orders = Array.from({ length: sagas }, (_, index): ReplicaOrder => {
    const paymentToken = tokens[Math.floor(random() * tokens.length)] ?? 'tok_ok';
    const input = { items: [{ productId, quantity: 1 }], paymentToken };
    return { name: 'placeOrder', key: `chaos-${own}-${index}`, startedBy: '1', points: [], input };
  });
  // A client repeats what was not accepted, under the same key. No more are begun than can be under way at once: what
  // is not done a minute after the last fault is stuck then, and not only late.
  let progressAt = performance.now();
  for (let round = 1; accepted.size < sagas && performance.now() - progressAt < stuckAfterMs; round += 1) {
    const before = accepted.size;
    if ((await underWay(url)) < mostUnderWay) {
      const open = orders.filter(({ key }) => !accepted.has(key)).slice(0, 16);
      for (const order of open) send(replicas[pick()], order);
    }
    await delay(400);
    if (accepted.size > before) progressAt = performance.now();
    if (round % 25 === 0) {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      say(`${seconds} s: ${accepted.size} of ${sagas} accepted, ${kills} processes killed`);
    }
  }
  raging = false;
  await raged;
  await setFaults(urls, null);

  const calmAt = performance.now();
  const ends = await settled(url, [...accepted.values()]);
  const settledMs = performance.now() - calmAt;
  open = false;
  await working;
  const orderEnds = ends.filter(({ name }) => name === 'placeOrder');
  const faults = [...crashes, ...(await judgeAll(urls, ends))];
  if (orderEnds.length !== sagas) faults.push(`${sagas - orderEnds.length} lost`);
  const sold = orderEnds.filter(({ status }) => status === 'SUCCEEDED').length;
  const stockAfter = await stockOf(urls, productId);
  if (stockBefore - stockAfter !== sold)
    faults.push(`stock went from ${stockBefore} to ${stockAfter} for ${sold} sold`);
  await Promise.all(replicas.map((replica) => replica.kill()));
  const byStatus: Record<string, number> = {};
  for (const { status } of orderEnds) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return { byStatus, kills, databaseKills, settledMs, faults };
}

/** How many workflows have not ended, but for those on their way to a customer; many while nobody can tell. */
async function underWay(url: string): Promise<number> {
  try {
    const rows = await ask(
      url,
      "select 1 from weir.workflows where finished_at is null and name <> 'fulfilOrder'",
    );
    return rows.length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function send(replica: Replica | undefined, order: ReplicaOrder): void {
  // A process that has just died takes no messages; the order is sent again.
  if (replica?.process.connected) replica.process.send(order, () => undefined);
}

async function setFaults(urls: Readonly<Record<string, string>>, faults: object | null): Promise<void> {
  for (const backend of ['inventory', 'orders', 'payments', 'notifications']) {
    await fetch(`${urls[backend]}/_demo/faults`, {
      method: faults === null ? 'DELETE' : 'PUT',
      ...(faults === null
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) }),
    });
  }
}

async function stockOf(urls: Readonly<Record<string, string>>, productId: string): Promise<number> {
  const stock = await (await fetch(`${urls.inventory}/stock/${productId}`)).json();
  return stock.available;
}

/** Ships and delivers whatever waits for it. A word may be lost with the process that hears it, and is said again. */
async function playWarehouse(url: string, isOpen: () => boolean, say: (word: Word) => void): Promise<void> {
  while (isOpen()) {
    const waiting = await ask(
      url,
      "select id, waiting_for from weir.workflows where name = 'fulfilOrder' and status = 'WAITING' limit 50",
    ).catch(() => []);
    for (const { id, waiting_for: what } of waiting as { id: string; waiting_for: string }[]) {
      const word = warehouse.get(what);
      if (word) say({ ...word, workflowId: id });
    }
    await delay(500);
  }
}

interface End {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/** How everything ended, follow-ups included, or stands when what has not ended must be taken for stuck. */
async function settled(url: string, ids: readonly string[]): Promise<readonly End[]> {
  const until = performance.now() + stuckAfterMs;
  for (;;) {
    const rows = await ask(url, 'select id, name, status, finished_at is null as open from weir.workflows');
    const ends = rows as (End & { open: boolean })[];
    const known = new Set(ends.map(({ id }) => id));
    const done = ids.every((id) => known.has(id)) && ends.every(({ open }) => !open);
    if (done || performance.now() > until) return ends;
    await delay(200);
  }
}

async function judgeAll(urls: Readonly<Record<string, string>>, ends: readonly End[]): Promise<string[]> {
  const ledgers = await Promise.all(
    Object.values(urls).map(
      async (address) => (await (await fetch(`${address}/_demo/ledger`)).json()) as LedgerRow[],
    ),
  );
  const writes = writesByWorkflow(ledgers);
  return ends
    .filter(({ name }) => name !== 'notify')
    .flatMap((end) => {
      const faults = [
        ...judge(end.name, end.status, writes.get(end.id) ?? []),
        ...judgeFollowUps(end, writes),
      ];
      return faults.map((fault) => `${end.id}: ${fault}`);
    });
}
