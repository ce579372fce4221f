import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startWeir } from '../start-weir.ts';

/** A backend that takes every call and never answers; it remembers when calls came and when they were dropped. */
async function startSilent() {
  const came: number[] = [];
  const dropped: number[] = [];
  const server = createServer((request, response) => {
    came.push(performance.now());
    response.once('close', () => dropped.push(performance.now()));
    request.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    came,
    dropped,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openSockets: () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count))),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const until = async (what: () => boolean | Promise<boolean>, patienceMs = 3_000): Promise<void> => {
  const end = performance.now() + patienceMs;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

/** The box that runs this is small and shared: what has to be 20 ms may be seen a little later. */
const SLACK_MS = 150;

const PAGE = /* GraphQL */ `
  {
    me {
      name
      orders(first: 5) { nodes { id payment { status } items { product { name stock { available } } } } }
      bookings(first: 3) { nodes { reference flight { number } } }
    }
  }
`;

describe('the deadline', () => {
  const silent: Awaited<ReturnType<typeof startSilent>>[] = [];
  const open = async () => {
    const one = await startSilent();
    silent.push(one);
    return one;
  };
  afterEach(() => {
    for (const one of silent.splice(0)) one.close();
  });

  it('brings everything that could be had, in time, and ends the call that hangs', async () => {
    const inventory = await open();
    await using weir = await startWeir({ INVENTORY_URL: inventory.url });
    const token = await weir.signIn();
    // Warm: compiled, connected, signed in.
    await weir.ask(PAGE, { token, headers: { 'x-weir-timeout-ms': '300' } });
    const startedAt = performance.now();
    const { data, errors } = await weir.ask(PAGE, { token, headers: { 'x-weir-timeout-ms': '300' } });
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(295);
    expect(tookMs).toBeLessThan(300 + 20 + SLACK_MS);
    expect(data.me.name).toBe('Ada Lovelace');
    expect(data.me.bookings.nodes.length).toBeGreaterThanOrEqual(3);
    expect(data.me.orders.nodes).toHaveLength(5);
    for (const order of data.me.orders.nodes) {
      for (const { product } of order.items)
        expect(product).toEqual({ name: expect.any(String), stock: null });
    }
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['DEADLINE_EXCEEDED']));
    expect(new Set(errors.map(({ extensions }) => extensions.backend))).toEqual(new Set(['inventory']));
    await until(() => inventory.dropped.length === inventory.came.length);
    const lastDropped = inventory.dropped.at(-1) ?? Number.NaN;
    expect(lastDropped - startedAt).toBeLessThan(300 + 20 + SLACK_MS);
    await until(async () => (await inventory.openSockets()) === 0);
  });

  it('is handed on to every backend as what is left', async () => {
    await using weir = await startWeir();
    const token = await weir.signIn();
    await weir.forgetCalls();
    await weir.ask(PAGE, { token, headers: { 'x-weir-timeout-ms': '2000' } });
    for (const backend of ['users', 'orders', 'products', 'inventory', 'payments', 'bookings', 'flights']) {
      for (const call of await weir.calls(backend)) {
        const left = Number(call.headers['x-timeout-ms']);
        expect(left).toBeGreaterThan(1_000);
        expect(left).toBeLessThanOrEqual(2_000);
      }
    }
  });

  it('ends the calls of a client that hangs up', async () => {
    const inventory = await open();
    await using weir = await startWeir({ INVENTORY_URL: inventory.url });
    const leaving = new AbortController();
    const asked = fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ product(id: "Product:1") { stock { available } } }' }),
      signal: leaving.signal,
    }).catch(() => null);
    await until(() => inventory.came.length === 1);
    const leftAt = performance.now();
    leaving.abort();
    await asked;
    await until(() => inventory.dropped.length === 1);
    expect((inventory.dropped[0] ?? Number.NaN) - leftAt).toBeLessThan(100 + SLACK_MS);
  });
});
