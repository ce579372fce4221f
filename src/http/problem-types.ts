const BASE = 'https://weir.example/problems/';

/**
 * Every problem type of our contracts. A client hears of a type only when it stands here: what a backend makes up
 * by itself might say anything.
 */
const slugs = [
  'invalid-request',
  'invalid-credentials',
  'unauthenticated',
  'forbidden',
  'not-found',
  'email-taken',
  'out-of-stock',
  'sold-out',
  'invalid-transition',
  'payment-declined',
  'idempotency-conflict',
  'unavailable',
  'internal',
] as const;

export type ProblemSlug = (typeof slugs)[number];

/** The URI of a problem type, as backends send it. */
export const problemType = (slug: ProblemSlug): string => BASE + slug;

const known: ReadonlySet<string> = new Set(slugs.map(problemType));

/** Whether our contracts know a problem type. */
export const isKnownProblem = (type: string): boolean => known.has(type);
