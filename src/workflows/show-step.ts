import type { Recorder } from './recorder.ts';
import { withStep } from './state.ts';
import type { Outcome } from './step-runner.ts';

/** What is recorded as done is shown as done, also where the process died between the two. */
export function showOutcome(recorder: Recorder, name: string, outcome: Outcome<unknown>): void {
  const shown = recorder.current().steps.find((step) => step.name === name);
  if (shown?.status !== 'RUNNING' && shown?.status !== 'PENDING') return;
  setStep(recorder, name, outcome.ok ? 'SUCCEEDED' : 'FAILED', outcome.ok ? null : outcome.problem.message);
}

/** Shows that a step has begun, once. */
export function begin(recorder: Recorder, name: string): void {
  if (recorder.current().steps.find((step) => step.name === name)?.status !== 'PENDING') return;
  const startedAt = new Date().toISOString();
  recorder.change((state) => withStep(state, name, { status: 'RUNNING', attempts: 1, startedAt }));
}

/** Shows how a step has ended. */
export function setStep(
  recorder: Recorder,
  name: string,
  status: 'SUCCEEDED' | 'FAILED',
  error: string | null,
): void {
  const finishedAt = new Date().toISOString();
  recorder.change((state) => withStep(state, name, { status, finishedAt, error }));
}
