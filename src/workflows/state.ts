/**
 * What the world may see of a workflow: the shape of `Workflow` in the schema, with raw ids.
 *
 * The durable engine has its own records to work by; this is kept beside them for people to look at.
 */

export type WorkflowStatus =
  | 'RUNNING'
  | 'WAITING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'COMPENSATING'
  | 'COMPENSATED'
  | 'CANCELLED';

export type StepStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'COMPENSATED' | 'SKIPPED';

/** One step, and how often it was tried. Times are RFC 3339 in UTC. */
export interface StepState {
  readonly name: string;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** What went wrong last, in words fit for anyone. */
  readonly error: string | null;
}

/** The object that a workflow is about, by its type in the schema and its raw id. */
export interface Subject {
  readonly type: 'Order' | 'Booking' | 'User';
  readonly id: string;
}

interface ProblemBase {
  readonly code: string;
  readonly message: string;
  /** Leads to the input at fault. */
  readonly path: readonly string[];
}

/** The types of problems that have nothing but their words. */
type PlainProblem =
  | 'InvalidInput'
  | 'NotFound'
  | 'NotCancellable'
  | 'AlreadyDecided'
  | 'EmailTaken'
  | 'IdempotencyConflict';

/** An expected failure, as the schema's types of the same names have them; what they refer to stands here by raw id. */
export type Problem =
  | { readonly [T in PlainProblem]: ProblemBase & { readonly type: T } }[PlainProblem]
  | (ProblemBase & { readonly type: 'OutOfStock'; readonly productId: string; readonly available: number })
  | (ProblemBase & { readonly type: 'PaymentDeclined'; readonly reason: string })
  | (ProblemBase & {
      readonly type: 'OfferExpired';
      readonly flightId: string;
      readonly passengers: number;
    })
  | (ProblemBase & { readonly type: 'StepFailed'; readonly step: string });

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface WorkflowState {
  readonly id: string;
  readonly name: string;
  readonly status: WorkflowStatus;
  /** Grows by one at each change. */
  readonly revision: number;
  readonly steps: readonly StepState[];
  readonly progress: Progress | null;
  readonly waitingFor: string | null;
  readonly subject: Subject | null;
  readonly problems: readonly Problem[];
  /** The raw id of the user who started it. */
  readonly startedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** The topic of the message that it waits for, such as `decision`. Not for the public. */
  readonly waitingOn: string | null;
  /** The subject's row as the last step left it, for the answer of whoever started the workflow. */
  readonly result: unknown;
}

const ends: ReadonlySet<WorkflowStatus> = new Set(['SUCCEEDED', 'FAILED', 'COMPENSATED', 'CANCELLED']);

/** Whether nothing will change any more. */
export function hasEnded(state: WorkflowState): boolean {
  return ends.has(state.status);
}

/** A step that has not begun. */
export function pendingStep(name: string): StepState {
  return { name, status: 'PENDING', attempts: 0, startedAt: null, finishedAt: null, error: null };
}

/** The same state with one step changed; unchanged where there is no such step. */
export function withStep(state: WorkflowState, name: string, change: Partial<StepState>): WorkflowState {
  return {
    ...state,
    steps: state.steps.map((step) => (step.name === name ? { ...step, ...change } : step)),
  };
}
