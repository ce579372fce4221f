import { type AddressInfo, createServer as createNetServer, isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/webhooks/public-address.ts';
import { createWebhookSender } from '../../src/webhooks/send-webhook.ts';
import { refusalOf, toKeys } from '../../src/webhooks/signature.ts';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { plentiful } from './crash/scenarios.ts';
import { eventually } from './eventually.ts';
import { openShop } from './shop.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';
import { viewer } from './toy.ts';
import { startReceiver } from './webhook-receiver.ts';

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '172.31.255.255',
    '0.0.0.0',
    '100.64.0.1',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'nonsense',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

describe('sending', () => {
  const message = { secret: 'whsec_c2VjcmV0', id: 'msg_1', body: '{}' };

  test('refuses what is private, plain, or hides a password', async () => {
    const sender = createWebhookSender({
      allow: [],
      lookup: async () => [{ address: '10.0.0.1', family: 4 }],
    });
    for (const url of [
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://0x7f.1/',
      'https://2130706433/',
      'http://example.com/',
      'https://intern.example/',
      'https://user:pass@example.com/',
      'ftp://example.com/',
      'nonsense',
    ]) {
      expect(await sender.refusal(url), url).not.toBe(null);
      expect((await sender.send({ ...message, url })).ok, url).toBe(false);
    }
    await sender.close();
  });

  /** Counts who comes, whatever they want. */
  const startCounter = async () => {
    let connections = 0;
    const server = createNetServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      port,
      connections: () => connections,
      [Symbol.asyncDispose]: async () => {
        server.close();
      },
    };
  };

  test.each([
    // The name has another address by the time of the connection.
    ['of a name that has become another since', 'rebind.example', ['93.184.216.34', '127.0.0.1']],
    // The system's own answer for this name is the receiver: whoever asked it would get there.
    ['that somebody else says', 'localhost', ['93.184.216.34', null]],
    ['that is a private one in other words', 'mapped.example', ['93.184.216.34', '::ffff:127.0.0.1']],
  ])('connects to no address that it has not checked: %s', async (_title, host, answers) => {
    await using counter = await startCounter();
    const left = [...answers];
    const sender = createWebhookSender({
      allow: [],
      lookup: async () => {
        const address = left.shift() ?? null;
        if (address === null) throw new Error('no such host');
        return [{ address, family: isIP(address) }];
      },
    });
    const sent = await sender.send({ ...message, url: `https://${host}:${counter.port}/` });
    expect(sent.ok).toBe(false);
    // Asked for again at the connection, and believed no more than before.
    expect(left).toEqual([]);
    expect(counter.connections()).toBe(0);
    await sender.close();
  });

  test('does not follow a redirect', async () => {
    await using receiver = await startReceiver([302]);
    const sender = createWebhookSender({ allow: ['127.0.0.1'] });
    expect(await sender.send({ ...message, url: receiver.url })).toEqual({
      ok: false,
      reason: 'The receiver answered 302.',
    });
    expect(receiver.received).toHaveLength(1);
    await sender.close();
  });
});

describe('a webhook', () => {
  let database: TestDatabase;
  let demo: OpenDemo;
  let shop: ReturnType<typeof openShop>;
  let productId: string;
  let url: string;

  beforeAll(async () => {
    database = await startTestDatabase();
    demo = await openDemo();
    productId = await plentiful(demo.urls);
  });
  afterAll(async () => {
    await demo[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    const options = { webhookAllow: ['127.0.0.1'], webhooks: { everyMs: 20, baseMs: 20 } };
    url = await database.fresh();
    shop = openShop({ urls: demo.urls, url, options });
    await shop.workflows.ready;
  });
  afterEach(() => shop[Symbol.asyncDispose]());

  const buy = () =>
    shop.run('placeOrder', { items: [{ productId, quantity: 1 }], paymentToken: 'tok_declined' });

  test('hears of its owner’s workflows, signed, until it has answered well', async () => {
    await using receiver = await startReceiver([500, 500, 204]);
    const registered = await shop.workflows.registerWebhook(viewer('1'), receiver.url, [
      'workflow.compensated',
    ]);
    expect(registered).toMatchObject({ problems: [], secret: expect.stringMatching(/^whsec_/) });
    const workflow = await buy();
    await eventually(() => expect(receiver.received).toHaveLength(3));
    const [first, , last] = receiver.received;
    expect(last?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(JSON.parse(last?.body ?? '')).toMatchObject({
      type: 'workflow.compensated',
      data: {
        id: `Workflow:${workflow.id}`,
        name: 'placeOrder',
        status: 'COMPENSATED',
        startedBy: 'User:1',
        problems: ['PAYMENT_DECLINED'],
      },
    });
    const signed = {
      id: String(last?.headers['webhook-id']),
      timestamp: String(last?.headers['webhook-timestamp']),
      signature: String(last?.headers['webhook-signature']),
    };
    expect(
      refusalOf(toKeys(registered.secret ?? ''), signed, Buffer.from(last?.body ?? ''), Date.now()),
    ).toBe(null);
    await eventually(async () => {
      const [webhook] = await shop.workflows.webhooksOf('1');
      expect(await shop.workflows.deliveriesOf(webhook?.id ?? '', 10)).toMatchObject([
        { event: 'workflow.compensated', status: 'DELIVERED', attempts: 3 },
      ]);
    });
  });

  test('is tried for a day, listed as given up then, and holds up no other', async () => {
    await using dead = await startReceiver([500]);
    await using unopened = await startReceiver();
    await using well = await startReceiver();
    for (const { url: address } of [unopened, dead, well]) {
      await shop.workflows.registerWebhook(viewer('1'), address, ['workflow.compensated']);
    }
    await ask(url, 'update weir.webhooks set secret = $2 where url = $1', [unopened.url, 'v1.nothing']);
    await buy();
    await eventually(() => expect(well.received).toHaveLength(1));
    const webhooks = await shop.workflows.webhooksOf('1');
    const latest = async ({ url: address }: { url: string }) => {
      const webhook = webhooks.find((one) => one.url === address);
      return (await shop.workflows.deliveriesOf(webhook?.id ?? '', 1))[0];
    };
    const age = async (by: string) => {
      await ask(url, 'update weir.webhook_deliveries set created_at = now() - $1::interval', [by]);
      const before = dead.received.length;
      await ask(url, 'update weir.webhook_deliveries set next_at = now() where next_at is not null');
      await eventually(() => expect(dead.received.length).toBeGreaterThan(before));
    };
    await age('22 hours');
    expect(await latest(dead)).toMatchObject({ status: 'PENDING', error: 'The receiver answered 500.' });
    await age('24 hours');
    await eventually(async () => expect(await latest(dead)).toMatchObject({ status: 'FAILED' }));
    const tries = dead.received.length;
    await eventually(async () => expect((await latest(unopened))?.status).toBe('FAILED'));
    expect(unopened.received).toEqual([]);
    await delay(200);
    expect(dead.received).toHaveLength(tries);
    expect(well.received).toHaveLength(1);
  });

  test('hears of nobody else’s workflows, unless it is an administrator’s', async () => {
    await using theirs = await startReceiver();
    await using administrators = await startReceiver();
    await shop.workflows.registerWebhook(viewer('2'), theirs.url, ['workflow.*']);
    await shop.workflows.registerWebhook(viewer('3', 'admin'), administrators.url, ['workflow.*']);
    await buy();
    await eventually(() =>
      expect(administrators.received.map(({ body }) => JSON.parse(body).type)).toContain(
        'workflow.compensated',
      ),
    );
    expect(theirs.received).toEqual([]);
  });

  test('is not registered for what does not happen, or where it may not be sent to', async () => {
    const answer = await shop.workflows.registerWebhook(viewer('1'), 'https://10.0.0.1/', [
      'workflow.exploded',
    ]);
    expect(answer).toMatchObject({
      id: null,
      secret: null,
      problems: [{ path: ['events', '0'] }, { path: ['url'] }],
    });
    expect(await shop.workflows.webhooksOf('1')).toEqual([]);
  });
});
