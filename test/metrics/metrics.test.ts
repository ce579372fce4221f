import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { overloadNumbers } from '../../src/guard/overload.ts';
import { createBoundedNames } from '../../src/metrics/bounded-names.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { hasPromtool, promtool } from './promtool.ts';

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url));
const PAGE = 'query OrderPage { me { orders(first: 5) { nodes { items { product { name } } } } } }';

/** The samples of a scrape: `name{labels}` to value. */
const samplesOf = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const cut = line.lastIndexOf(' ');
        return [line.slice(0, cut), Number(line.slice(cut + 1))] as const;
      }),
  );

describe('/metrics', () => {
  let weir: Weir;
  let token: string;
  const scrape = async (): Promise<string> => {
    const response = await fetch(`${weir.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    return response.text();
  };
  const sample = async (name: string): Promise<number> => samplesOf(await scrape()).get(name) ?? 0;

  beforeAll(async () => {
    weir = await startWeir({ RATE_LIMIT: '0' });
    token = await weir.signIn();
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  it('counts operations by name, status and client', async () => {
    await weir.ask(PAGE, { token });
    await weir.ask(PAGE, { token });
    await weir.ask('query Broken { nothing }');
    expect(
      await sample('weir_operations_total{operation="OrderPage",status="ok",client="weir-demo-app"}'),
    ).toBe(2);
    expect(
      await sample(
        'weir_operations_total{operation="refused",status="GRAPHQL_VALIDATION_FAILED",client="anonymous"}',
      ),
    ).toBe(1);
  });

  it('counts as many calls as the backends have logged', async () => {
    const name = 'weir_upstream_attempts_total{backend="orders",route="GET /orders?userIds",outcome="2xx"}';
    const before = await sample(name);
    await weir.forgetCalls();
    for (let run = 0; run < 3; run += 1) await weir.ask(PAGE, { token });
    expect((await sample(name)) - before).toBe((await weir.calls('orders')).length);
    expect(await sample('weir_upstream_batch_size_sum{backend="orders",route="GET /orders?userIds"}')).toBe(
      await sample(name),
    );
  });

  it('counts retries, failures, and the state of the breaker', async () => {
    await weir.fault('products', { errorRate: 1, status: 503 });
    for (let index = 40; index < 60; index += 1) {
      await weir.ask(`{ product(id: "Product:${index}") { name } }`);
    }
    await weir.fault('products', null);
    const route = 'backend="products",route="GET /products?ids"';
    expect(await sample(`weir_upstream_attempts_total{${route},outcome="5xx"}`)).toBeGreaterThan(0);
    expect(await sample(`weir_upstream_retries_total{${route}}`)).toBeGreaterThan(0);
    expect(await sample('weir_breaker_state{backend="products",instance="products#1"}')).toBeGreaterThan(0);
    expect(await sample('weir_breaker_changes_total{instance="products#1",to="open"}')).toBeGreaterThan(0);
  });

  it('tells depth, calls an operation, sources of answers, and the process', async () => {
    const samples = samplesOf(await scrape());
    for (const name of [
      'weir_operation_depth_count',
      'weir_operation_upstream_calls_count',
      'weir_upstream_answers_total{backend="orders",source="network"}',
      'weir_operations_limit',
      'weir_bulkhead_in_flight{backend="users",instance="users#1"}',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(samples.has(name), name).toBe(true);
    }
  });

  it('counts what was refused because of a limit, and what a cache has spared', async () => {
    await using busy = await startWeir({ RATE_LIMIT: '30', CACHE_MAX_BYTES: '1000000' });
    const samples = async () => samplesOf(await (await fetch(`${busy.url}/metrics`)).text());
    for (let asks = 0; asks < 2; asks += 1) await busy.ask('{ product(id: "Product:3") { name } }');
    expect((await samples()).get('weir_upstream_answers_total{backend="products",source="cache"}')).toBe(1);
    const codes: unknown[] = [];
    for (let id = 10; id < 50; id += 1) {
      const { errors } = await busy.ask(`{ product(id: "Product:${id}") { name } }`);
      codes.push(errors[0]?.extensions.code);
    }
    const limited = codes.filter((code) => code === 'RATE_LIMITED').length;
    expect(limited).toBeGreaterThan(0);
    expect((await samples()).get('weir_rate_limited_total')).toBe(limited);
  });

  it('counts what was refused because there was too much to do', async () => {
    await using jammed = createGateway({
      config: readConfig({ NODE_ENV: 'test' }),
      overload: { ...overloadNumbers, most: 0 },
    });
    const url = await jammed.listen(0, '127.0.0.1');
    for (let asks = 0; asks < 3; asks += 1) await fetch(`${url}/graphql`, { method: 'POST', body: '{}' });
    const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
    expect(samples.get('weir_overloaded_total')).toBe(3);
  });

  it('does not grow with the names that strangers choose', async () => {
    for (let index = 0; index < 130; index += 1) await weir.ask(`query Stranger${index} { __typename }`);
    const names = [...samplesOf(await scrape()).keys()].filter((name) =>
      name.startsWith('weir_operations_total'),
    );
    expect(names.length).toBeLessThan(130);
    expect(names.some((name) => name.includes('operation="other"'))).toBe(true);
    const bounded = createBoundedNames(2);
    expect(['a', 'b', 'c', 'a'].map(bounded)).toEqual(['a', 'b', 'other', 'a']);
  });

  it.skipIf(!hasPromtool())('is what Prometheus reads, and so are the rules made for it', async () => {
    expect(promtool(['check', 'metrics'], await scrape())).toBe('');
    expect(promtool(['check', 'rules', `${deploy}/prometheus/weir-alerts.yaml`])).toBe('');
    expect(promtool(['check', 'config', `${deploy}/prometheus/prometheus.yaml`])).toBe('');
    expect(promtool(['test', 'rules', `${deploy}/prometheus/weir-alerts.test.yaml`])).toBe('');
  });

  it('has every figure that the dashboard and the alerts ask for', async () => {
    const dashboard = z
      .object({
        panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })).optional() })),
      })
      .parse(JSON.parse(readFileSync(`${deploy}/grafana/weir.json`, 'utf8')));
    const asked = [
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      readFileSync(`${deploy}/prometheus/weir-alerts.yaml`, 'utf8'),
    ].join('\n');
    // Those of the probe are its own: another process tells them.
    const names = new Set(asked.match(/\b(?:weir_(?!probe_)|process_|nodejs_)\w+/g));
    const text = await scrape();
    const told = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const missing = [...names].filter((name) => !told.has(name.replace(/_(?:bucket|sum|count)$/, '')));
    expect(missing).toEqual([]);
    expect(names.size).toBeGreaterThan(15);
  });
});
