import { describe, expect, it } from 'vitest';
import { callOf, connect, sleep, thing, until } from './rest-client.ts';
import { json, serve } from './rest-server.ts';

const readOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing }) as const;

const connection = { connectTimeoutMs: 500, keepAliveMs: 60_000, renewAfterMs: 100 };

describe('an address that is a name', () => {
  it('is looked up anew from time to time, although connections are kept alive', async (context) => {
    await using old = await serve((_request, response) => json(response, { id: 'old' }));
    // The same port at a second address, which not every machine has.
    await using fresh = await serve((_request, response) => json(response, { id: 'new' }), {
      host: '127.0.0.2',
      port: old.port,
    }).catch(() => null);
    if (fresh === null) {
      console.warn('SKIPPED: a changed DNS answer is not tested, because this machine has no 127.0.0.2');
      context.skip();
    }
    let address = '127.0.0.1';
    await using client = connect([`http://things.test:${old.port}`], {
      numbers: { connection: { ...connection, renewAfterMs: 500 } },
      lookup: (_host, options, callback) => {
        if (options.all) callback(null, [{ address, family: 4 }]);
        else callback(null, address, 4);
      },
    });
    const read = () => client.upstream.send(callOf(), readOf(client));
    expect(await read()).toEqual({ id: 'old' });
    address = '127.0.0.2';
    await sleep(5);
    expect(await read()).toEqual({ id: 'old' });
    // Never idle, so that it is not for idleness that the connection is let go.
    let last = { id: 'old' };
    for (let count = 0; count < 300 && last.id === 'old'; count += 1) {
      await sleep(5);
      last = await read();
    }
    expect(last).toEqual({ id: 'new' });
    // The old connection is let go, not kept beside the new one.
    await until(() => old.open.size === 0);
  });

  it('loses no call when its connections are made anew', async () => {
    await using server = await serve((_request, response) => {
      setTimeout(() => json(response, { id: '1' }), 30);
    });
    await using client = connect([`http://localhost:${server.port}`], { numbers: { connection } });
    const worker = async () => {
      for (let count = 0; count < 15; count += 1) await client.upstream.send(callOf(), readOf(client));
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(server.received).toHaveLength(60);
    expect(server.connections).toBeGreaterThan(4);
  });
});

it('an address in numbers keeps its connections', async () => {
  await using server = await serve((_request, response) => json(response, { id: '1' }));
  await using client = connect([server.url], { numbers: { connection } });
  for (let count = 0; count < 20; count += 1) {
    await client.upstream.send(callOf(), readOf(client));
    await sleep(10);
  }
  expect(server.connections).toBe(1);
});

it('an idle connection is closed after a while', async () => {
  await using server = await serve((_request, response) => json(response, { id: '1' }), {
    silentKeepAlive: true,
  });
  await using client = connect([server.url], {
    numbers: { connection: { ...connection, keepAliveMs: 100, renewAfterMs: 60_000 } },
  });
  await client.upstream.send(callOf(), readOf(client));
  expect(server.open.size).toBe(1);
  await until(() => server.open.size === 0);
});
