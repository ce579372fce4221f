import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPromtool, promtool } from '../metrics/promtool.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { eventually } from '../workflows/eventually.ts';
import { addressesOf, runWeir, startProbe } from './run-weir.ts';

describe('weir', () => {
  let weir: Weir;
  /** Where nobody listens. */
  let nowhere: string;
  beforeAll(async () => {
    weir = await startWeir();
    const gone = await startOddBackend();
    nowhere = gone.url;
    await gone[Symbol.asyncDispose]();
  });
  afterAll(async () => weir[Symbol.asyncDispose]());
  const doctor = async (environment: Readonly<Record<string, string>>) => {
    const { code, stdout } = await runWeir(['doctor', '--json'], { PORT: '0', ...environment });
    const { healthy, findings } = JSON.parse(stdout);
    const find = (name: string) => findings.find((finding: { name: string }) => finding.name === name);
    return { code, healthy, find };
  };

  it('says what it can do, and that it cannot do anything else', async () => {
    const help = await runWeir([]);
    expect(help.code).toBe(0);
    for (const name of ['doctor', 'probe', 'explain', 'check']) expect(help.stdout).toContain(`weir ${name}`);
    const unknown = await runWeir(['constructor']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('There is no command "constructor"');
  });

  it('doctor finds nothing wrong with the demo, a line each', async () => {
    const { code, stdout } = await runWeir(['doctor'], { PORT: '0', ...addressesOf(weir.backends) });
    expect(stdout).toContain('Nothing stands in the way');
    expect(code).toBe(0);
    for (const name of Object.keys(weir.backends)) {
      for (const what of ['reachable', 'contract', 'clock']) expect(stdout).toContain(`✓ ${name}: ${what}`);
    }
    expect(stdout).toMatch(/✓ products: productsByIds +two keys, one call, two rows \(\d+ ms\)/);
    expect(stdout).toMatch(/✓ jwks/);
  });

  it('doctor names what is down, what is another version and whose clock is wrong, and what to do', async () => {
    await using odd = await startOddBackend();
    const { code, healthy, find } = await doctor({
      ...addressesOf(weir.backends),
      ORDERS_URL: nowhere,
      PRODUCTS_URL: odd.url,
      DATABASE_URL: nowhere.replace('http', 'postgres'),
      REDIS_URL: nowhere.replace('http', 'redis'),
    });
    expect(code).toBe(1);
    expect(healthy).toBe(false);
    expect(find('orders: reachable')).toMatchObject({
      state: 'fail',
      says: 'ECONNREFUSED',
      remedy: expect.stringContaining('ORDERS_URL'),
    });
    expect(find('products: contract')).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('POST /products/batches'),
    });
    expect(find('products: productsByIds')).toMatchObject({ state: 'fail', says: '3 rows for two keys' });
    expect(find('products: clock')).toMatchObject({
      state: 'warn',
      says: expect.stringMatching(/^\d+ s behind$/),
    });
    expect(find('database')).toMatchObject({ state: 'fail' });
    expect(find('redis')).toMatchObject({ state: 'fail' });
    expect(find('users: reachable')).toMatchObject({ state: 'ok' });
  });

  it('doctor tells wrong settings as `npm start` would', async () => {
    const { code, find } = await doctor({ DEADLINE_MS: 'soon' });
    expect(code).toBe(1);
    expect(find('settings').says).toContain('DEADLINE_MS="soon"');
  });

  it('probe loads the order page, and fails where a part of it does', async () => {
    const url = `${weir.url}/graphql`;
    const good = await runWeir(['probe', '--url', url]);
    expect(good).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^The order page came in \d+ ms\.\n$/),
    });
    await weir.fault('orders', { errorRate: 1, status: 503 });
    const bad = await runWeir(['probe', '--url', url, '--json']);
    await weir.fault('orders', null);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ healthy: false, fault: expect.any(String) });
    expect((await runWeir(['probe', '--url', `${nowhere}/graphql`])).stderr).toContain('ECONNREFUSED');
    const stranger = await runWeir(['probe', '--url', url], { PROBE_PASSWORD: 'wrong' });
    expect(stranger.stderr).toContain('nobody could sign in');
  });

  it('probe goes on by a schedule, and tells Prometheus', { timeout: 30_000 }, async () => {
    await using running = startProbe(['--url', `${weir.url}/graphql`, '--every', '0.2', '--port', '0']);
    const scrape = async (): Promise<string> => (await fetch(await running.figures)).text();
    await eventually(async () => expect(await scrape()).toMatch(/^weir_probe_success 1$/m));
    const text = await scrape();
    expect(text).toMatch(/^weir_probe_last_success_timestamp_seconds \d/m);
    if (hasPromtool()) expect(promtool(['check', 'metrics'], text)).toBe('');
    await weir.fault('orders', { errorRate: 1, status: 503 });
    await eventually(async () => expect(await scrape()).toMatch(/^weir_probe_success 0$/m));
    await weir.fault('orders', null);
    await eventually(async () => expect(await scrape()).toMatch(/^weir_probe_success 1$/m));
    expect(await running.end()).toBe(0);
    expect((await runWeir(['probe', '--every', 'often'])).code).toBe(2);
  });
});

/** A backend that serves one route of its contract, ignores keys, and lives an hour ago. */
async function startOddBackend() {
  const server = createServer((request, response) => {
    response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
    response.setHeader('content-type', 'application/json');
    const body = request.url?.startsWith('/openapi.json')
      ? { paths: { '/products': { get: {} } } }
      : { items: [{ id: '1' }, { id: '2' }, { id: '3' }] };
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
