import * as z from 'zod';

const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })).optional(),
});

/** What came of one operation. */
export interface Outcome {
  /** 0 where no answer came at all. */
  readonly status: number;
  /** `ok`, or the code of the first error; `lost` where no answer came. */
  readonly code: string;
  readonly tookMs: number;
  /** On the clock of `performance.now()`. */
  readonly at: number;
}

export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks one operation; never rejects. */
export async function ask(url: string, { query, variables, headers }: Question): Promise<Outcome> {
  const at = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { errors } = answerShape.parse(await response.json());
    return {
      status: response.status,
      code: errors?.[0]?.extensions.code ?? 'ok',
      tookMs: performance.now() - at,
      at,
    };
  } catch {
    return { status: 0, code: 'lost', tookMs: performance.now() - at, at };
  }
}

/** The `authorization` of one of the demo's people. */
export async function signIn(url: string): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query:
        'mutation { signIn(input: { email: "ada@example.com", password: "waterfall" }) { accessToken } }',
    }),
  });
  const { data } = z
    .object({ data: z.object({ signIn: z.object({ accessToken: z.string() }) }) })
    .parse(await response.json());
  return { authorization: `Bearer ${data.signIn.accessToken}` };
}

/** Asks so many a second for so long, whatever becomes of them; resolves when the last has ended. */
export async function askSteadily(
  next: () => Promise<Outcome>,
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
): Promise<readonly Outcome[]> {
  const startedAt = performance.now();
  const running: Promise<Outcome>[] = [];
  const total = Math.round((perSecond * forMs) / 1000);
  while (running.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1);
    while (running.length < due) running.push(next());
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
  return Promise.all(running);
}

/** The value below which this share of some numbers lies; 0 of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** How many outcomes there are of each code. */
export function countCodes(outcomes: readonly Outcome[]): string {
  const counts = Map.groupBy(outcomes, ({ code }) => code);
  return [...counts].map(([code, { length }]) => `${length} ${code}`).join(', ');
}
