import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type SentRequest, toCurl, withoutSecretLiterals } from '../../../explorer/src/waterfall/curl.ts';

const request: SentRequest = {
  url: 'http://127.0.0.1:4000/graphql',
  query: 'query Me { me { name } }',
  operationName: 'Me',
  variables: { id: "O'Hara $HOME" },
  headers: { authorization: 'Bearer eyJsecret', 'x-weir-trace': '1', 'x-note': "it's" },
};

describe('toCurl', () => {
  it('holds no secret, wherever it stood', () => {
    const command = toCurl({
      ...request,
      query: 'mutation { signIn(input: { email: "ada@example.com", password: "hunter2" }) { accessToken } }',
      variables: { input: { paymentToken: 'tok_hunter2', deep: [{ newPassword: 'hunter2' }] }, note: 'kept' },
      headers: {
        authorization: 'Bearer hunter2',
        cookie: 'sid=hunter2',
        'x-api-key': 'hunter2',
        'x-odd': 'Bearer hunter2',
        'x-weir-trace': '1',
      },
    });
    expect(command).not.toContain('hunter2');
    expect(command).toContain('"authorization: Bearer $WEIR_TOKEN"');
    expect(command).toContain('"cookie: $COOKIE"');
    expect(command).toContain('ada@example.com');
    expect(command).toContain('<paymentToken>');
    expect(command).toContain('kept');
  });

  it('reads as meant in a shell, quotes and dollar signs and all', async () => {
    // A function in the place of the program: it prints the arguments that the shell made of the command.
    const script = `curl() { printf '%s\\0' "$@"; }; ${toCurl(request)}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', script], { env: { WEIR_TOKEN: 'mine' } });
    expect(stdout.split('\0').slice(0, -1)).toEqual([
      request.url,
      '-H',
      'content-type: application/json',
      '-H',
      'authorization: Bearer mine',
      '-H',
      'x-weir-trace: 1',
      '-H',
      "x-note: it's",
      '--data-raw',
      JSON.stringify({ query: request.query, operationName: 'Me', variables: request.variables }),
    ]);
  });
});

describe('withoutSecretLiterals', () => {
  it('leaves everything else of a document as it is', () => {
    const query = '# mine\nmutation { signIn(input: {email: "a", password: """p\nq"""}) { accessToken } }';
    expect(withoutSecretLiterals(query)).toBe(
      '# mine\nmutation { signIn(input: {email: "a", password: "<password>"}) { accessToken } }',
    );
  });

  it('gives away nothing of a text that it cannot read', () => {
    expect(withoutSecretLiterals('mutation { signIn(password: "hunter2"')).not.toContain('hunter2');
  });
});
