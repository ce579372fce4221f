import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Viewer } from '../../src/call.ts';
import { WeirError } from '../../src/errors.ts';
import { UpstreamProblem } from '../../src/http/upstream-problem.ts';
import type { RetryPolicy } from '../../src/workflows/attempts.ts';
import { createPostgresChannel } from '../../src/workflows/postgres-channel.ts';
import { outOfStock } from '../../src/workflows/problems.ts';
import type { Run, Saga, Step } from '../../src/workflows/saga.ts';
import { createSealing } from '../../src/workflows/sealing.ts';
import type { Alert } from '../../src/workflows/step-runner.ts';
import type { WorkflowHostOptions } from '../../src/workflows/workflow-host.ts';
import { createWorkflows } from '../../src/workflows/workflows.ts';

export const quick: Partial<RetryPolicy> = { attempts: 3, baseMs: 5, maxMs: 50, settleMs: 20, alertEvery: 2 };

export const sealing = createSealing([randomBytes(32)]);

export const viewer = (id: string, ...scopes: string[]): Viewer => ({
  id,
  scopes: new Set(scopes),
  clientId: null,
  token: '',
  expiresAt: Number.POSITIVE_INFINITY,
});

/** A thing that the toy sagas do, and what it should come to. */
export type Behaviour = () => unknown;

/** What a toy backend was asked, in order: `name key`. */
export interface ToyBackend {
  readonly calls: string[];
  /** By the name of a call, what it does instead of working. */
  readonly faults: Map<string, Behaviour>;
}

export const unavailable: Behaviour = () => {
  throw new WeirError(
    'UPSTREAM_UNAVAILABLE',
    'toys is not available',
    { backend: 'toys' },
    problem(503, 'unavailable'),
  );
};

export const silent: Behaviour = () => {
  throw new WeirError('UPSTREAM_TIMEOUT', 'toys did not answer in time', { backend: 'toys' });
};

export const refusedAs =
  (status: number, slug: string, extensions: Record<string, unknown> = {}): Behaviour =>
  () => {
    throw new WeirError('UPSTREAM_ERROR', 'toys refused the call', {}, problem(status, slug, extensions));
  };

/** Does these in turn, and the last one ever after; undefined works. */
export function inTurn(...behaviours: (Behaviour | undefined)[]): Behaviour {
  let at = 0;
  return () => behaviours[Math.min(at++, behaviours.length - 1)]?.();
}

function problem(status: number, slug: string, extensions: Record<string, unknown> = {}): UpstreamProblem {
  return new UpstreamProblem(status, `https://weir.example/problems/${slug}`, slug, extensions);
}

const toyInput = z.object({ word: z.string(), secret: z.string().default('') });
export type ToyInput = z.infer<typeof toyInput>;

/** `take` and `make` with their undos, an approval for the word `big`, and `end`. */
export function createToySagas(
  backend: ToyBackend,
  /** What a changed saga does before everything else. */
  before: (run: Run, log: (name: string) => void) => Promise<void> = async () => undefined,
) {
  const call = async (name: string, key: string): Promise<string> => {
    backend.calls.push(`${name} ${key}`);
    await backend.faults.get(name)?.();
    return `${name} done`;
  };
  const stepOf = (name: string): Step<string> => ({
    do: ({ key }) => call(name, key),
    find: async ({ key }) => {
      await call(`find ${name}`, key);
      return backend.faults.has(`absent ${name}`) ? [] : [`${name} done`];
    },
    undo: ({ key }) => call(`undo ${name}`, key),
    refused: { 'out-of-stock': outOfStock },
  });
  const calledOff = { isSo: async () => false, code: 'CALLED_OFF', message: 'It was called off.' };
  const toy: Saga<ToyInput> = {
    name: 'toy',
    input: toyInput,
    secrets: ['secret'],
    steps: ['take', 'approve', 'make', 'end'],
    async run(run, input) {
      await before(run, (name) => backend.calls.push(name));
      const taken = await run.step('take', stepOf('take'));
      run.about({ type: 'Order', id: input.word }, { taken });
      if (input.word === 'big')
        await run.approval('approve', { timeoutMs: 60_000, waitingFor: 'a yes', calledOff });
      else if (input.word === 'short')
        await run.approval('approve', { timeoutMs: 50, waitingFor: 'a quick yes', calledOff });
      else run.skip('approve');
      await run.step('make', stepOf('make'));
      await run.step('end', {
        do: async ({ key }) => {
          await call('end', key);
          if (input.secret) backend.calls.push(`saw ${input.secret}`);
        },
      });
    },
    followUps: (end) =>
      end.status === 'SUCCEEDED' ? [{ saga: 'tell', id: `${end.id}-tell`, input: { word: 'told' } }] : [],
  };
  const tell: Saga<ToyInput> = {
    name: 'tell',
    input: toyInput,
    secrets: [],
    steps: ['tell'],
    run: async (run) =>
      void (await run.step('tell', { do: ({ key }) => call('tell', key), mustSucceed: true })),
  };
  return { toy, tell };
}

/** The toy sagas on a database, and everything that the engine said. */
export function startToys(
  url: string,
  options: Partial<WorkflowHostOptions> = {},
  toSagas: typeof createToySagas = createToySagas,
) {
  const backend: ToyBackend = { calls: [], faults: new Map() };
  const alerts: Alert[] = [];
  const lines: string[] = [];
  const workflows = createWorkflows(toSagas(backend), {
    url,
    channel: createPostgresChannel({ url, log: (message) => lines.push(`warn: ${message}`) }),
    sealing,
    policy: quick,
    graceMs: 500,
    alert: (alert) => alerts.push(alert),
    log: (level, message) => lines.push(`${level}: ${message}`),
    ...options,
  });
  const start = (input: ToyInput, key = input.word, waitMs: number | null = 5000) =>
    workflows.start('toy', input, {
      scope: 'viewer:7',
      key,
      startedBy: '7',
      waitUntil: waitMs === null ? null : AbortSignal.timeout(waitMs),
    });
  return { workflows, backend, alerts, lines, start, [Symbol.asyncDispose]: () => workflows.close() };
}
