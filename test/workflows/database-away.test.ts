import { describe, expect, test } from 'vitest';
import { startWeir } from '../start-weir.ts';
import { createDatabaseGate } from '../tcp-gate.ts';
import { eventually } from './eventually.ts';
import { startTestDatabase } from './test-database.ts';

const placeOrder = `mutation ($key: String!, $wait: Boolean!) {
  placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "tok_ok", idempotencyKey: $key, wait: $wait }) {
    order { status } workflow { id status }
  }
}`;

describe('a gateway whose database is away', { timeout: 60_000 }, () => {
  test('reads, and says of every write that workflows are unavailable', async () => {
    const nowhere = 'postgresql://weir@localhost:5432/postgres?host=%2Ftmp%2Fweir-nowhere';
    await using weir = await startWeir({ DATABASE_URL: nowhere }, { durable: true });
    const token = await weir.signIn();
    const read = await weir.ask('{ me { name orders(first: 1) { nodes { status } } } }', { token });
    expect(read.errors).toEqual([]);
    expect(read.data.me.orders.nodes).toHaveLength(1);

    const write = await weir.ask(
      `mutation { placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "tok_ok", idempotencyKey: "k" }) { order { id } } }`,
      { token },
    );
    expect(write.errors[0]?.extensions).toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE', retryable: true });

    const beside = await weir.ask('{ me { name workflows(first: 1) { totalCount } } }', { token });
    expect(beside.data.me).toMatchObject({ name: 'Ada Lovelace', workflows: null });
    expect(beside.errors[0]?.extensions.code).toBe('WORKFLOWS_UNAVAILABLE');

    const registered = await weir.ask(
      `mutation { register(input: { name: "Alan", email: "alan@example.com", password: "enigma-1912", idempotencyKey: "k" }) { user { id } } }`,
    );
    expect(registered.errors[0]?.extensions.code).toBe('WORKFLOWS_UNAVAILABLE');
    expect(
      (await weir.calls('users')).some(({ method, path }) => method === 'POST' && path === '/users'),
    ).toBe(false);
  });

  test('that was there, reads on; says so of writes; and finishes what it had accepted when it is back', async () => {
    await using database = await startTestDatabase();
    await using gate = await createDatabaseGate(await database.fresh());
    await using weir = await startWeir({ DATABASE_URL: gate.url }, { durable: true });
    const token = await weir.signIn();
    const order = (key: string, wait: boolean) => weir.ask(placeOrder, { token, variables: { key, wait } });
    await weir.fault('payments', { latencyMs: 1500 });
    const { data } = await order('accepted', false);
    expect(data.placeOrder.workflow.status).toBe('RUNNING');
    await eventually(async () =>
      expect((await weir.calls('payments')).some(({ path }) => path === '/charges')).toBe(true),
    );
    gate.cut();
    const read = await weir.ask('{ me { name orders(first: 1) { nodes { status } } } }', { token });
    expect(read.errors).toEqual([]);
    expect(read.data.me.orders.nodes).toHaveLength(1);
    const refused = await order('refused', true);
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE', retryable: true });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    gate.open();
    await weir.fault('payments', null);
    await eventually(async () => {
      const seen = await weir.ask('query ($id: ID!) { workflow(id: $id) { status } }', {
        token,
        variables: { id: data.placeOrder.workflow.id },
      });
      expect(seen.data?.workflow?.status).toBe('SUCCEEDED');
    }, 30_000);
    const charged = (await (await fetch(`${weir.backends.payments}/_demo/ledger`)).json()) as unknown[];
    expect(charged).toHaveLength(1);
    expect((await order('refused', true)).data.placeOrder.order.status).toBe('CONFIRMED');
  });
});
