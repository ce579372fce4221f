import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from './open-demo.ts';
import { type RawOutcome, rawCall } from './raw-call.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'products', 'inventory', 'payments'] });
});
afterAll(() => demo[Symbol.asyncDispose]());
afterEach(async () => {
  for (const backend of Object.keys(demo.urls)) await demo.clearFaults(backend);
});

const path = '/stock?productIds=1';
const stockUrl = () => `${demo.urls.inventory}${path}`;
const lastStatus = async () => (await demo.calls('inventory')).at(-1)?.status;
const rightAnswer = async () => Buffer.from(await (await fetch(stockUrl())).text());

async function callWith(faults: unknown, patienceMs?: number): Promise<RawOutcome> {
  expect((await demo.setFaults('inventory', faults)).status).toBe(200);
  return rawCall(stockUrl(), patienceMs === undefined ? {} : { patienceMs });
}

describe('a spoiled read', () => {
  it('hang: never answers', async () => {
    const { end, status } = await callWith({ mode: 'hang' }, 300);
    expect([end, status]).toEqual(['silent', null]);
    expect(await lastStatus()).toBeNull();
  });

  it('reset: tears the connection down', async () => {
    const { end, status } = await callWith({ mode: 'reset' });
    expect([end, status]).toEqual(['ECONNRESET', null]);
    expect(await lastStatus()).toBeNull();
  });

  it('truncate: promises more than it sends', async () => {
    const right = await rightAnswer();
    const { end, status, headers, bytes } = await callWith({ mode: 'truncate' });
    expect([end, status]).toEqual(['ECONNRESET', 200]);
    expect(Number(headers['content-length'])).toBe(right.length);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThan(right.length);
    expect(right.subarray(0, bytes.length)).toEqual(bytes);
    expect(await lastStatus()).toBe(200);
  });

  it('garbage: sends bytes that are no JSON and says they are', async () => {
    const { end, status, headers, bytes } = await callWith({ mode: 'garbage' });
    expect([end, status]).toEqual(['complete', 200]);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(bytes.length).toBeGreaterThan(0);
    expect(() => JSON.parse(bytes.toString())).toThrow();
  });

  it('html: sends a page', async () => {
    const { end, status, headers, bytes } = await callWith({ mode: 'html' });
    expect([end, status]).toEqual(['complete', 200]);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(bytes.toString()).toContain('<h1>');
  });

  it('html with a status: what a proxy says of a backend that is down', async () => {
    const { status, headers } = await callWith({ mode: 'html', status: 502, retryAfter: 7 });
    expect([status, headers['retry-after']]).toEqual([502, '7']);
  });

  it('empty: sends no body', async () => {
    const { end, status, bytes } = await callWith({ mode: 'empty' });
    expect([end, status, bytes.length]).toEqual(['complete', 200, 0]);
  });

  it('wrong-shape: sends JSON of another shape', async () => {
    const { end, status, bytes } = await callWith({ mode: 'wrong-shape' });
    expect([end, status]).toEqual(['complete', 200]);
    expect(JSON.parse(bytes.toString())).not.toHaveProperty('items');
  });

  it('slow-body: sends the right answer a byte at a time', async () => {
    const right = await rightAnswer();
    const { end, bytes, chunks } = await callWith({ mode: 'slow-body' });
    expect([end, bytes.toString()]).toEqual(['complete', right.toString()]);
    expect(chunks).toBeGreaterThan(right.length / 2);
  });

  it('slow-body and truncate: also for who has the answer already', async () => {
    const { headers } = await demo.get('inventory', path);
    await demo.setFaults('inventory', { mode: 'truncate' });
    const known = { 'if-none-match': headers.get('etag') ?? '' };
    const { end, status } = await rawCall(stockUrl(), { headers: known });
    expect([end, status]).toEqual(['ECONNRESET', 200]);
  });

  it('status: answers a problem of that status', async () => {
    for (const status of [400, 429, 500, 502, 503, 504]) {
      const outcome = await callWith({ status });
      expect(outcome.status).toBe(status);
      expect(outcome.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(outcome.bytes.toString())).toMatchObject({ status, title: expect.any(String) });
    }
  });

  it('status with retryAfter: says when to try again', async () => {
    const { status, headers } = await callWith({ errorRate: 1, retryAfter: 2 });
    expect([status, headers['retry-after']]).toEqual([503, '2']);
  });

  it('latencyMs takes the place of the usual time, jitterMs adds to it', async () => {
    expect((await callWith({ latencyMs: 150 })).tookMs).toBeGreaterThanOrEqual(149);
    expect((await callWith({ jitterMs: 1 })).status).toBe(200);
    expect((await callWith({ latencyMs: 0, jitterMs: 0 })).status).toBe(200);
  });

  it('errorRate spoils that share of the calls', async () => {
    await demo.setFaults('inventory', { errorRate: 0.5, status: 500 });
    const statuses = await Promise.all(
      Array.from({ length: 400 }, async () => (await fetch(stockUrl())).status),
    );
    const failed = statuses.filter((status) => status === 500).length;
    // Six standard deviations of 400 fair coins to each side.
    expect(failed).toBeGreaterThan(140);
    expect(failed).toBeLessThan(260);
    await demo.setFaults('inventory', { errorRate: 0, mode: 'reset' });
    expect((await rawCall(stockUrl())).status).toBe(200);
  });

  it('is not cured by a token, a wrong path or a wrong method', async () => {
    await demo.setFaults('inventory', { status: 500 });
    for (const other of ['/nowhere', '/stock/1', '/reservations?idempotencyKey=k']) {
      expect((await demo.get('inventory', other)).status).toBe(500);
    }
  });
});

describe('a spoiled write', () => {
  const charge = {
    userId: '1',
    subject: 'orders/9',
    amount: { amount: 5, currency: 'EUR' },
    paymentToken: 'tok_ok',
  };

  const effectsAfter = async (
    mode: string,
  ): Promise<{ outcome: RawOutcome; effects: number; repeat: number }> => {
    const headers = { ...(await demo.machine()), 'idempotency-key': `spoiled ${mode}` };
    await demo.setFaults('payments', { mode });
    const call = { method: 'POST', headers, body: charge };
    const outcome = await rawCall(`${demo.urls.payments}/charges`, { ...call, patienceMs: 9_000 });
    const effects = (await demo.ledger('payments')).filter((row) => row.idempotencyKey === `spoiled ${mode}`);
    await demo.clearFaults('payments');
    const repeat = await demo.post('payments', '/charges', charge, headers);
    const total = (await demo.ledger('payments')).filter((row) => row.idempotencyKey === `spoiled ${mode}`);
    expect(total).toHaveLength(1);
    return { outcome, effects: effects.length, repeat: repeat.status };
  };

  it('after-acting: acts, then drops the connection; a repeat with the key acts no more', async () => {
    const { outcome, effects, repeat } = await effectsAfter('after-acting');
    expect([outcome.end, outcome.status]).toEqual(['ECONNRESET', null]);
    expect([effects, repeat]).toEqual([1, 201]);
  });

  it.each(['truncate', 'slow-body'])('%s: acts too', async (mode) => {
    expect(await effectsAfter(mode)).toMatchObject({ effects: 1, repeat: 201 });
  });

  it.each(['reset', 'garbage', 'html', 'empty', 'wrong-shape'])('%s: does not act', async (mode) => {
    expect(await effectsAfter(mode)).toMatchObject({ effects: 0, repeat: 201 });
  });
});

describe('PUT /_demo/faults', () => {
  it('answers what is set, GET too, and DELETE undoes it', async () => {
    const faults = { latencyMs: 5, jitterMs: 1, errorRate: 0.5, status: 502, mode: 'html' };
    expect((await demo.setFaults('inventory', faults)).body).toEqual(faults);
    expect((await demo.get('inventory', '/_demo/faults')).body).toEqual(faults);
    await demo.clearFaults('inventory');
    expect((await demo.get('inventory', '/_demo/faults')).body).toEqual({});
    expect((await demo.get('inventory', path)).status).toBe(200);
  });

  it('takes the place of what was set before', async () => {
    await demo.setFaults('inventory', { mode: 'reset' });
    await demo.setFaults('inventory', { latencyMs: 1 });
    expect((await demo.get('inventory', path)).status).toBe(200);
  });

  it.each([
    [{ mode: 'explode' }],
    [{ latencyMs: -1 }],
    [{ latencyMs: '5' }],
    [{ latencyMs: 1e9 }],
    [{ errorRate: 1.5 }],
    [{ status: 200 }],
    [{ status: 700 }],
    [{ mode: 'html', status: 99 }],
    [{ delay: 5 }],
    [[]],
    ['hang'],
    [null],
  ])('refuses %j and leaves things as they are', async (nonsense) => {
    await demo.setFaults('inventory', { latencyMs: 1 });
    const { status, body } = await demo.setFaults('inventory', nonsense);
    expect([status, body.type]).toEqual([400, 'https://weir.example/problems/invalid-request']);
    expect((await demo.get('inventory', '/_demo/faults')).body).toEqual({ latencyMs: 1 });
  });

  it('is for one backend, and for its own routes only', async () => {
    await demo.setFaults('users', { mode: 'hang' });
    expect((await demo.get('inventory', path)).status).toBe(200);
    for (const free of [
      '/_demo/calls',
      '/_demo/ledger',
      '/_demo/faults',
      '/openapi.json',
      '/.well-known/jwks.json',
    ]) {
      expect((await demo.get('users', free)).status).toBe(200);
    }
  });

  it('does not keep a world from ending at once, hanging calls and slow ones included', async () => {
    const other = await openDemo({ only: ['products', 'inventory'] });
    await other.setFaults('products', { mode: 'hang' });
    await other.setFaults('inventory', { latencyMs: 60_000 });
    const waiting = [rawCall(`${other.urls.products}/products/1`), rawCall(`${other.urls.inventory}${path}`)];
    await expect
      .poll(async () => [...(await other.calls('inventory')), ...(await other.calls('products'))].length)
      .toBe(2);
    const startedAt = performance.now();
    await other[Symbol.asyncDispose]();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    for (const { end } of await Promise.all(waiting)) expect(end).toBe('ECONNRESET');
  });
});
