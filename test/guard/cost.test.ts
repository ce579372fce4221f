import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

import { randomQuery } from '../waterfall/operations.ts';
import { objectsOf } from './objects-of.ts';

const ORDER_PAGE = `{
  me {
    name
    orders(first: 10) {
      nodes { total { amount } payment { status } items { quantity product { name price { amount } stock { available } } } }
    }
    bookings(first: 5) {
      nodes { reference payment { status } flight { number origin { name } destination { name } offer { price { amount } } } }
    }
  }
}`;

const today = new Date().toISOString().slice(0, 10);
const OFFERS = `query ($first: Int = 100) {
  flights(search: { origin: "LHR", destination: "JFK", date: "${today}" }, first: $first) { nodes { offer { token } } }
}`;

describe('the cost of an operation in REST calls', () => {
  let weir: Weir;
  let ada: string;
  let root: string;
  beforeAll(async () => {
    weir = await startWeir();
    ada = await weir.signIn();
    root = await weir.signIn('root@example.com');
  });
  beforeEach(async () => weir.forgetCalls());
  afterAll(async () => weir[Symbol.asyncDispose]());

  it('is refused above the limit before anything runs, with what is dear about it', async () => {
    const { status, data, errors } = await weir.ask(OFFERS);
    expect([status, data]).toEqual([200, undefined]);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'OPERATION_TOO_COMPLEX',
      limit: 60,
      actual: 101,
      hint: expect.stringContaining('100 for flights.nodes.offer'),
    });
    expect(await weir.allCalls()).toEqual([]);
  });

  it.each([
    [59, 'ok'],
    [60, 'OPERATION_TOO_COMPLEX'],
  ])('goes by the variables: %i flights, each with an offer: %s', async (first, outcome) => {
    const { errors } = await weir.ask(OFFERS, { variables: { first } });
    expect(errors[0]?.extensions.code ?? 'ok').toBe(outcome);
  });

  it('cannot be talked down by variables that are not what the operation says', async () => {
    const document = `query ($first: Int = 100, $search: FlightSearch!) {
      flights(search: $search, first: $first) { nodes { offer { token } } }
    }`;
    const search = { origin: 'LHR', destination: 'JFK', date: today };
    const wrong = await weir.ask(document, { variables: { first: 80, search: { origin: 'LHR' } } });
    expect(wrong.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const right = await weir.ask(document, { variables: { first: 80, search } });
    expect(right.errors[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_COMPLEX', actual: 81 });
  });

  it('is no matter for the order page', async () => {
    const { data, errors } = await weir.ask(ORDER_PAGE, { token: ada });
    expect(errors).toEqual([]);
    expect(data.me.orders.nodes).toHaveLength(10);
  });

  it('is no matter for a hundred users with their orders', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `User:${index + 1}`);
    const { data, errors } = await weir.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { name orders(first: 5) { nodes { id total { amount } } } } } }',
      { variables: { ids }, token: root },
    );
    expect(errors).toEqual([]);
    expect(data.nodes).toHaveLength(100);
  });

  it('counts each run of a mutation that asks a backend', async () => {
    await using strict = await startWeir({ MAX_UPSTREAM_CALLS: '2' });
    const signIns = (count: number): string =>
      `mutation { ${Array.from({ length: count }, (_, index) => `a${index}: signIn(input: { email: "a@b.c", password: "x" }) { accessToken }`).join(' ')} }`;
    expect((await strict.ask(signIns(2))).errors).toEqual([]);
    expect((await strict.ask(signIns(3))).errors[0]?.extensions).toMatchObject({
      code: 'OPERATION_TOO_COMPLEX',
      limit: 2,
      actual: 3,
    });
  });
});

describe('the bound', () => {
  it('is never below the truth: 200 generated operations', async () => {
    await using weir = await startWeir({ MAX_UPSTREAM_CALLS: '100000', RATE_LIMIT: '0' });
    const token = await weir.signIn();
    const known = await objectsOf(weir, token);
    let calls = 0;
    let tight = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const query = randomQuery(seed, known);
      await weir.forgetCalls();
      const { extensions } = await weir.ask(query, { token, headers: { 'x-weir-explain': '1' } });
      const truth = (await weir.allCalls()).length;
      expect(truth, query).toBeLessThanOrEqual(extensions.explain.calls);
      calls += truth;
      if (truth === extensions.explain.calls) tight += 1;
    }
    // Something was called, and a bound that is never reached would bound nothing.
    expect(calls).toBeGreaterThan(400);
    expect(tight).toBeGreaterThan(10);
  }, 120_000);
});
