import { type ProblemSlug, problemType } from '../http/problem-types.ts';
import { UpstreamProblem } from '../http/upstream-problem.ts';
import type { Problem } from './state.ts';

/** Thrown by a step that is refused for a reason that the person at the screen can act on. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** Turns the refusals of a backend that a step expects into problems, by the slug of their type. */
export type Refusals = { readonly [S in ProblemSlug]?: (problem: UpstreamProblem) => Problem };

/** The problem that a step expected this error to be, or null. */
export function toExpectedProblem(error: unknown, refusals: Refusals): Problem | null {
  if (error instanceof Refusal) return error.problem;
  const cause = error instanceof Error ? error.cause : null;
  if (!(cause instanceof UpstreamProblem)) return null;
  for (const slug of Object.keys(refusals) as ProblemSlug[]) {
    if (problemType(slug) === cause.type) return refusals[slug]?.(cause) ?? null;
  }
  return null;
}

export const invalidInput = (message: string, path: readonly string[]): Problem => ({
  type: 'InvalidInput',
  code: 'INVALID_INPUT',
  message,
  path,
});

export const idempotencyConflict = (): Problem => ({
  type: 'IdempotencyConflict',
  code: 'IDEMPOTENCY_CONFLICT',
  message: 'This idempotency key was used before, with another input.',
  path: ['idempotencyKey'],
});

export const notFound = (message: string, path: readonly string[]): Problem => ({
  type: 'NotFound',
  code: 'NOT_FOUND',
  message,
  path,
});

export const notCancellable = (message: string): Problem => ({
  type: 'NotCancellable',
  code: 'NOT_CANCELLABLE',
  message,
  path: [],
});

/** What the inventory backend says when it has too little of something; `pathOf` leads to the line of the input. */
export function outOfStock(
  problem: UpstreamProblem,
  pathOf: (productId: string) => readonly string[] = () => [],
): Problem {
  const { productId, available } = problem.extensions;
  return {
    type: 'OutOfStock',
    code: 'OUT_OF_STOCK',
    message: 'There is not enough of this product in stock.',
    path: pathOf(String(productId)),
    productId: String(productId),
    available: typeof available === 'number' ? available : 0,
  };
}

/** What the payments backend says when it takes no money. */
export function paymentDeclined(problem: UpstreamProblem): Problem {
  const { reason } = problem.extensions;
  return declinedFor(typeof reason === 'string' ? reason : 'declined');
}

/** A declined payment for a reason of the payments backend. */
export const declinedFor = (reason: string): Problem => ({
  type: 'PaymentDeclined',
  code: 'PAYMENT_DECLINED',
  message: 'The payment was declined.',
  path: ['paymentToken'],
  reason,
});

export const offerExpired = (message: string, flightId: string, passengers: number): Problem => ({
  type: 'OfferExpired',
  code: 'OFFER_EXPIRED',
  message,
  path: ['offerToken'],
  flightId,
  passengers,
});

export const stepFailed = (step: string, message: string, code = 'STEP_FAILED'): Problem => ({
  type: 'StepFailed',
  code,
  message,
  path: [],
  step,
});
