import type { Activity } from './activity.ts';
import type { RetryPolicy } from './attempts.ts';
import type { Durable } from './durable.ts';
import { isEngineError } from './engine.ts';
import { stepFailed } from './problems.ts';
import type { Recorder } from './recorder.ts';
import {
  approvalTopic,
  type FollowUp,
  type Message,
  type Run,
  type Saga,
  type Step,
  type StepCall,
  type Wait,
} from './saga.ts';
import { begin, setStep, showOutcome } from './show-step.ts';
import { hasEnded, type Problem, type WorkflowState, type WorkflowStatus, withStep } from './state.ts';
import {
  createStepRunner,
  type Insistence,
  type Outcome,
  type StepRunner,
  type StepRunnerOptions,
} from './step-runner.ts';
import { Stop } from './stop.ts';
import type { Decision } from './store.ts';
import { taskIdOf } from './task-id.ts';

export interface SagaRunOptions extends Omit<StepRunnerOptions, 'id' | 'workflow' | 'userId'> {
  readonly durable: Durable;
  readonly activity: Activity;
  readonly recorder: Recorder;
  readonly policy: RetryPolicy;
  readonly decisionOf: (id: string) => Promise<Decision | null>;
  /** Leaves a message for another workflow, once a key; nothing where it has ended or never was. */
  readonly tell: (message: Message, key: string) => Promise<void>;
  /** Writes a follow-up down, so that it can be started. */
  readonly prepare: (followUp: FollowUp, startedBy: string) => Promise<void>;
}

/** One thing to take back, should the saga stop. */
interface Undo {
  readonly name: string;
  /** Takes it back. */
  readonly undo: (at: StepCall) => Promise<void>;
  /** It is not known whether there is anything to take back: the undo asks first. */
  readonly unsure: boolean;
}

/** How often a fan-out looks whether all of it is done. */
const fanOutPollMs = 250;

/** What is not shown as a step of its own. */
const silently: Insistence = { prefix: '', done: {} };

/** A wait that ends at once, as it does when a run is repeated after a crash, is not shown to anybody. */
const showAfterMs = 10;

/**
 * Runs a saga to its end: forward, or back through every undo.
 *
 * Called anew after a crash, it comes to the same calls in the same order, and goes on where the records end.
 */
export async function runSaga(saga: Saga, input: object, options: SagaRunOptions): Promise<void> {
  const { durable, recorder } = options;
  const { startedBy } = recorder.current();
  const steps = createStepRunner({ ...options, id: durable.id, workflow: saga.name, userId: startedBy });
  const undos: Undo[] = [];
  try {
    await saga.run(createRun({ ...options, steps, undos, startedBy }), input);
    finish(recorder, 'SUCCEEDED');
  } catch (error) {
    if (isEngineError(error)) throw error;
    const stop = error instanceof Stop ? error : brokenSaga(error, saga.name, options);
    await compensate(stop, undos, steps, options);
  }
  await recorder.flush();
  await follow(saga, input, options);
}

function createRun(options: SagaRunOptions & { steps: StepRunner; undos: Undo[]; startedBy: string }): Run {
  const { durable, recorder, steps, undos, startedBy, decisionOf } = options;
  const perform = performer(durable, options.activity);

  const waitFor = async ({ topic, timeoutMs, waitingFor }: Wait, onShown: () => void): Promise<unknown> => {
    const show = (): void => {
      onShown();
      recorder.change((state) => ({ ...state, status: 'WAITING', waitingFor, waitingOn: topic }));
    };
    const shown = setTimeout(show, showAfterMs);
    const message = await durable.receive(topic, timeoutMs);
    clearTimeout(shown);
    recorder.change((state) =>
      state.status === 'WAITING' ? { ...state, status: 'RUNNING', waitingFor: null, waitingOn: null } : state,
    );
    return message;
  };

  return {
    id: durable.id,
    userId: startedBy,
    async step<T>(name: string, step: Step<T>): Promise<T> {
      const outcome: Outcome<T> = await perform(name, () => steps.attempt(name, step));
      showOutcome(recorder, name, outcome);
      const { undo, find } = step;
      if (outcome.ok) {
        const { value } = outcome;
        if (undo) undos.push({ name, unsure: false, undo: async (at) => void (await undo(at, value)) });
        return value;
      }
      if (outcome.acted === null && undo && find) {
        const undoFound = async (at: StepCall): Promise<void> => {
          const [found] = await find({ call: at.call, key: `${durable.id}:${name}` });
          if (found !== undefined) await undo(at, found);
        };
        undos.push({ name, unsure: true, undo: undoFound });
      }
      throw new Stop('failed', outcome.problem);
    },
    skip(name) {
      recorder.change((state) => withStep(state, name, { status: 'SKIPPED' }));
    },
    aside: (name, work) => perform(name, () => steps.insist(name, name, work, silently)),
    async approval(name, { calledOff, ...wait }) {
      await waitFor({ ...wait, topic: approvalTopic }, () => begin(recorder, name));
      // The message only rings: what was decided stands in the records, where the first answer counts.
      const decision = await perform(`${name} decision`, async () =>
        (await steps.insist(name, name, calledOff.isSo, silently)) ? 'called off' : decisionOf(durable.id),
      );
      if (decision !== 'called off' && decision?.approve) return setStep(recorder, name, 'SUCCEEDED', null);
      const problem =
        decision === 'called off'
          ? stepFailed(name, calledOff.message, calledOff.code)
          : decision === null
            ? stepFailed(name, 'Nobody decided in time.', 'NOT_DECIDED')
            : stepFailed(name, decision.note ?? 'An administrator said no.', 'NOT_APPROVED');
      setStep(recorder, name, 'FAILED', problem.message);
      throw new Stop('cancelled', problem);
    },
    tell: (name, messages) =>
      perform(name, async () => {
        for (const message of messages) await options.tell(message, `${durable.id}/${name}`);
      }),
    message: (wait) => waitFor(wait, () => undefined),
    async fanOut(name, { task, queue, count }) {
      begin(recorder, name);
      const ids = Array.from({ length: count }, (_, number) => taskIdOf(durable.id, number));
      for (const id of ids) await durable.enqueue(queue, task, id);
      await durable.whenEnded(ids, fanOutPollMs);
      setStep(recorder, name, 'SUCCEEDED', null);
    },
    report(problems) {
      recorder.change((state) => ({ ...state, problems: [...problems] }));
    },
    about(subject, row) {
      recorder.change((state) => ({ ...state, subject, result: row }));
    },
    cancel(step, code, message) {
      setStep(recorder, step, 'FAILED', message);
      throw new Stop('cancelled', stepFailed(step, message, code));
    },
    isPatched: (change) => durable.isPatched(change),
  };
}

/** Does something once. The process does not come to rest before its outcome is recorded: it would be done again. */
function performer(durable: Durable, activity: Activity): Durable['run'] {
  return (name, body) => activity.during(() => durable.run(name, body));
}

async function compensate(
  { how, problem }: Stop,
  undos: readonly Undo[],
  steps: StepRunner,
  { durable, recorder, activity, policy }: SagaRunOptions,
): Promise<void> {
  const perform = performer(durable, activity);
  recorder.change((state) => ({
    ...skipPending(state),
    status: undos.length > 0 ? 'COMPENSATING' : state.status,
    problems: [...state.problems, problem],
  }));
  const sure = undos.filter(({ unsure }) => !unsure).reverse();
  const unsure = undos.filter((undo) => undo.unsure);
  // What may still take effect is looked for last, and not before it can no longer happen.
  for (const { name, undo } of sure) await takeBack(name, undo, { status: 'COMPENSATED' });
  if (unsure.length > 0) await durable.sleep(policy.settleMs);
  for (const { name, undo } of unsure) await takeBack(name, undo, {});
  const undone: WorkflowStatus = how === 'cancelled' ? 'CANCELLED' : 'COMPENSATED';
  finish(recorder, undos.length > 0 || how === 'cancelled' ? undone : 'FAILED');

  async function takeBack(name: string, undo: Undo['undo'], done: { status?: 'COMPENSATED' }): Promise<void> {
    const prefix = 'Taking it back: ';
    await perform(`undo ${name}`, () =>
      steps.insist(name, `undo-${name}`, undo, { prefix, done: { ...done, error: null } }),
    );
    recorder.change((state) => withStep(state, name, done));
  }
}

function skipPending(state: WorkflowState): WorkflowState {
  const steps = state.steps.map((step) =>
    step.status === 'PENDING' ? { ...step, status: 'SKIPPED' as const } : step,
  );
  return { ...state, steps };
}

function finish(recorder: Recorder, status: WorkflowStatus): void {
  recorder.change((state) => ({
    ...skipPending(state),
    status,
    waitingFor: null,
    waitingOn: null,
    result: status === 'SUCCEEDED' ? state.result : null,
    finishedAt: new Date().toISOString(),
  }));
}

function brokenSaga(error: unknown, workflow: string, { alert, durable }: SagaRunOptions): Stop {
  const message = String(error);
  alert({ workflowId: durable.id, workflow, step: '', attempts: 1, message, cause: error });
  const problem: Problem = stepFailed('', 'Something went wrong within the gateway.', 'INTERNAL');
  return new Stop('failed', problem);
}

/** Starts what is to follow. The client has its answer by now. */
async function follow(
  saga: Saga,
  input: object,
  { durable, recorder, activity, prepare }: SagaRunOptions,
): Promise<void> {
  const end = recorder.current();
  if (!hasEnded(end)) return;
  for (const followUp of saga.followUps?.(end, input) ?? []) {
    await performer(durable, activity)(`prepare ${followUp.id}`, () => prepare(followUp, end.startedBy));
    await durable.start(followUp.saga, followUp.id);
  }
}
