import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

const PRODUCTION = { NODE_ENV: 'production', EXPLORER: '', ADMIN_PORT: '0' };

// The audits ask for the schema, which production tells to who may explore.
describe.each([
  ['in development', {}, null],
  ['in production, for who may explore', PRODUCTION, 'root@example.com'],
])('GraphQL over HTTP %s', (_, environment, person) => {
  let weir: Weir;
  let headers: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    weir = await startWeir(environment);
    if (person !== null) headers = { authorization: `Bearer ${await weir.signIn(person)}` };
  });
  afterAll(async () => weir?.[Symbol.asyncDispose]());

  // They ask by GET without the header that keeps other origins out; a client of ours always sends it.
  const audits = serverAudits({
    url: () => `${weir.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: {
          'graphql-require-preflight': '1',
          ...headers,
          ...(init.headers as Record<string, string>),
        },
      }),
  });

  it('has 61 audits', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
});
