import { execFile } from 'node:child_process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createGateway } from '../src/gateway.ts';
import { toLabel } from '../src/log.ts';
import { evil } from './evil-log.ts';
import { startWeir } from './start-weir.ts';

/** A gateway in front of a running Weir's backends, with everything that it writes to its log. */
async function startLogged(backends: Readonly<Record<string, string>>, nodeEnv = 'test') {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  const addresses = Object.fromEntries(
    Object.entries(backends).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
  );
  const config = readConfig({ NODE_ENV: nodeEnv, ADMIN_PORT: '0', ...addresses });
  const gateway = createGateway({ config, log: pino({ level: 'trace', base: null }, sink) });
  const url = await gateway.listen(0, '127.0.0.1');
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { lines, post, url, [Symbol.asyncDispose]: gateway.close };
}

const SIGN_IN =
  'mutation SignIn { signIn(input: { email: "ada@example.com", password: "waterfall" }) { accessToken } }';

describe('the log', () => {
  it('has one JSON line an operation, with who, what, how long and how many calls', async () => {
    await using weir = await startWeir();
    const token = await weir.signIn();
    await using logged = await startLogged(weir.backends);
    const response = await logged.post(
      { query: 'query Orders { me { name orders(first: 2) { nodes { items { product { name } } } } } }' },
      { authorization: `Bearer ${token}`, 'x-client-name': 'web shop', 'x-request-id': 'r-1' },
    );
    expect(response.headers.get('x-request-id')).toBe('r-1');
    expect(logged.lines).toHaveLength(1);
    expect(JSON.parse(logged.lines[0] ?? '')).toMatchObject({
      requestId: 'r-1',
      operation: 'Orders',
      kind: 'query',
      hash: expect.stringMatching(/^[0-9a-f]+$/),
      viewer: expect.stringMatching(/^\w+$/),
      clientId: 'weir-demo-app',
      client: 'web shop',
      durationMs: expect.any(Number),
      calls: 3,
      depth: 2,
      outcome: 'ok',
    });
  });

  it('stays one line of plain text whatever a stranger writes', async () => {
    await using weir = await startWeir();
    await using logged = await startLogged(weir.backends);
    const evil = 'x"\n{"level":50,"msg":"forged"}\u001b[2J\u202e\u2028end';
    await logged.post({ query: '{ __typename }', operationName: evil });
    await logged.post({ query: `query A { __typename }\n# ${evil}`, variables: { [evil]: evil } });
    await logged.post({ query: '{ __typename }' }, { 'x-client-name': `caf\u00e9 ${'y'.repeat(500)}` });
    await logged.post(
      { query: '{ __typename }' },
      { 'x-request-id': 'a b"\u00ff', authorization: 'Bearer a.b.c' },
    );
    const text = logged.lines.join('');
    expect(text.trimEnd().split('\n')).toHaveLength(4);
    for (const line of text.trimEnd().split('\n')) {
      expect(() => JSON.parse(line)).not.toThrow();
      expect(JSON.parse(line)).not.toMatchObject({ msg: 'forged' });
      expect(JSON.parse(line).msg).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(line.length).toBeLessThan(1_000);
    }
    expect(toLabel(evil)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });

  it.each(['production', 'development'] as const)(
    'in %s says nothing that looks like another line, and tells a terminal nothing',
    async (environment) => {
      const script = fileURLToPath(new URL('evil-log.ts', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [script, environment]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/u);
      const lines = stdout.trimEnd().split('\n');
      const begun = lines.filter((line) => /^\S/.test(line));
      expect(begun).toHaveLength(3);
      for (const line of begun) {
        if (environment === 'development')
          expect(line).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] (INFO|WARN|ERROR): /);
        else expect(JSON.parse(line).msg).not.toBe('forged');
      }
      if (environment === 'production') {
        expect(lines).toHaveLength(3);
        expect(JSON.parse(lines[1] ?? '')).toMatchObject({
          backend: evil,
          deep: { reason: evil },
          msg: evil,
        });
      }
    },
  );

  it('has no token, no password and no secret in it, whatever happens', async () => {
    await using weir = await startWeir();
    await using logged = await startLogged(weir.backends);
    const signedIn = await (await logged.post({ query: SIGN_IN })).json();
    const token: string = signedIn.data.signIn.accessToken;
    const authorization = `Bearer ${token}`;
    await logged.post({ query: 'query Me { me { name email } }' }, { authorization });
    await logged.post({ query: 'query Me { me { name' }, { authorization });
    await logged.post({ query: '{ me { name } }' }, { authorization: `${authorization}x` });
    await weir.fault('users', { mode: 'wrong-shape' });
    await logged.post({ query: 'query Wrong { me { name } }' }, { authorization });
    await logged.post({ query: SIGN_IN });
    await weir.fault('users', { mode: 'reset' });
    await logged.post({ query: 'query Reset { me { name } }' }, { authorization });
    await logged.post({ query: SIGN_IN });
    const text = logged.lines.join('');
    expect(logged.lines.length).toBeGreaterThanOrEqual(8);
    const personal = ['ada@example.com', 'Ada Lovelace'];
    for (const secret of [
      token,
      token.split('.')[2] ?? 'none',
      'waterfall',
      'weir-demo-secret',
      ...personal,
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('server-timing', () => {
  const QUERY = { query: '{ me { name orders(first: 1) { nodes { id } } } }' };

  it('is told to everybody in development, beside the request id', async () => {
    await using weir = await startWeir();
    const token = await weir.signIn();
    await using logged = await startLogged(weir.backends);
    const { headers } = await logged.post(QUERY, { authorization: `Bearer ${token}` });
    expect(headers.get('server-timing')).toMatch(
      /^total;dur=[\d.]+, upstream;dur=[\d.]+;desc="2 calls, depth 1", gateway;dur=[\d.]+$/,
    );
    expect(headers.get('x-request-id')).toMatch(/^[\w.-]+$/);
  });

  it('is told in production only to who may see the waterfall; the request id to everybody', async () => {
    await using weir = await startWeir();
    const [ada, root] = [await weir.signIn(), await weir.signIn('root@example.com')];
    await using logged = await startLogged(weir.backends, 'production');
    for (const [token, told] of [
      [ada, false],
      [root, true],
    ] as const) {
      const { headers } = await logged.post(QUERY, { authorization: `Bearer ${token}` });
      expect(headers.has('server-timing')).toBe(told);
      expect(headers.get('x-request-id')).not.toBeNull();
    }
    const refused = await logged.post({ query: '{' });
    expect(refused.headers.has('server-timing')).toBe(false);
    expect(refused.headers.get('x-request-id')).not.toBeNull();
  });
});
