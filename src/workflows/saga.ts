import type { z } from 'zod';
import type { Call } from '../call.ts';
import type { Refusals } from './problems.ts';
import type { Problem, Subject, WorkflowState } from './state.ts';

/** What a step calls a backend with. */
export interface StepCall {
  /** On behalf of whoever started the workflow, as the gateway: it works a week later as well. */
  readonly call: Call;
  /** The idempotency key: made of workflow and step, the same at every attempt on every replica. */
  readonly key: string;
}

/** A step and its undo. What it resolves with is kept as JSON. */
export interface Step<T> {
  do(at: StepCall): Promise<T>;
  /** What a write with this key did, asked for where the outcome is not known. The first row counts. */
  find?(at: StepCall): Promise<readonly T[]>;
  /** Takes back what was done. It is tried until it works. */
  undo?(at: StepCall, done: T): Promise<unknown>;
  /** The backend's refusals that are expected, by problem type. */
  readonly refused?: Refusals;
  /** True past the point of no return: the step is tried until it works, and never undone. */
  readonly mustSucceed?: boolean;
}

/** What a workflow waits for. */
export interface Wait {
  readonly topic: string;
  readonly timeoutMs: number;
  /** In words, for people. */
  readonly waitingFor: string;
}

/** A wait for an administrator's yes. */
export interface Approval extends Omit<Wait, 'topic'> {
  /** What is to be approved may be called off meanwhile: a yes comes to nothing then. */
  readonly calledOff: {
    /** Whether it was. Asked when the wait is over. */
    isSo(at: StepCall): Promise<boolean>;
    /** What is said then. */
    readonly code: string;
    readonly message: string;
  };
}

/** The topic on which whoever waits for a yes is rung: something was decided, or called off. */
export const approvalTopic = 'decision';

/** A message for another workflow. */
export interface Message {
  /** Its id, or the unfinished one of a saga that is about something. */
  readonly to: string | { readonly saga: string; readonly subject: Subject };
  readonly topic: string;
  readonly message: unknown;
}

/** The run of a saga: each call is recorded, and gives the same again after a crash. */
export interface Run {
  readonly id: string;
  /** The raw id of the user who started it. */
  readonly userId: string;
  /**
   * Takes a step of those that the saga names, or stops the saga: everything done so far is undone in reverse.
   */
  step<T>(name: string, step: Step<T>): Promise<T>;
  /** Says that a step is not needed. */
  skip(name: string): void;
  /** Does something that the list of steps does not show. It is tried until it works. */
  aside<T>(name: string, work: (at: StepCall) => Promise<T>): Promise<T>;
  /** Waits for an administrator's yes; stops the saga as CANCELLED on a no, where none comes in time, or once called off. */
  approval(name: string, wait: Approval): Promise<void>;
  /** The next message on a topic, or null when none came in time. */
  message(wait: Wait): Promise<unknown>;
  /** Leaves messages for other workflows, once; nothing where there is none that could read it. */
  tell(name: string, messages: readonly Message[]): Promise<void>;
  /** A step that puts tasks into a queue, for any worker to take, and waits until all are done. */
  fanOut(name: string, tasks: FanOut): Promise<void>;
  /** Shows problems that do not stop the workflow. */
  report(problems: readonly Problem[]): void;
  /** Says what the workflow is about; `row` is what whoever started it gets to see of it. */
  about(subject: Subject, row: unknown): void;
  /** Stops the saga for a reason in words: everything done so far is undone and it ends as CANCELLED. */
  cancel(step: string, code: string, message: string): never;
  /** Whether this run began after the change of this name was made to the saga. */
  isPatched(change: string): Promise<boolean>;
}

/** The pieces of a fan-out: `count` times the same task, numbered from 0. */
export interface FanOut {
  readonly task: string;
  readonly queue: string;
  readonly count: number;
}

/** A piece of a fan-out. It is not shown by itself; whoever started it shows how far all of them are. */
export interface Task {
  readonly name: string;
  /** Does piece `number` of a workflow's. It is tried until it works, under the same key. */
  run(at: StepCall, workflowId: string, number: number): Promise<void>;
}

/** A workflow that another one starts when it has ended. */
export interface FollowUp {
  readonly saga: string;
  /** Unique; the same when the workflow is run again. */
  readonly id: string;
  readonly input: unknown;
}

/** A workflow: read top to bottom, each step beside its undo. */
export interface Saga<Input extends object = object> {
  /** Its public name. */
  readonly name: string;
  readonly input: z.ZodType<Input>;
  /** Fields of the input that are kept encrypted. */
  readonly secrets: readonly string[];
  /** The names of all its steps, in order. */
  readonly steps: readonly string[];
  run(run: Run, input: Input): Promise<void>;
  /** What is to follow its end. */
  followUps?(end: WorkflowState, input: Input): readonly FollowUp[];
}
