import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTransport, type RawAnswer } from '../../client/src/transport.ts';
import { startWeir, type Weir } from '../start-weir.ts';

let weir: Weir;
let ada: string;
beforeAll(async () => {
  weir = await startWeir();
  ada = await weir.signIn();
});
afterAll(async () => weir?.[Symbol.asyncDispose]());

const tomorrow = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
const FLIGHTS = `{
  flights(search: { origin: "LHR", destination: "JFK", date: "${tomorrow}" }, first: 5) {
    nodes { id number ... @defer(label: "offer") { offer { price { amount } } } }
  }
}`;
const ORDERS = `{
  me { orders(first: 5) { nodes { id status ... @defer(label: "payment") { payment { id status } } } } }
}`;

interface Part {
  readonly data?: Record<string, unknown> | null;
  readonly path: readonly (string | number)[];
  readonly label?: string;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function parts(
  query: string,
  token?: string,
): Promise<{ first: RawAnswer; later: Part[]; atMs: number[] }> {
  const transport = createTransport({ url: `${weir.url}/graphql`, token: () => token ?? null });
  const startedAt = performance.now();
  const answers: RawAnswer[] = [];
  const atMs: number[] = [];
  const operation = { body: { query }, signal: null, trace: false, timeoutMs: null };
  for await (const answer of transport.listen(operation)) {
    answers.push(answer);
    atMs.push(performance.now() - startedAt);
  }
  const [first, ...rest] = answers;
  if (!first) throw new Error('no answer came');
  const later = rest.flatMap(({ payload }) => (payload.incremental ?? []) as Part[]);
  expect(answers.slice(0, -1).every(({ payload }) => payload.hasNext === true)).toBe(true);
  expect(answers.at(-1)?.payload.hasNext).toBe(false);
  return { first, later, atMs };
}

describe('@defer and @stream', () => {
  it('bring the flights before what they cost, by the same calls as the whole', async () => {
    await weir.ask(FLIGHTS.replace('... @defer(label: "offer")', '...'));
    await weir.forgetCalls();
    await weir.fault('pricing', { latencyMs: 400 });
    const { first, later, atMs } = await parts(FLIGHTS);
    await weir.fault('pricing', null);
    const flights = (first.data as { flights: { nodes: object[] } }).flights.nodes;
    expect(flights).toHaveLength(5);
    expect(flights.every((flight) => !('offer' in flight))).toBe(true);
    expect(atMs[0]).toBeLessThan((atMs.at(-1) ?? 0) - 200);
    expect(later).toHaveLength(5);
    expect(later.every(({ label, data }) => label === 'offer' && data?.offer)).toBe(true);
    expect(later.map(({ path }) => path.join('.')).sort()).toEqual(
      [0, 1, 2, 3, 4].map((i) => `flights.nodes.${i}`),
    );
    expect((await weir.allCalls()).filter((call) => call.startsWith('pricing'))).toHaveLength(5);
  });

  it('bring the orders before their payments, which come by one call', async () => {
    await weir.forgetCalls();
    const { first, later } = await parts(ORDERS, ada);
    expect((first.data as { me: { orders: { nodes: object[] } } }).me.orders.nodes).toHaveLength(5);
    expect(later).toHaveLength(5);
    const calls = await weir.allCalls();
    expect(calls.filter((call) => call.startsWith('payments'))).toHaveLength(1);
    expect(calls).toHaveLength(2);
  });

  it('tell what failed in the part where it is missing, and say no more of it than elsewhere', async () => {
    await weir.fault('payments', { mode: 'reset' });
    const { first, later } = await parts(ORDERS, ada);
    await weir.fault('payments', null);
    expect(first.errors).toEqual([]);
    const errors = later.flatMap((part) => part.errors ?? []);
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['UPSTREAM_UNAVAILABLE']),
    );
    expect(JSON.stringify(later)).not.toMatch(/127\.0\.0\.1|ECONN/);
  });

  it('keep to the deadline', async () => {
    await weir.fault('payments', { mode: 'hang' });
    const response = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${ada}`,
        'x-weir-timeout-ms': '400',
      },
      body: JSON.stringify({ query: ORDERS }),
    });
    const startedAt = performance.now();
    const text = await response.text();
    await weir.fault('payments', null);
    expect(text).toMatch(/UPSTREAM_TIMEOUT|DEADLINE_EXCEEDED/);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('stream the items of a list', async () => {
    const { first, later } = await parts(
      '{ products(first: 4) { nodes @stream(initialCount: 1, label: "more") { id } } }',
    );
    expect((first.data as { products: { nodes: object[] } }).products.nodes).toHaveLength(1);
    expect(later.flatMap((part) => ('items' in part ? part.items : []))).toHaveLength(3);
  });

  it('come as multipart/mixed for whoever asks for that', async () => {
    const response = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'multipart/mixed',
        authorization: `Bearer ${ada}`,
      },
      body: JSON.stringify({ query: ORDERS }),
    });
    expect(response.headers.get('content-type')).toMatch(/^multipart\/mixed/);
    const text = await response.text();
    expect(text.indexOf('"hasNext":true')).toBeLessThan(text.indexOf('"label":"payment"'));
    expect(text).toContain('"hasNext":false');
  });

  it('come whole for whoever takes one answer only', async () => {
    const { data, errors } = await weir.ask(ORDERS, { token: ada });
    expect(errors).toEqual([]);
    expect(data.me.orders.nodes[0]).toHaveProperty('payment');
  });

  it.each([
    ['{ me { id ... @defer(label: "a") { name } ... @defer(label: "a") { email } } }', 'taken'],
    ['query ($l: String) { me { id ... @defer(label: $l) { name } } }', 'stand in the document'],
    ['{ me @stream { id } }', '@stream can only stand on a list'],
    [
      'mutation { ... @defer { signIn(input: { email: "a", password: "b" }) { accessToken } } }',
      'root of a mutation',
    ],
  ])('are refused where they make no sense: %s', async (query, words) => {
    const { errors } = await weir.ask(query);
    expect(errors[0]?.message).toContain(words);
    expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
