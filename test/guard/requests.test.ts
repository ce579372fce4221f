import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWeir, type Weir } from '../start-weir.ts';

/** Sends bytes as they are and reads until the server closes or falls silent. */
function raw(url: string, text: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk;
      if (/\r\n\r\n[\s\S]*\}$/.test(answer)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

const BODY = '{"query":"{__typename}"}';
const requestWith = (...headers: readonly string[]): string =>
  ['POST /graphql HTTP/1.1', ...headers, '', BODY].join('\r\n');
const COMMON = ['content-type: application/json', `content-length: ${BODY.length}`];

describe('requests as bytes', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir({ CORS_ORIGINS: 'https://shop.example,https://app.example' });
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  it('are answered where nothing is wrong with them', async () => {
    expect(await raw(weir.url, requestWith('host: a', ...COMMON))).toContain('200 OK');
  });

  it.each([
    ['two hosts', requestWith('host: a', 'host: b', ...COMMON)],
    ['two tokens', requestWith('host: a', 'authorization: Bearer x', 'authorization: Bearer y', ...COMMON)],
    ['two media types', requestWith('host: a', 'content-type: text/plain', ...COMMON)],
    [
      'two ways of transfer',
      requestWith(
        'host: a',
        'content-type: application/json',
        'transfer-encoding: chunked',
        'transfer-encoding: identity',
      ),
    ],
    [
      'a length and chunks whose name is split',
      requestWith('host: a', ...COMMON, 'transfer-encoding : chunked'),
    ],
    [
      'chunks that are coded otherwise',
      requestWith('host: a', ...COMMON.slice(0, 1), 'transfer-encoding: xchunked'),
    ],
    ['a length with a sign', requestWith('host: a', ...COMMON.slice(0, 1), 'content-length: +24')],
    ['two lengths', requestWith('host: a', ...COMMON, 'content-length: 3')],
    ['a length and chunks', requestWith('host: a', ...COMMON, 'transfer-encoding: chunked')],
    ['no host', requestWith(...COMMON)],
    ['a folded header', requestWith('host: a', 'x-a: b', ' c', ...COMMON)],
    ['a bare line feed', requestWith('host: a', ...COMMON, 'x-a: b\nx-c: d')],
    ['a control character', requestWith('host: a', ...COMMON, 'x-a: b\u0000')],
  ])('are refused with %s', async (_, text) => {
    expect(await raw(weir.url, text)).toMatch(/^HTTP\/1\.1 400/);
  });

  it('that say they are too long are refused before they are sent', async () => {
    const tooLong = requestWith('host: a', 'content-type: application/json', 'content-length: 99999999');
    expect(await raw(weir.url, tooLong.replace(BODY, ''))).toMatch(/^HTTP\/1\.1 413/);
  });

  it('do not carry a second request where a first one is refused', async () => {
    const hidden = `POST /graphql HTTP/1.1\r\nhost: a\r\n${COMMON.join('\r\n')}\r\n\r\n${BODY}`;
    const smuggled = `POST /graphql HTTP/1.1\r\nhost: a\r\n${COMMON[0]}\r\ncontent-length: ${hidden.length + 5}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`;
    const answer = await raw(weir.url, smuggled);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    expect(answer).not.toContain('__typename');
  });

  it.each([
    ['in an address', 'GET', '?query=%7B__typename%20%23%ff%7D'],
    ['in an address, cut off', 'GET', '?query=%7B__typename%7D&operationName=%e2%82'],
    ['in an address, a percent sign for nothing', 'GET', '?query=%7B__typename%7D&operationName=%zz'],
    ['in a body', 'POST', ''],
  ])('are refused where they are not UTF-8: %s', async (_, method, search) => {
    const body = Buffer.concat([
      Buffer.from('{"query":"{ __typename } #'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    const response = await fetch(`${weir.url}/graphql${search}`, {
      method,
      headers: { 'content-type': 'application/json', 'graphql-require-preflight': '1' },
      ...(method === 'POST' ? { body } : {}),
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ message: expect.stringContaining('UTF-8'), extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
  });

  it('are refused where they are not UTF-8: in a message of a WebSocket', async () => {
    const socket = new WebSocket(`${weir.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(
      Buffer.concat([
        Buffer.from('{"type":"ping","payload":{"a":"'),
        Buffer.from([0xff]),
        Buffer.from('"}}'),
      ]),
      {
        binary: false,
      },
    );
    expect((await once(socket, 'close'))[0]).toBe(1007);
  });

  it('pass on no header of theirs but those of the allow-list, by whatever way', async () => {
    const theirs = {
      cookie: 'session=stolen',
      'x-on-behalf-of': '3',
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-host': 'evil.example',
      'idempotency-key': 'theirs',
      'if-none-match': '"theirs"',
      'cache-control': 'no-store',
      'x-timeout-ms': '999999',
      'user-agent': 'theirs',
      'x-anything': 'theirs',
      tracestate: 'a=theirs',
      baggage: 'user=theirs',
      'accept-language': 'de',
      'proxy-authorization': 'Basic theirs',
    };
    const allowed =
      /^(accept|authorization|connection|content-length|content-type|host|traceparent|x-request-id|x-timeout-ms)$/;
    const token = await weir.signIn();
    await weir.forgetCalls();
    const query = '{ me { name } product(id: "Product:1") { name } }';
    const common = { ...theirs, authorization: `Bearer ${token}`, 'graphql-require-preflight': '1' };
    const post = { method: 'POST', body: JSON.stringify({ query }) };
    for (const accept of ['application/json', 'text/event-stream', 'multipart/mixed']) {
      const headers = { ...common, accept, 'content-type': 'application/json' };
      await (await fetch(`${weir.url}/graphql`, { ...post, headers })).text();
    }
    await (await fetch(`${weir.url}/graphql?query=${encodeURIComponent(query)}`, { headers: common })).text();
    const socket = new WebSocket(`${weir.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: theirs,
    });
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}`, ...theirs } }),
    );
    await once(socket, 'message');
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    await once(socket, 'message');
    socket.terminate();
    const calls = [...(await weir.calls('users')), ...(await weir.calls('products'))];
    expect(calls).toHaveLength(10);
    for (const { headers } of calls) {
      expect(Object.keys(headers).filter((name) => !allowed.test(name))).toEqual([]);
      expect(JSON.stringify(headers)).not.toMatch(/theirs|stolen|evil|999999|10\.0\.0\.1/);
    }
  });

  it('from pages of allowed origins may be answered, and from no other', async () => {
    const ask = (origin: string, method = 'POST'): Promise<Response> =>
      fetch(`${weir.url}/graphql`, {
        method,
        headers: {
          origin,
          ...(method === 'OPTIONS'
            ? { 'access-control-request-method': 'POST' }
            : { 'content-type': 'application/json' }),
        },
        ...(method === 'OPTIONS' ? {} : { body: BODY }),
      });
    const preflight = await ask('https://shop.example', 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await ask('https://app.example');
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('vary')).toBe('origin');
    for (const stranger of ['https://shop.example.evil', 'null', 'http://shop.example']) {
      expect((await ask(stranger, 'OPTIONS')).headers.get('access-control-allow-origin')).toBeNull();
      expect((await ask(stranger)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
