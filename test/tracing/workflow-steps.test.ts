import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { eventually } from '../workflows/eventually.ts';
import { startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';

const SERVER = 2;
const CLIENT = 3;
const INTERNAL = 1;
const ERROR = 2;

const ORDER = /* GraphQL */ `
  mutation Order($token: String!, $key: String!) {
    placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: $token, idempotencyKey: $key }) {
      workflow { id status }
    }
  }
`;

describe('traces of workflows', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let receiver: OtlpReceiver;
  let weir: Weir;
  let token: string;
  beforeAll(async () => {
    [database, receiver] = await Promise.all([startTestDatabase(), startOtlpReceiver()]);
    weir = await startWeir(
      { DATABASE_URL: await database.fresh(), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint },
      { durable: true },
    );
    token = await weir.signIn();
  });
  afterAll(async () => {
    await weir[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const order = async (paymentToken: string, traceId: string) => {
    const { data } = await weir.ask(ORDER, {
      token,
      variables: { token: paymentToken, key: traceId },
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    return data.placeOrder.workflow;
  };
  const stepsOf = (traceId: string): ReceivedSpan[] =>
    receiver.spans.filter((span) => span.traceId === traceId && 'weir.workflow.step' in span.attributes);
  const stepNames = (traceId: string): unknown[] =>
    stepsOf(traceId).map(({ attributes }) => attributes['weir.workflow.step']);

  it('have a span a step below the operation that began it, and one a call below the step', async () => {
    const traceId = '1af7651916cd43dd8448eb211c80319c';
    const workflow = await order('tok_ok', traceId);
    expect(workflow.status).toBe('SUCCEEDED');
    const expected = [
      'priceItems',
      'reserveStock',
      'createOrder',
      'charge',
      'confirmReservation',
      'confirmOrder',
    ];
    await eventually(() => {
      // What follows the order, a message, belongs to the trace as well.
      expect(stepNames(traceId)).toEqual(expect.arrayContaining([...expected, 'send']));
    });
    const spans = receiver.spans.filter((span) => span.traceId === traceId);
    const operation = spans.find(({ kind }) => kind === SERVER);
    expect(operation?.name).toBe('mutation Order');
    for (const step of stepsOf(traceId)) {
      expect(step).toMatchObject({ kind: INTERNAL, parentSpanId: operation?.spanId });
      expect(step.status?.code ?? 0).not.toBe(ERROR);
    }
    const charge = stepsOf(traceId).find(({ attributes }) => attributes['weir.workflow.step'] === 'charge');
    expect(charge?.name).toBe('placeOrder charge');
    expect(`Workflow:${charge?.attributes['weir.workflow.id']}`).toBe(workflow.id);
    const call = spans.find(({ kind, parentSpanId }) => kind === CLIENT && parentSpanId === charge?.spanId);
    expect(call?.name).toBe('POST /charges');
    // The id of the call's span is the one that the backend was sent.
    const sent = (await weir.calls('payments')).map(({ headers }) => headers.traceparent);
    expect(sent).toContain(`00-${traceId}-${call?.spanId}-01`);
  });

  it('say which step failed and why, and show what was taken back', async () => {
    const traceId = '2af7651916cd43dd8448eb211c80319c';
    expect((await order('tok_declined', traceId)).status).toBe('COMPENSATED');
    await eventually(() => {
      expect(stepNames(traceId)).toEqual(
        expect.arrayContaining(['charge', 'undo-createOrder', 'undo-reserveStock']),
      );
    });
    const charge = stepsOf(traceId).find(({ attributes }) => attributes['weir.workflow.step'] === 'charge');
    expect(charge?.status?.code).toBe(ERROR);
    expect(charge?.attributes['error.type']).toBe('UPSTREAM_ERROR');
  });
});
