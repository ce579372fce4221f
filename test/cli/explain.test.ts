import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../cli/check.ts';
import { houseExplainer } from '../../cli/operations.ts';
import { startWeir } from '../start-weir.ts';

const PAGE = /* GraphQL */ `
  query OrderPage {
    me {
      name
      orders(first: 10) { nodes { items { product { name stock { available } } } } }
      bookings(first: 5) { nodes { flight { number offer { seatsLeft } } } }
    }
  }
`;

describe('explain', () => {
  it('says which calls an operation makes, level by level', () => {
    const [page] = houseExplainer().explain(PAGE);
    expect(page?.depth).toBe(2);
    const told = page?.levels.map((level) =>
      level.map(({ endpoints, calls }) => `${calls} ${endpoints}`).sort(),
    );
    expect(told).toEqual([
      ['1 bookings GET /bookings?userIds', '1 orders GET /orders?userIds', '1 users GET /users?ids'],
      [
        '1 flights GET /flights?ids',
        '1 inventory GET /stock?productIds',
        '1 products GET /products?ids',
        '5 pricing GET /offers/{flightId}?passengers',
      ],
    ]);
    expect(page?.calls).toBe(11);
  });

  it('counts chunks of at most 100 keys', () => {
    const [all] = houseExplainer().explain(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { orders(first: 20) { nodes { items { product { name } } } } } } }',
      { ids: Array.from({ length: 100 }, (_, index) => `User:${index + 1}`) },
    );
    const products = all?.levels
      .flat()
      .find(({ endpoints }) => endpoints.includes('products GET /products?ids') && endpoints.length === 1);
    expect(products).toMatchObject({ keys: 100 * 20 * 5, calls: 100 });
  });

  it('is told beside an answer to who asks for it', async () => {
    await using weir = await startWeir();
    const { extensions } = await weir.ask('{ product(id: "Product:1") { name stock { available } } }', {
      headers: { 'x-weir-explain': '1' },
    });
    expect(extensions.explain).toMatchObject({ calls: 2, depth: 1 });
  });
});

describe('check', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-check-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('passes what costs no more than before, and names what does', () => {
    const file = join(folder, 'page.graphql');
    const baseline = join(folder, 'baseline.json');
    const run = (text: string): number => {
      writeFileSync(file, text);
      return check([file, '--baseline', baseline]);
    };
    expect(run('query Page { products(first: 5) { nodes { name } } }')).toBe(0);
    expect(run('query Page { products(first: 5) { nodes { name category } } }')).toBe(0);
    expect(run('query Page { products(first: 5) { nodes { name stock { available } } } }')).toBe(1);
    expect(check([file, '--baseline', baseline, '--update'])).toBe(0);
    expect(check([file, '--baseline', baseline])).toBe(0);
    const flights = 'flights(search: { origin: "LHR", destination: "JFK", date: "2026-11-25" })';
    expect(run(`query Search { ${flights} { nodes { number } } }`)).toBe(0);
    expect(check([file, '--baseline', baseline, '--update'])).toBe(0);
    expect(run(`query Search { ${flights} { nodes { number offer { seatsLeft } } } }`)).toBe(1);
  });

  it('is a command', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      ['cli/weir.ts', 'explain', '{ airports { code } }'],
      {
        encoding: 'utf8',
      },
    );
    expect(status).toBe(0);
    expect(stdout).toContain('at most 1 call, 1 step deep');
  });
});
