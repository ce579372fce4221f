/**
 * Plays the warehouse: ships and delivers what the gateway hands over, and tells it so by signed callbacks.
 *
 * `node demo/warehouse.ts` serves every order until Ctrl-C, a few seconds a stage; with an order's id it serves that one
 * and ends. Takes `PORT`, `DEMO_PORT_BASE` and `WEBHOOK_SECRET_ORDERS` as the gateway does.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { backends } from '../src/backends.ts';
import { sign, toKeys } from '../src/webhooks/signature.ts';
import { demoWarehouseSecret } from './start/warehouse-secret.ts';

const environment = process.env;
const gateway = `http://127.0.0.1:${environment.PORT ?? 4000}`;
const portBase = Number(environment.DEMO_PORT_BASE ?? 4101);
const secret = environment.WEBHOOK_SECRET_ORDERS ?? demoWarehouseSecret;
const stageMs = 3000;

const messages = z.object({
  items: z.array(z.object({ template: z.string(), data: z.object({ orderId: z.string() }) })),
});
const ledger = z.array(z.object({ id: z.string(), subject: z.string().nullable() }));
const token = z.object({ accessToken: z.string() });

const addressOf = (backend: 'users' | 'notifications'): string =>
  environment[`${backend.toUpperCase()}_URL`] ?? `http://127.0.0.1:${portBase + backends[backend].demoPort}`;

/** Tells the gateway what became of an order; true where it wanted to know. */
async function tell(type: 'order.shipped' | 'order.delivered', orderId: string): Promise<boolean> {
  const [key] = toKeys(secret);
  if (!key) throw new Error('WEBHOOK_SECRET_ORDERS is empty.');
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({ type, data: { orderId } });
  const answer = await fetch(`${gateway}/webhooks/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': sign(key, id, timestamp, Buffer.from(body)),
    },
    body,
  });
  console.log(`${type} ${orderId}: ${answer.status} ${await answer.text()}`);
  return answer.ok;
}

/** Ships an order and delivers it. An order that nobody follows is left alone. */
async function serve(orderId: string): Promise<void> {
  await delay(stageMs);
  if (!(await tell('order.shipped', orderId))) return;
  await delay(stageMs);
  await tell('order.delivered', orderId);
}

/** The orders that the gateway has handed over. */
async function handedOver(): Promise<readonly string[]> {
  const rows = ledger.parse(await (await fetch(`${addressOf('notifications')}/_demo/ledger`)).json());
  const ids = rows.filter(({ subject }) => subject === 'users/warehouse').map(({ id }) => id);
  if (ids.length === 0) return [];
  const granted = await fetch(`${addressOf('users')}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' }),
  });
  const { accessToken } = token.parse(await granted.json());
  const found = await fetch(`${addressOf('notifications')}/messages?ids=${ids.slice(-100).join(',')}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const { items } = messages.parse(await found.json());
  return items.filter(({ template }) => template === 'warehouse-hand-over').map(({ data }) => data.orderId);
}

const [wanted] = process.argv.slice(2);
if (wanted !== undefined) {
  await serve(wanted.replace(/^Order:/, ''));
} else {
  console.log(`The warehouse serves what ${gateway} hands over. Ctrl-C ends it.`);
  const served = new Set(await handedOver());
  for (;;) {
    for (const orderId of await handedOver()) {
      if (served.has(orderId)) continue;
      served.add(orderId);
      serve(orderId).catch((error: unknown) => console.error(`order ${orderId}: ${String(error)}`));
    }
    await delay(1000);
  }
}
