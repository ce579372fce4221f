import { expect, test } from 'vitest';
import { startWeir } from '../start-weir.ts';
import { eventually } from '../workflows/eventually.ts';
import { startTestDatabase } from '../workflows/test-database.ts';

test('workflows by state, and a stuck undo, are told', { timeout: 60_000 }, async () => {
  await using database = await startTestDatabase();
  await using weir = await startWeir({ DATABASE_URL: await database.fresh() }, { durable: true });
  const token = await weir.signIn();
  const scrape = async (): Promise<ReadonlyMap<string, number>> => {
    const text = await (await fetch(`${weir.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith('weir_workflows'));
    return new Map(
      lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  };
  const begin = (paymentToken: string, key: string) =>
    weir.ask(
      `mutation { placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "${paymentToken}",
         idempotencyKey: "${key}", wait: false }) { workflow { id } } }`,
      { token },
    );
  const statusOf = async (id: string): Promise<string> =>
    (await weir.ask(`{ workflow(id: "${id}") { status } }`, { token })).data.workflow.status;

  const done = (await begin('tok_ok', 'done')).data.placeOrder.workflow.id;
  await eventually(async () => expect(await statusOf(done)).toBe('SUCCEEDED'));
  const before = await scrape();
  expect(before.get('weir_workflows{state="SUCCEEDED"}')).toBeGreaterThan(0);
  expect(before.get('weir_workflows{state="COMPENSATING"}') ?? 0).toBe(0);
  expect(before.get('weir_workflows_undoing_seconds')).toBe(0);

  // The payment is declined slowly, and meanwhile orders stop answering: the order cannot be cancelled.
  await weir.fault('payments', { latencyMs: 1500 });
  const stuck = (await begin('tok_declined', 'stuck')).data.placeOrder.workflow.id;
  await eventually(async () =>
    expect((await weir.calls('payments')).filter(({ method }) => method === 'POST')).toHaveLength(2),
  );
  await weir.fault('orders', { errorRate: 1, status: 503 });
  await eventually(async () => {
    const told = await scrape();
    expect(told.get('weir_workflows{state="COMPENSATING"}')).toBe(1);
    // It grows: the alert waits for ten minutes of it.
    expect(told.get('weir_workflows_undoing_seconds')).toBeGreaterThan(1);
  });
  await weir.fault('orders', null);
  await weir.fault('payments', null);
  await eventually(async () => expect(await statusOf(stuck)).toBe('COMPENSATED'), 30_000);
  expect((await scrape()).get('weir_workflows_undoing_seconds')).toBe(0);
});
