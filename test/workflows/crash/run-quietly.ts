import { randomUUID } from 'node:crypto';
import { openShop } from '../shop.ts';
import { aroundSources, type MadeCall } from './around-sources.ts';
import { type Ending, whenEnded, whenFollowed } from './endings.ts';
import type { Scenario } from './scenario.ts';

/** A scenario as it goes when nobody dies. */
export interface QuietRun {
  readonly id: string;
  readonly ending: Ending;
  /** The calls that it makes, follow-ups included, each with its number among its like. */
  readonly calls: readonly { readonly call: string; readonly nth: number }[];
  /** What it started that has not ended. */
  readonly open: readonly string[];
}

/** Runs a scenario without a death, to learn which calls it makes. */
export async function runQuietly(
  { name, begin, says }: Scenario,
  urls: Readonly<Record<string, string>>,
  url: string,
  late: AbortSignal,
): Promise<QuietRun> {
  const made: MadeCall[] = [];
  await using shop = openShop({
    urls,
    url,
    sagas: { remindMs: 3_600_000 },
    around: (sources) =>
      aroundSources(sources, (call, make) => {
        made.push(call);
        return make();
      }),
  });
  await shop.workflows.ready;
  const { input, startedBy = '1' } = await begin(url);
  const started = await shop.workflows.start(name, input as never, {
    scope: `viewer:${startedBy}`,
    key: `quiet-${randomUUID()}`,
    startedBy,
    waitUntil: null,
  });
  const id = started.workflow?.id ?? '';
  const ending = await whenEnded(url, id, late, (waitingFor) => {
    const word = says?.get(waitingFor);
    if (word) void shop.workflows.signal(id, word.topic, word.message, waitingFor);
  });
  const open = await whenFollowed(url, id, late);
  const counts = new Map<string, number>();
  const calls = made
    .filter(({ workflowId }) => workflowId.startsWith(id))
    .map(({ name: call }) => {
      counts.set(call, (counts.get(call) ?? 0) + 1);
      return { call, nth: counts.get(call) ?? 1 };
    });
  return { id, ending, calls, open };
}
