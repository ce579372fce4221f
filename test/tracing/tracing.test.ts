import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts';

const SERVER = 2;
const CLIENT = 3;
const INTERNAL = 1;
const ERROR = 2;

const PAGE = /* GraphQL */ `
  query OrderPage {
    me { name orders(first: 5) { nodes { items { product { name stock { available } } } } } }
    again: me { orders(first: 3) { nodes { items { product { name } } } } }
  }
`;
const CALLER = 'b7ad6b7169203331';

describe('traces', () => {
  let receiver: OtlpReceiver;
  let weir: Weir;
  let token: string;
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    weir = await startWeir({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_SERVICE_NAME: 'shop' });
    token = await weir.signIn();
  });
  afterAll(async () => {
    await weir[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const ask = (query: string, traceId: string, flags = '01') =>
    weir.ask(query, {
      token,
      headers: { traceparent: `00-${traceId}-${CALLER}-${flags}`, 'x-weir-trace': '1' },
    });

  it('continue the caller’s, with a span an operation, one a call, and one a field that asked', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await weir.forgetCalls();
    const { extensions } = await ask(PAGE, traceId);
    const made = extensions.waterfall.calls;
    const paths = new Set<string>(made.flatMap((call: { paths: string[] }) => call.paths));
    const spans = await receiver.trace(traceId, 1 + made.length + paths.size);
    expect(spans).toHaveLength(1 + made.length + paths.size);

    const operation = spans.find(({ kind }) => kind === SERVER);
    expect(operation).toMatchObject({ name: 'query OrderPage', parentSpanId: CALLER, service: 'shop' });
    expect(operation?.attributes).toMatchObject({
      'graphql.operation.name': 'OrderPage',
      'weir.client_id': 'weir-demo-app',
      'weir.outcome': 'ok',
      'weir.calls': made.length,
    });

    const calls = spans.filter(({ kind }) => kind === CLIENT);
    const fields = spans.filter(({ kind }) => kind === INTERNAL);
    expect(new Set(fields.map(({ name }) => name))).toEqual(paths);
    for (const span of [...calls, ...fields]) expect(span.parentSpanId).toBe(operation?.spanId);

    // One call served fields of two places: its span is linked to both of them.
    const products = calls.find(({ name }) => name === 'GET /products?ids');
    const asked = products?.attributes['weir.field.paths'];
    expect(products?.links.map(({ spanId }) => fields.find((one) => one.spanId === spanId)?.name)).toEqual(
      asked,
    );
    expect(asked).toEqual(['me.orders.nodes.items.product', 'again.orders.nodes.items.product']);

    // Each backend was handed the span of its own call.
    const handed = await Promise.all(
      Object.keys(weir.backends).map(async (name) =>
        (await weir.calls(name)).map(({ headers }) => headers.traceparent),
      ),
    );
    expect(handed.flat().toSorted()).toEqual(
      calls.map(({ spanId }) => `00-${traceId}-${spanId}-01`).toSorted(),
    );
    for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
      expect(Math.abs(Number(BigInt(startTimeUnixNano) / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    }
  });

  it('have a span an attempt, and say what went wrong', async () => {
    const traceId = '1af7651916cd43dd8448eb211c80319c';
    await weir.fault('products', { errorRate: 1, status: 503 });
    const { extensions } = await ask('{ product(id: "Product:7") { name } }', traceId);
    await weir.fault('products', null);
    const attempts = extensions.waterfall.calls.length;
    const spans = (await receiver.trace(traceId, attempts + 2)).filter(({ kind }) => kind === CLIENT);
    expect(spans).toHaveLength(attempts);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(attempts);
    for (const { status, attributes } of spans) {
      expect(status).toMatchObject({ code: ERROR, message: 'UPSTREAM_UNAVAILABLE' });
      expect(attributes['http.response.status_code']).toBe(503);
    }
  });

  it('link a call that two operations share to the other one’s', async () => {
    const [one, two] = ['2af7651916cd43dd8448eb211c80319c', '3af7651916cd43dd8448eb211c80319c'] as const;
    await weir.fault('flights', { latencyMs: 150 });
    const query = '{ airports { code } }';
    await Promise.all([ask(query, one), ask(query, two)]);
    await weir.fault('flights', null);
    const spans = [...(await receiver.trace(one, 3)), ...(await receiver.trace(two, 3))];
    const calls = spans.filter(({ kind }) => kind === CLIENT);
    const own = calls.find(({ attributes }) => attributes['weir.source'] === 'network');
    const joined = calls.find(({ attributes }) => attributes['weir.source'] === 'shared');
    expect(own?.traceId).not.toBe(joined?.traceId);
    expect(joined?.links).toContainEqual(
      expect.objectContaining({ traceId: own?.traceId, spanId: own?.spanId }),
    );
  });

  it('are not recorded where the caller does not want it', async () => {
    const traceId = '4af7651916cd43dd8448eb211c80319c';
    await ask('{ product(id: "Product:8") { name } }', traceId, '00');
    await ask('{ product(id: "Product:9") { name } }', '5af7651916cd43dd8448eb211c80319c');
    await receiver.trace('5af7651916cd43dd8448eb211c80319c', 3);
    expect(receiver.spans.filter((span) => span.traceId === traceId)).toEqual([]);
    expect((await weir.calls('products')).at(-2)?.headers.traceparent).toMatch(new RegExp(`^00-${traceId}`));
  });
});
