import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { demoBackends } from '../../demo/backends.ts';
import { readContracts } from './contract.ts';

const contracts = readContracts();

describe.each([...demoBackends])('the %s backend', (name, create) => {
  it('serves the endpoints of its contract and no others', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'weir-routes-'));
    await cp(join(inject('seededDataDir'), 'demo'), dataDir, { recursive: true });
    const tokenKeys = () => Promise.reject(new Error('nobody shows a token here'));
    const backend = await create({ port: 0, dataDir, latency: 0, tokenKeys });
    try {
      const documented = (contracts.get(name)?.operations ?? []).flatMap(({ method, path, endpoints }) =>
        // More than one parameter tells an endpoint from those that take none of them: it is the plain one.
        endpoints.map(({ by }) => routeName(method, path, by.length === 1 ? by[0] : null)),
      );
      const served = backend.routes.map(({ method, path, by }) => routeName(method, path, by));
      expect(served.sort()).toEqual(documented.sort());
    } finally {
      await backend.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

function routeName(method: string, path: string, by: string | null | undefined): string {
  return `${method} ${path}${by ? `?${by}` : ''}`;
}
