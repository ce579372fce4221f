import type { Tracing } from '../tracing/tracing.ts';
import type { Activity } from './activity.ts';
import { backoffMs, type RetryPolicy, toPublicWords, toVerdict } from './attempts.ts';
import { isEngineError } from './engine.ts';
import { insist } from './insist.ts';
import type { Origin } from './origin.ts';
import { stepFailed, toExpectedProblem } from './problems.ts';
import type { Recorder } from './recorder.ts';
import type { Step, StepCall } from './saga.ts';
import { hasEnded, type Problem, type StepState, withStep } from './state.ts';
import { withStepCall } from './step-call.ts';

/** How a step went, as it is recorded. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  /** `acted` is null where it is not known whether the step took effect. */
  | { readonly ok: false; readonly problem: Problem; readonly acted: false | null };

/** Something that an operator should look at. */
export interface Alert {
  readonly workflowId: string;
  readonly workflow: string;
  readonly step: string;
  readonly attempts: number;
  readonly message: string;
  readonly cause: unknown;
}

/** What the steps of one run share. */
export interface StepRunner {
  /** Tries a step until it works, is refused, or has failed often enough. */
  attempt<T>(name: string, step: Step<T>): Promise<Outcome<T>>;
  /** Does something until it works; `change` is made to the step's public state then. */
  insist<T>(name: string, key: string, work: (at: StepCall) => Promise<T>, options: Insistence): Promise<T>;
}

export interface Insistence {
  /** Shown in front of what goes wrong meanwhile. */
  readonly prefix: string;
  /** The step's public state once it has worked. */
  readonly done: Partial<StepState>;
}

export interface StepRunnerOptions {
  readonly id: string;
  readonly workflow: string;
  readonly userId: string;
  readonly origin: Origin;
  /** Null where nobody receives traces. */
  readonly tracing: Tracing | null;
  readonly recorder: Recorder;
  readonly activity: Activity;
  readonly policy: RetryPolicy;
  /** Throws where another process has taken the workflow over. */
  assertMine(id: string): Promise<void>;
  alert(alert: Alert): void;
}

export function createStepRunner(options: StepRunnerOptions): StepRunner {
  const { id, workflow, userId, origin, tracing, recorder, activity, policy, assertMine, alert } = options;

  const stateOf = (name: string): StepState | undefined =>
    recorder.current().steps.find((step) => step.name === name);
  const change = (name: string, to: Partial<StepState>): void =>
    recorder.change((state) => withStep(state, name, to));

  const once = <T>(step: string, work: (at: StepCall) => Promise<T>): Promise<T> =>
    withStepCall(
      tracing,
      { workflowId: id, workflow, step, userId, origin, budgetMs: policy.attemptMs },
      (call) => work({ call, key: `${id}:${step}` }),
    );

  const fail = (name: string, problem: Problem, acted: false | null): Outcome<never> => {
    change(name, { status: 'FAILED', finishedAt: now(), error: problem.message });
    return { ok: false, problem, acted };
  };

  const succeed = <T>(name: string, value: T): Outcome<T> => {
    change(name, { status: 'SUCCEEDED', finishedAt: now(), error: null });
    return { ok: true, value };
  };

  const tell = (step: string, attempts: number, cause: unknown): void =>
    alert({ workflowId: id, workflow, step, attempts, message: String(cause), cause });

  /** Asks what a write with the step's key did; null where nobody can tell. */
  const ask = async <T>(name: string, step: Step<T>): Promise<readonly T[] | null> => {
    if (!step.find) return null;
    for (let tries = 1; tries <= policy.attempts; tries += 1) {
      await assertMine(id);
      try {
        return await once(name, step.find);
      } catch (error) {
        if (isEngineError(error) || toExpectedProblem(error, {})) throw error;
        await activity.pause(backoffMs(policy, tries, error));
      }
    }
    return null;
  };

  /** Past its attempts: what is not known is asked for before anything is decided. */
  const giveUp = async <T>(
    name: string,
    step: Step<T>,
    error: unknown,
    unknown: boolean,
  ): Promise<Outcome<T>> => {
    const problem = stepFailed(name, `${toPublicWords(error)}.`);
    if (!unknown) return fail(name, problem, false);
    try {
      const found = await ask(name, step);
      if (found?.[0] !== undefined) return succeed(name, found[0]);
      return fail(name, problem, null);
    } catch (refusal) {
      const expected = toExpectedProblem(refusal, {});
      if (expected === null) throw refusal;
      return fail(name, expected, false);
    }
  };

  return {
    async attempt(name, step) {
      const { status } = recorder.current();
      // Its end was told: whatever made it run again, it may be undone, but it does nothing more.
      if (hasEnded(recorder.current())) throw new Error(`It has ended as ${status} and goes no further.`);
      // An attempt of an earlier process may have acted without anyone having heard of it.
      let unknown = (stateOf(name)?.attempts ?? 0) > 0;
      for (let tries = 1; ; tries += 1) {
        await assertMine(id);
        const before = stateOf(name);
        change(name, {
          status: 'RUNNING',
          attempts: (before?.attempts ?? 0) + 1,
          startedAt: before?.startedAt ?? now(),
        });
        try {
          return succeed(name, await once(name, step.do));
        } catch (error) {
          if (isEngineError(error)) throw error;
          const expected = toExpectedProblem(error, step.refused ?? {});
          if (expected) return fail(name, expected, false);
          const verdict = toVerdict(error);
          unknown ||= verdict === 'unknown';
          change(name, { error: toPublicWords(error) });
          if (verdict === 'broken') tell(name, tries, error);
          if (!step.mustSucceed) {
            const last = verdict === 'refused' || verdict === 'broken' || tries >= policy.attempts;
            if (last) return await giveUp(name, step, error, unknown || verdict === 'broken');
          } else if (tries % policy.alertEvery === 0) {
            tell(name, tries, error);
          }
          await activity.pause(backoffMs(policy, tries, error));
        }
      }
    },

    async insist(name, key, work, { prefix, done }) {
      const value = await insist(() => once(key, work), {
        ...options,
        onFailure(error, attempts, alerting) {
          change(name, { error: `${prefix}${toPublicWords(error)}` });
          if (alerting) tell(name, attempts, error);
        },
      });
      change(name, done);
      return value;
    },
  };
}

const now = (): string => new Date().toISOString();
