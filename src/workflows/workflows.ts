import type { Viewer } from '../call.ts';
import { mayAct } from '../visibility.ts';
import { type DecisionAnswer, decide } from './decide.ts';
import { newState } from './new-state.ts';
import { noOrigin, type Origin } from './origin.ts';
import { approvalTopic, type Saga } from './saga.ts';
import { hasEnded, type WorkflowState, type WorkflowStatus } from './state.ts';
import { streamStates } from './state-stream.ts';
import type { WorkflowFigures } from './store.ts';
import { guarded } from './unavailable.ts';
import { watchStates } from './watch-states.ts';
import { fromCursor, toCursor } from './workflow-cursor.ts';
import { createWorkflowHost, type WorkflowHostOptions } from './workflow-host.ts';
import { workflowIdOf } from './workflow-id.ts';

/** The input that a saga takes. */
export type InputOf<S extends Saga> = S extends Saga<infer Input> ? Input : never;

/** By name, every workflow that can be started from outside. */
export type SagaTable = Readonly<Record<string, Saga>>;

/** For whom and under which key a workflow is started. */
export interface StartOptions {
  /** Who the key belongs to: `viewer:<id>`, or `email:<address>` for a registration. */
  readonly scope: string;
  /** 1 to 255 characters. */
  readonly key: string;
  /** The raw id of the user it is started for. */
  readonly startedBy: string;
  /** Until when to wait for its end; null answers at once. */
  readonly waitUntil: AbortSignal | null;
  /** Who is billed and which trace it belongs to; left out where that is not known. */
  readonly origin?: Origin;
}

/** The workflow of a key: a new one, or the one that the key began before. */
export type Started =
  | { readonly workflow: WorkflowState; readonly conflict: false }
  /** The key began a workflow with another input. */
  | { readonly workflow: null; readonly conflict: true };

/** A page of workflows, newest first. */
export interface WorkflowPage {
  readonly items: readonly WorkflowState[];
  readonly cursors: readonly string[];
  readonly nextCursor: string | null;
  readonly total: number;
}

export interface WorkflowQuery {
  /** Whose: a raw user id, or null for everybody's. */
  readonly startedBy: string | null;
  readonly status: WorkflowStatus | null;
  /** Null for all. */
  readonly name: string | null;
  readonly first: number;
  readonly after: string | null;
}

/**
 * Durable workflows, as resolvers and webhooks use them.
 *
 * Everything rejects with `WORKFLOWS_UNAVAILABLE` while the database is away.
 */
export interface Workflows<Sagas extends SagaTable> {
  /** Resolves when the engine runs for the first time. Never rejects: a database that is away is waited for. */
  readonly ready: Promise<void>;
  isUp(): boolean;
  /** Throws `WORKFLOWS_UNAVAILABLE` unless it is up. */
  assertUp(): void;
  /** Runs that no process of this version can take up, by version. */
  stranded(): ReadonlyMap<string, number>;
  /** How workflows stand, all together. */
  figures(): Promise<WorkflowFigures>;
  start<N extends keyof Sagas & string>(
    name: N,
    input: InputOf<Sagas[N]>,
    options: StartOptions,
  ): Promise<Started>;
  /** The state when it has ended; as it is then when `until` comes first. Null where there is none. */
  wait(id: string, until: AbortSignal): Promise<WorkflowState | null>;
  /** Null where there is none, or none for this viewer. */
  byId(viewer: Viewer | null, id: string): Promise<WorkflowState | null>;
  /** The caller has checked whose workflows the viewer may list. `BAD_USER_INPUT` for a cursor that is none. */
  list(query: WorkflowQuery): Promise<WorkflowPage>;
  /** Its state now, then each change, until it has ended. Null, once, for what the viewer may not see. */
  subscribe(viewer: Viewer | null, id: string): AsyncIterableIterator<WorkflowState | null>;
  /** An administrator's answer. The first one counts; the same one again is no problem. */
  decide(viewer: Viewer, id: string, approve: boolean, note: string | null): Promise<DecisionAnswer>;
  /** Leaves a message for a workflow, once a key. False where there is none that could read it. */
  signal(id: string, topic: string, message: unknown, key: string): Promise<boolean>;
  /** Stops taking work, lets what runs come to a point where another process can go on, and lets go of the database. */
  close(): Promise<void>;
}

/** Starts the engine in the background, and answers at once. */
export function createWorkflows<Sagas extends SagaTable>(
  sagas: Sagas,
  options: WorkflowHostOptions,
): Workflows<Sagas> {
  const host = createWorkflowHost(sagas, options);
  const { store, changes } = host;

  const visible = async (viewer: Viewer | null, id: string): Promise<WorkflowState | null> => {
    const record = await store.find(id);
    return record && mayAct(viewer, record.state.startedBy) ? record.state : null;
  };

  const wait = async (
    id: string,
    until: AbortSignal,
    isEnough: (state: WorkflowState) => boolean,
    begin: () => Promise<WorkflowState | null>,
  ): Promise<WorkflowState | null> => {
    const states = watchStates(changes, id);
    try {
      let latest = await begin();
      const ended = until.aborted
        ? Promise.resolve()
        : new Promise<void>((resolve) => until.addEventListener('abort', () => resolve(), { once: true }));
      while (latest && !isEnough(latest)) {
        const next = await Promise.race([states.next(), ended]);
        if (!next) break;
        latest = next;
      }
      return latest;
    } finally {
      states.close();
    }
  };

  const start = async (name: string, input: object, options: StartOptions): Promise<Started> => {
    const saga = host.sagaOf(name);
    const id = workflowIdOf(options.scope, name, options.key);
    const kept = host.keeper.keep(id, input, saga.secrets);
    const state = newState(id, saga, options.startedBy);
    const { origin = noOrigin } = options;
    const created = await store.create(
      { state, input: kept.input, inputHash: kept.hash, origin },
      host.executorId,
    );
    if (created) {
      await host.launch(name, id);
      return { workflow: created, conflict: false };
    }
    const record = await store.find(id);
    if (!record) throw new Error(`Workflow ${id} was removed while its key was used again.`);
    const before = { input: keptFields(record.input), hash: record.inputHash };
    if (!host.keeper.isSame(id, before, input, saga.secrets)) return { workflow: null, conflict: true };
    // Written down once and perhaps never started, where the process died in between.
    if (record.state.revision === 1) await host.launch(name, id);
    return { workflow: record.state, conflict: false };
  };

  return {
    ready: host.ready,
    isUp: host.isUp,
    assertUp: host.assertUp,
    stranded: host.stranded,
    figures: () => guarded(store.figures),
    start: (name, input, options) =>
      host.whileUp(async () => {
        const { scope, key, waitUntil } = options;
        if (waitUntil === null) return start(name, input, options);
        let started: Started = { workflow: null, conflict: true };
        const workflow = await wait(workflowIdOf(scope, name, key), waitUntil, isAnswer, async () => {
          started = await start(name, input, options);
          return started.workflow;
        });
        return workflow ? { workflow, conflict: false } : started;
      }),
    wait: (id, until) =>
      guarded(() => wait(id, until, hasEnded, async () => (await store.find(id))?.state ?? null)),
    byId: (viewer, id) => guarded(() => visible(viewer, id)),
    list: ({ first, after, ...filter }) =>
      guarded(async () => {
        const [found, total] = await Promise.all([
          store.list(filter, after === null ? null : fromCursor(after), first + 1),
          store.count(filter),
        ]);
        const items = found.slice(0, first);
        const cursors = items.map(toCursor);
        return { items, cursors, total, nextCursor: found.length > first ? (cursors.at(-1) ?? null) : null };
      }),
    subscribe: (viewer, id) => streamStates(changes, id, () => guarded(() => visible(viewer, id))),
    decide: (viewer, id, approve, note) =>
      host.whileUp(async () => {
        let answer: DecisionAnswer = { workflow: null, problems: [] };
        const hears = (state: WorkflowState): boolean => state.waitingOn !== approvalTopic;
        const workflow = await wait(id, AbortSignal.timeout(hearsWithinMs), hears, async () => {
          answer = await decide(host, viewer, id, { approve, note, by: viewer.id });
          return answer.workflow;
        });
        return { ...answer, workflow };
      }),
    signal: (id, topic, message, key) =>
      host.whileUp(async () => {
        const record = await store.find(id);
        if (!record || hasEnded(record.state)) return false;
        await host.send(id, topic, message, key);
        return true;
      }),
    close: host.close,
  };
}

/** A workflow takes a decision in within milliseconds; one that does not is on its way to another process. */
const hearsWithinMs = 1000;

/** Whether whoever waits has an answer: it has ended, or goes on only when a person says so. */
function isAnswer(state: WorkflowState): boolean {
  return hasEnded(state) || state.waitingOn === approvalTopic;
}

function keptFields(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null ? { ...input } : {};
}
