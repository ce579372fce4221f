/**
 * A process that runs workflows, for tests that kill it. Started by `fork` with what it needs in its first argument.
 *
 * Told to `start` a workflow, it does; armed with points, it kills itself there.
 */
import { z } from 'zod';
import { createSealing } from '../../../src/workflows/sealing.ts';
import { openShop } from '../shop.ts';
import { ask } from '../test-database.ts';
import { aroundSources, type MadeCall } from './around-sources.ts';

const point = z.object({
  /** The workflow itself, or one that it started: its id begins with this. */
  workflowId: z.string(),
  /** The method, and which of its calls, the first being 1. */
  call: z.string(),
  nth: z.number(),
  when: z.enum(['before', 'after', 'recorded']),
});
export type KillPoint = z.infer<typeof point>;

const settings = z.object({
  urls: z.record(z.string(), z.string()),
  url: z.string(),
  sealingKey: z.string(),
  sweepMs: z.number().optional(),
  leaseMs: z.number().optional(),
  graceMs: z.number().optional(),
});
export type ReplicaSettings = z.infer<typeof settings>;

const order = z.object({
  name: z.enum([
    'placeOrder',
    'bookFlight',
    'cancelOrder',
    'cancelBooking',
    'importProducts',
    'register',
    'fulfilOrder',
  ]),
  input: z.record(z.string(), z.unknown()),
  key: z.string(),
  startedBy: z.string(),
  points: z.array(point),
});
export type ReplicaOrder = z.infer<typeof order>;

const word = z.object({ workflowId: z.string(), topic: z.string(), message: z.unknown() });
/** What somebody outside says to a workflow. It counts once, however often it is said. */
export type Word = z.infer<typeof word>;

const { urls, url, sealingKey, sweepMs, leaseMs, graceMs } = settings.parse(
  JSON.parse(process.argv[2] ?? ''),
);
// Before anything is waited for: whoever started it may be gone before it is ready.
process.on('disconnect', () => process.exit(0));

const armed: KillPoint[] = [];
const counts = new Map<string, number>();
/** The workflow after whose next record this process dies, and how many it has; null while it is to live. */
let dying: { readonly workflowId: string; readonly records: number } | null = null;

const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => undefined);
};

/** How many outcomes the engine has on record for a workflow. */
const recorded = async (workflowId: string): Promise<number> => {
  const rows = await ask(url, 'select 1 from dbos.operation_outputs where workflow_uuid = $1', [workflowId]);
  return rows.length;
};

const dieWhenRecorded = async (workflowId: string, records: number): Promise<void> => {
  while ((await recorded(workflowId)) === records) await new Promise((resolve) => setTimeout(resolve, 2));
  await die();
};

async function around<T>({ name, workflowId }: MadeCall, make: () => Promise<T>): Promise<T> {
  if (dying !== null) {
    // Nothing more is done once death is certain, but what belongs to the same record: the step's other calls, and
    // another attempt where one failed.
    const { workflowId: own, records } = dying;
    if (own !== workflowId || (await recorded(own)) !== records) return new Promise<never>(() => undefined);
  }
  const hit = armed.filter((one) => workflowId.startsWith(one.workflowId) && one.call === name);
  for (const one of hit) {
    const key = `${one.workflowId} ${name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const now = hit.find((one) => counts.get(`${one.workflowId} ${name}`) === one.nth);
  if (now?.when === 'before') return die();
  const before = now?.when === 'recorded' ? await recorded(workflowId) : 0;
  // A refusal is an outcome like any other.
  const [outcome] = await Promise.allSettled([make()]);
  if (now?.when === 'after') return die();
  if (now?.when === 'recorded') {
    dying = { workflowId, records: before };
    void dieWhenRecorded(workflowId, before);
  }
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

const shop = openShop({
  urls,
  url,
  sagas: { remindMs: 3_600_000 },
  around: (sources) => aroundSources(sources, around),
  options: {
    sealing: createSealing([Buffer.from(sealingKey, 'hex')]),
    // A machine that is busy with many processes is slow, and slow is not wrong.
    policy: { attempts: 8, baseMs: 20, maxMs: 1000, settleMs: 200, alertEvery: 5 },
    ...(sweepMs === undefined ? {} : { sweepMs }),
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(graceMs === undefined ? {} : { graceMs }),
  },
});
await shop.workflows.ready;
process.send?.({ ready: true });

process.on('message', async (message: unknown) => {
  const said = word.safeParse(message);
  if (said.success) {
    const { workflowId, topic, message: what } = said.data;
    const key = `${workflowId} ${JSON.stringify(what)}`;
    await shop.workflows.signal(workflowId, topic, what, key).catch(() => undefined);
    return;
  }
  const { name, input, key, startedBy, points } = order.parse(message);
  armed.push(...points);
  const options = { scope: `viewer:${startedBy}`, key, startedBy, waitUntil: null };
  try {
    // What the tests send is what the saga takes; the saga's own shape checks it again.
    const started = await shop.workflows.start(name, input as never, options);
    process.send?.({ key, id: started.workflow?.id });
  } catch {
    // Not accepted: whoever sent it sends it again.
  }
});
process.on('SIGTERM', async () => {
  await shop[Symbol.asyncDispose]();
  process.exit(0);
});
