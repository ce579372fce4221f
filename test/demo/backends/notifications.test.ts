import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zMessage, zMessageList } from '../../../src/datasources/notifications/wire/zod.gen.ts';
import { createDemoClient, type DemoClient, type Role } from '../demo-client.ts';

let client: DemoClient;

beforeAll(async () => {
  client = await createDemoClient();
});

afterAll(() => client?.[Symbol.asyncDispose]());

const message = {
  userId: '1',
  template: 'order-confirmed',
  data: { orderId: '12', lines: [{ quantity: 2 }] },
};
const send = (key: string) =>
  client.call('machineForAda', 'notifications', '/messages', {
    method: 'POST',
    body: message,
    headers: { 'idempotency-key': key },
  });
const listFor = async (role: Role, query: string) =>
  zMessageList.parse((await client.call(role, 'notifications', `/messages?${query}`)).json()).items;

describe('the notifications backend', () => {
  it('takes a message in as it was sent, once for a key, and keeps it over a restart', async () => {
    const [first, second] = await Promise.all([send('key one'), send('key one')]);
    expect(second.text).toBe(first.text);
    const sent = zMessage.parse(first.json());
    expect(sent).toMatchObject(message);
    await client.restart();
    expect(await listFor('machine', 'idempotencyKey=key%20one')).toEqual([sent]);
    expect(await listFor('machine', 'idempotencyKey=key%20two')).toEqual([]);
  });

  it('shows a message to whom it was sent and to nobody else', async () => {
    const { id } = zMessage.parse((await send('key three')).json());
    expect(await listFor('ada', `ids=${id},none`)).toHaveLength(1);
    expect(await listFor('grace', `ids=${id},none`)).toEqual([]);
    expect((await client.call('grace', 'notifications', `/messages/${id}`)).status).toBe(404);
    expect((await client.call('nobody', 'notifications', `/messages/${id}`)).status).toBe(401);
  });
});
