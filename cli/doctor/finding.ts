/** What one look has found. */
export interface Finding {
  /** What was looked at: `orders: contract`. */
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail' | 'skip';
  readonly says: string;
  /** What to do, or null where there is nothing to do. */
  readonly remedy: string | null;
  readonly tookMs: number;
}

export type Verdict = Omit<Finding, 'name' | 'tookMs'>;

export const ok = (says: string): Verdict => ({ state: 'ok', says, remedy: null });
export const warn = (says: string, remedy: string): Verdict => ({ state: 'warn', says, remedy });
export const fail = (says: string, remedy: string): Verdict => ({ state: 'fail', says, remedy });
export const skip = (says: string): Verdict => ({ state: 'skip', says, remedy: null });

/** Takes one look, with its time. What it throws is a failure with this remedy. */
export async function look(
  name: string,
  remedy: string,
  take: () => Verdict | Promise<Verdict>,
): Promise<Finding> {
  const startedAt = performance.now();
  let verdict: Verdict;
  try {
    verdict = await take();
  } catch (error) {
    verdict = fail(reasonOf(error), remedy);
  }
  return { name, ...verdict, tookMs: performance.now() - startedAt };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (cause instanceof Error)
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
