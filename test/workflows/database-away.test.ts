import { describe, expect, test } from 'vitest';
import { startWeir } from '../start-weir.ts';

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
});
