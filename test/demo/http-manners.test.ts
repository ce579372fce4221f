import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from './open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'products', 'inventory'] });
});
afterAll(() => demo[Symbol.asyncDispose]());

/** Sends bytes as they are, and reads until the other side closes. */
function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      received += chunk;
    });
    socket.on('end', () => resolve(received)).on('error', reject);
  });
}

describe('errors', () => {
  const machineBody = { items: [{ productId: '1', quantity: 1 }] };

  it.each([
    ['no such route', 404, '/nowhere', undefined],
    ['no such row', 404, '/stock/nothing', undefined],
    ['a parameter that is not known', 400, '/stock?productIds=1&x=1', undefined],
    ['JSON that is none', 400, '/reservations', { body: '{' }],
    ['a prototype in the JSON', 400, '/reservations', { body: '{"__proto__":{"admin":true}}' }],
    ['a body too large', 413, '/reservations', { body: JSON.stringify('x'.repeat(1024 * 1024)) }],
    ['another media type', 415, '/reservations', { body: 'x', type: 'text/plain' }],
    ['no token', 401, '/reservations', { body: JSON.stringify(machineBody) }],
  ])('%s: %i as problem details', async (_, status, path, write) => {
    const response = await fetch(`${demo.urls.inventory}${path}`, {
      ...(write && {
        method: 'POST',
        headers: { 'content-type': 'type' in write ? write.type : 'application/json' },
        body: write.body,
      }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status,
    });
  });

  it('says of each part of a body what is wrong with it', async () => {
    const body = {
      items: [
        { productId: '1', quantity: 0 },
        { productId: 'a b', quantity: 1, extra: true },
      ],
    };
    const answer = await demo.post('inventory', '/reservations', body, await demo.machine());
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'items.0.quantity',
      'items.1.productId',
      'items.1',
    ]);
  });

  it('answers what is not HTTP, and headers without end, with problem details too', async () => {
    const url = demo.urls.inventory ?? '';
    const nonsense = await sendRaw(url, 'NONSENSE\r\n\r\n');
    expect(nonsense).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"status":400/);
    const endless = await sendRaw(url, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(endless).toMatch(/^HTTP\/1\.1 431 [\s\S]*application\/problem\+json[\s\S]*"status":431/);
    const badUrl = await sendRaw(url, 'GET /stock/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(badUrl).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"status":400/);
  });

  it('takes a write without a body where none is needed, with and without a content type', async () => {
    const machine = await demo.machine();
    const held = await demo.post('inventory', '/reservations', machineBody, machine);
    const path = `${demo.urls.inventory}/reservations/${held.body.id}/confirm`;
    const bare = await fetch(path, { method: 'POST', headers: machine });
    const typed = await fetch(path, {
      method: 'POST',
      headers: { ...machine, 'content-type': 'application/json' },
    });
    expect([bare.status, typed.status]).toEqual([200, 200]);
  });
});

describe('caching', () => {
  it('answers 304 without a body to who has the answer already', async () => {
    const first = await demo.get('products', '/products?ids=1,2');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await demo.get('products', '/products?ids=1,2', { 'if-none-match': known });
      expect(again.status).toBe(304);
      expect(again.body).toBeNull();
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
    }
    expect((await demo.get('products', '/products?ids=1,2', { 'if-none-match': '"other"' })).status).toBe(
      200,
    );
  });

  it('gives another tag as soon as the answer is another', async () => {
    const before = await demo.get('inventory', '/stock/4');
    const body = { items: [{ productId: '4', quantity: 1 }] };
    expect((await demo.post('inventory', '/reservations', body, await demo.machine())).status).toBe(201);
    const known = { 'if-none-match': before.headers.get('etag') ?? '' };
    const after = await demo.get('inventory', '/stock/4', known);
    expect(after.status).toBe(200);
    expect(after.body.available).toBe(before.body.available - 1);
  });

  it('keeps no error and no write', async () => {
    const missing = await demo.get('products', '/products/nothing', { 'if-none-match': '*' });
    expect(missing.status).toBe(404);
    expect(missing.headers.get('etag')).toBeNull();
    expect(missing.headers.get('cache-control')).toBe('no-store');
  });

  it('names what a personal answer depends on', async () => {
    const { headers } = await demo.get('users', '/users?ids=1', await demo.person('ada'));
    expect(headers.get('cache-control')).toBe('private, max-age=5');
    expect(headers.get('vary')).toBe('authorization, x-on-behalf-of');
  });
});

describe('connections', () => {
  it('listen on loopback only, and are kept longer than a client keeps them', async () => {
    for (const url of Object.values(demo.urls)) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { headers } = await demo.get('products', '/products/1');
    const seconds = Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1]);
    expect(seconds).toBeGreaterThanOrEqual(65);
  });
});
