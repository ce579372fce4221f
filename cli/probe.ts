import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type Probed, probeOnSchedule } from './probe-schedule.ts';

export const usage = `weir probe [--url http://127.0.0.1:4000/graphql] [--timeout 5000] [--json] [--every 60 [--port 9118]]
  Signs in and loads the order page once, as a client would. Exit code 1 where that fails. With --every it goes on, so
  many seconds apart, and tells Prometheus at /metrics of its port on loopback how the last one went.
  PROBE_EMAIL and PROBE_PASSWORD say as whom (the demo's Ada without them).`;

const PAGE = /* GraphQL */ `
  query Probe {
    me {
      name
      orders(first: 10) { nodes { total { amount } items { quantity product { name price { amount } } } } }
      bookings(first: 5) { nodes { reference flight { number } } }
    }
  }
`;
const SIGN_IN = /* GraphQL */ `
  mutation ProbeSignIn($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) { accessToken }
  }
`;

const errorsShape = z.array(z.object({ message: z.string() })).optional();
const signInShape = z.object({
  data: z.object({ signIn: z.object({ accessToken: z.string().nullable() }).nullable() }).nullish(),
  errors: errorsShape,
});
const pageShape = z.object({
  data: z
    .object({ me: z.object({ orders: z.object({ nodes: z.array(z.unknown()) }).nullable() }).nullable() })
    .nullish(),
  errors: errorsShape,
});

/** Loads the order page, once or on a schedule. Returns the exit code: 1 where any of it was missing or late. */
export async function probe(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:4000/graphql' },
      timeout: { type: 'string', default: '5000' },
      json: { type: 'boolean', default: false },
      every: { type: 'string' },
      port: { type: 'string', default: '9118' },
    },
  });
  const { url, json, every } = values;
  const once = (): Promise<Probed> => probeOnce(url, Number(values.timeout));
  const tell = (probed: Probed): void => tellOf(probed, url, json);
  if (every === undefined) {
    const probed = await once();
    tell(probed);
    return probed.fault === null ? 0 : 1;
  }
  if (!(Number(every) > 0)) {
    console.error(`--every takes a number of seconds.\n\n${usage}`);
    return 2;
  }
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ending.abort());
  await probeOnSchedule({
    everyMs: Number(every) * 1000,
    port: Number(values.port),
    probe: once,
    tell,
    listening: (address) => console.error(`The figures are at ${address}`),
    signal: ending.signal,
  });
  return 0;
}

async function probeOnce(url: string, timeoutMs: number): Promise<Probed> {
  const startedAt = performance.now();
  const fault = await orderPage(url, AbortSignal.timeout(timeoutMs)).catch((error: unknown) =>
    reasonOf(error),
  );
  return { fault, tookMs: Math.round(performance.now() - startedAt) };
}

function tellOf({ fault, tookMs }: Probed, url: string, json: boolean): void {
  if (json) console.log(JSON.stringify({ healthy: fault === null, tookMs, fault }));
  else if (fault === null) console.log(`The order page came in ${tookMs} ms.`);
  else console.error(`The order page did not come: ${fault} (after ${tookMs} ms, ${url})`);
}

/** What is wrong with the page, or null. */
async function orderPage(url: string, signal: AbortSignal): Promise<string | null> {
  const post = async (query: string, variables: object, token: string | null): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-client-name': 'weir-probe',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
      signal,
    });
    return response.json();
  };
  const { PROBE_EMAIL: email = 'ada@example.com', PROBE_PASSWORD: password = 'waterfall' } = process.env;
  const signedIn = signInShape.parse(await post(SIGN_IN, { email, password }, null));
  const token = signedIn.data?.signIn?.accessToken ?? null;
  if (token === null) return `nobody could sign in: ${messagesOf(signedIn.errors) || 'wrong password'}`;
  const { data, errors } = pageShape.parse(await post(PAGE, {}, token));
  if (errors && errors.length > 0) return messagesOf(errors);
  return data?.me?.orders ? null : 'it has no orders';
}

const messagesOf = (errors: z.infer<typeof errorsShape>): string =>
  [...new Set(errors?.map(({ message }) => message))].slice(0, 3).join('; ');

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'the answer is no GraphQL';
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : cause.message;
}
