import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    ['two lengths', requestWith('host: a', ...COMMON, 'content-length: 3')],
    ['a length and chunks', requestWith('host: a', ...COMMON, 'transfer-encoding: chunked')],
    ['no host', requestWith(...COMMON)],
    ['a folded header', requestWith('host: a', 'x-a: b', ' c', ...COMMON)],
    ['a bare line feed', requestWith('host: a', ...COMMON, 'x-a: b\nx-c: d')],
    ['a control character', requestWith('host: a', ...COMMON, 'x-a: b\u0000')],
  ])('are refused with %s', async (_, text) => {
    expect(await raw(weir.url, text)).toMatch(/^HTTP\/1\.1 400/);
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
