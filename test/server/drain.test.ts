import { Agent, get, request as send } from 'node:http';
import { connect } from 'node:net';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createHttpServer, type ServerTimes, serverTimes } from '../../src/server/http-server.ts';
import { createStreams } from '../../src/server/streams.ts';
import { startWeir } from '../start-weir.ts';

const quick: ServerTimes = { ...serverTimes, quietMs: 150, noticeMs: 1_500, endMs: 600 };

interface Got {
  readonly status: number;
  readonly connection: string | undefined;
  readonly body: string;
}

const ask = (url: string, agent: Agent): Promise<Got> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body }),
      );
    }).on('error', reject);
  });

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers after as many milliseconds as the path says. */
const serve = async (times: ServerTimes = quick) => {
  const server = createHttpServer((request, response) => {
    const ms = Number((request.url ?? '/').slice(1)) || 0;
    if (ms === 0) response.end('done');
    else setTimeout(() => response.end('done'), ms);
  }, times);
  return { server, url: await server.listen(0, '127.0.0.1') };
};

describe('draining', () => {
  it('ends each connection with its next answer, and loses nobody who keeps one', async () => {
    const { server, url } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    expect((await ask(url, agent)).connection).toBe('keep-alive');
    let over = false;
    const drained = server.drain().then(() => {
      over = true;
    });
    const answers: Got[] = [];
    for (let count = 0; count < 10; count += 1) {
      answers.push(await ask(url, agent));
      await sleep(20);
    }
    expect(over).toBe(false);
    expect(answers.map(({ status, connection }) => [status, connection])).toEqual(
      answers.map(() => [200, 'close']),
    );
    await drained;
    await server.close();
    await expect(ask(url, agent)).rejects.toThrow('ECONNREFUSED');
  });

  it('tells also those whose request was under way when it began', async () => {
    const { server, url } = await serve();
    const agent = new Agent({ keepAlive: true });
    const underWay = ask(`${url}/300`, agent);
    await sleep(100);
    const drained = server.drain();
    expect(await underWay).toEqual({ status: 200, connection: 'close', body: 'done' });
    await drained;
    await server.close();
  });

  it('does not wait where nobody ever came, and not for ever where somebody always does', async () => {
    const idle = await serve();
    const startedAt = performance.now();
    await idle.server.drain();
    await idle.server.close();
    expect(performance.now() - startedAt).toBeLessThan(quick.quietMs);

    const { server, url } = await serve();
    const agent = new Agent();
    let over = false;
    await ask(url, agent);
    const drained = server.drain().then(() => {
      over = true;
    });
    while (!over) {
      await ask(url, agent);
      await sleep(20);
    }
    await drained;
    await server.close();
  });

  it('is not held up by whoever only asks whether it is ready', async () => {
    const { server, url } = await serve();
    const agent = new Agent();
    await ask(url, agent);
    let over = false;
    const startedAt = performance.now();
    const drained = server.drain().then(() => {
      over = true;
    });
    while (!over) {
      await ask(`${url}/readyz`, agent);
      await sleep(20);
    }
    await drained;
    expect(performance.now() - startedAt).toBeLessThan(quick.noticeMs);
    await server.close();
  });

  it('cuts in the end what does not end by itself', async () => {
    const { server, url } = await serve();
    const { port } = new URL(url);
    const silent = connect(Number(port), '127.0.0.1', () => silent.write('GET / HTTP/1.1\r\n'));
    const silentEnded = new Promise((resolve) => silent.on('error', () => {}).once('close', resolve));
    const endless = ask(`${url}/60000`, new Agent({ keepAlive: true }));
    await sleep(100);
    await Promise.all([expect(endless).rejects.toThrow(), server.close(), silentEnded]);
  });
});

describe('streams', () => {
  it('are ended together, and those that come later at once', () => {
    const streams = createStreams();
    const ended: string[] = [];
    streams.add(() => ended.push('first'));
    const forget = streams.add(() => ended.push('gone'));
    forget();
    streams.endAll();
    streams.add(() => ended.push('late'));
    streams.endAll();
    expect(ended).toEqual(['first', 'late']);
  });
});

describe('a gateway on its way out', () => {
  it('says so, and answers what is asked until it is gone', async () => {
    const weir = await startWeir();
    const { port } = new URL(weir.url);
    // Under way while it ends: the answer takes longer than the whole way out.
    await weir.fault('products', { latencyMs: 600 });
    const slow = weir.ask('{ product(id: "Product:1") { name } }');
    await sleep(200);
    const ended = weir[Symbol.asyncDispose]();
    const { status, data } = await slow;
    expect([status, data.product.name]).toEqual([200, expect.any(String)]);
    await ended;
    const refused = new Promise((resolve) => {
      send({ port, host: '127.0.0.1' }).on('error', resolve).end();
    });
    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('ends streams with a whole last piece, and takes no new ones', async () => {
    const schema = makeExecutableSchema({
      typeDefs: 'type Query { ok: Boolean } type Subscription { ticks: Int }',
      resolvers: {
        Subscription: {
          ticks: {
            async *subscribe() {
              for (let ticks = 0; ; ticks += 1) {
                yield { ticks };
                await sleep(20);
              }
            },
          },
        },
      },
    });
    await using gateway = createGateway({
      config: readConfig({ NODE_ENV: 'test' }),
      world: { table: {}, schema, open: () => () => ({}) },
    });
    const url = await gateway.listen(0, '127.0.0.1');
    const subscribe = (): Promise<string> =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: '{"query":"subscription { ticks }"}',
      }).then((response) => response.text());
    const stream = subscribe();
    await sleep(300);
    const drained = gateway.drain();
    // A stream that was torn down would reject here.
    expect(await stream).toContain('"ticks":1');
    expect(await subscribe()).not.toContain('"ticks":5');
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    await drained;
  });
});
