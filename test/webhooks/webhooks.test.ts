import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sign, toKeys } from '../../src/webhooks/signature.ts';
import { startWeir, type Weir } from '../start-weir.ts';

const SECRET = `whsec_${randomBytes(24).toString('base64')}`;
const [KEY = Buffer.alloc(0)] = toKeys(SECRET);

interface Sent {
  readonly id?: string;
  readonly at?: number;
  readonly signature?: string;
  readonly backend?: string;
}

describe('POST /webhooks/<backend>', () => {
  let weir: Weir;
  let count = 0;
  beforeAll(async () => {
    weir = await startWeir({ WEBHOOK_SECRET_PRODUCTS: SECRET, CACHE_MAX_BYTES: '10000000' });
  });
  afterAll(async () => weir[Symbol.asyncDispose]());
  beforeEach(() => weir.forgetCalls());

  const send = (
    body: unknown,
    { id, at = Date.now(), signature, backend = 'products' }: Sent = {},
  ): Promise<Response> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    count += 1;
    const messageId = id ?? `msg_${count}`;
    const timestamp = String(Math.floor(at / 1000));
    return fetch(`${weir.url}/webhooks/${backend}`, {
      method: 'POST',
      headers: {
        'webhook-id': messageId,
        'webhook-timestamp': timestamp,
        'webhook-signature': signature ?? sign(KEY, messageId, timestamp, Buffer.from(text)),
      },
      body: text,
    });
  };
  const read = async (id: number): Promise<number> => {
    await weir.ask(`{ product(id: "Product:${id}") { name } }`);
    return (await weir.calls('products')).length;
  };

  it('drops what has changed from the cache, and nothing else', async () => {
    await weir.ask('{ nodes(ids: ["Product:1", "Product:2"]) { ... on Product { name } } }');
    await weir.forgetCalls();
    expect(await read(1)).toBe(0);
    expect((await send({ changed: ['products/1'] })).status).toBe(202);
    expect(await read(2)).toBe(0);
    expect(await read(1)).toBe(1);
  });

  it('takes a message once', async () => {
    await read(3);
    expect((await send({ changed: ['products/3'] }, { id: 'msg_again' })).status).toBe(202);
    await read(3);
    await weir.forgetCalls();
    expect((await send({ changed: ['products/3'] }, { id: 'msg_again' })).status).toBe(200);
    expect(await read(3)).toBe(0);
  });

  it.each([
    ['a wrong signature', { signature: `v1,${randomBytes(32).toString('base64')}` }],
    ['no signature of this version', { signature: 'v2,abc' }],
    ['an old time', { at: Date.now() - 6 * 60_000 }],
    ['a time ahead', { at: Date.now() + 6 * 60_000 }],
    ['a backend without a secret', { backend: 'orders' }],
  ])('refuses %s', async (_, sent) => {
    await read(4);
    await weir.forgetCalls();
    expect((await send({ changed: ['products/4'] }, sent)).status).toBe(401);
    expect(await read(4)).toBe(0);
  });

  it('takes one of several signatures, while a secret is being changed', async () => {
    const at = Date.now();
    const body = '{"changed":["products/5"]}';
    const good = sign(KEY, 'msg_two', String(Math.floor(at / 1000)), Buffer.from(body));
    expect((await send(body, { id: 'msg_two', at, signature: `v1,AAAA ${good}` })).status).toBe(202);
  });

  it.each([
    ['no event', '{}', 400],
    ['no JSON', '{', 400],
    ['names that are none', '{"changed":["../products"]}', 400],
    ['an event that nobody knows', '{"type":"product.sold","data":{}}', 400],
  ])('refuses %s', async (_, body, status) => {
    expect((await send(body)).status).toBe(status);
  });

  it('has no route for what is no backend', async () => {
    expect((await send('{}', { backend: 'nobody' })).status).toBe(404);
    expect((await fetch(`${weir.url}/webhooks/products`)).status).toBe(404);
  });
});

describe('the shared cache', () => {
  it('answers what is fresh without a call, and shows it', async () => {
    await using weir = await startWeir({ CACHE_MAX_BYTES: '10000000' });
    await weir.ask('{ nodes(ids: ["Product:1", "Product:2", "Product:3"]) { ... on Product { name } } }');
    await weir.forgetCalls();
    const { data, extensions } = await weir.ask('{ product(id: "Product:1") { name } }', {
      headers: { 'x-weir-trace': '1' },
    });
    expect(data.product.name).toEqual(expect.any(String));
    expect(await weir.calls('products')).toEqual([]);
    expect(extensions.waterfall.calls).toMatchObject([{ source: 'cache', route: 'GET /products?ids' }]);
    expect(extensions.waterfall.saved.cached).toBe(1);
    expect(extensions.waterfall.depth).toBe(0);
  });

  it('gives nobody what belongs to another', async () => {
    await using weir = await startWeir({ CACHE_MAX_BYTES: '10000000' });
    const [ada, grace] = [await weir.signIn('ada@example.com'), await weir.signIn('grace@example.com')];
    const page = '{ me { name orders(first: 5) { nodes { id } } } }';
    const [first, second] = [await weir.ask(page, { token: ada }), await weir.ask(page, { token: grace })];
    expect(first.data.me.name).toBe('Ada Lovelace');
    expect(second.data.me.name).toBe('Grace Hopper');
    expect(second.data.me.orders).not.toEqual(first.data.me.orders);
  });
});
