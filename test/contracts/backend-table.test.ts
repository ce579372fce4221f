import { describe, expect, it } from 'vitest';
import { type BackendTable, backends } from '../../src/backends.ts';
import { type Access, readContracts } from './contract.ts';

const table: BackendTable = backends;
const contracts = readContracts();

/** Whose calls the gateway may make with which credentials. */
const accessFor: Readonly<Record<string, readonly Access[]>> = {
  none: ['public', 'optional'],
  viewer: ['optional', 'caller'],
  gateway: ['machine'],
};

it('has a row for each backend that has a contract', () => {
  expect(Object.keys(table).sort()).toEqual([...contracts.keys()].sort());
});

describe.each(Object.entries(table))('%s', (backend, row) => {
  const documented = contracts.get(backend)?.operations.flatMap(({ endpoints }) => endpoints) ?? [];

  it.each(Object.entries(row.endpoints))('calls %s as its contract has it', (name, endpoint) => {
    const contracted = documented.find((candidate) => candidate.name === name);
    if (!contracted) throw new Error(`contracts/${backend}.openapi.yaml has no endpoint ${name}`);
    const { method, path, parameters } = contracted.operation;
    expect(`${endpoint.method} ${endpoint.path}`).toBe(`${method} ${path}`);
    expect(accessFor[endpoint.credentials]).toContain(contracted.access);
    const queries = parameters.filter((parameter) => parameter.in === 'query');
    expect(queries.map((parameter) => parameter.name)).toEqual(
      expect.arrayContaining([...(endpoint.by ?? [])]),
    );
    if (contracted.by.length > 0) expect(endpoint.by).toEqual(contracted.by);
    if (endpoint.bulk) {
      const keys = queries.find((parameter) => parameter.name === endpoint.bulk?.param);
      expect(keys?.maxItems).toBe(endpoint.bulk.max);
    }
  });
});
