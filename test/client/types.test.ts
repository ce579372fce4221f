import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../docs/markdown.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-types-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = {
  target: 'es2022',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

/** The compiler's complaints about a program, as `TS2339 what it says`. */
function compile(text: string | null, lib: readonly string[]): string[] {
  const include = text === null ? [join(root, 'client/src')] : [join(folder, 'app.ts')];
  if (text !== null) writeFileSync(join(folder, 'app.ts'), text);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, lib }, include }),
  );
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  return [...stdout.matchAll(/error (TS\d+): (.*)/g)].map(([, code, words]) => `${code} ${words}`);
}

const app = (body: string): string => `
import { createWeirClient } from '${root}/client/src/index.ts';
import * as d from '${root}/client/src/generated/graphql.ts';
const weir = createWeirClient({ url: 'http://127.0.0.1:1/graphql' });
${body}
export {};
`;

const inBrowser = (body: string): string[] => compile(app(body), ['es2022', 'dom', 'dom.iterable']);

describe('the types of the client', () => {
  it('take what is right', () => {
    expect(
      inBrowser(`
const { data } = await weir.query(d.ProductScreenDocument, { id: 'Product:1' });
const amount: string | undefined = data.product?.price.amount;
await weir.query(d.AccountDocument);
await weir.query(d.AccountDocument, {}, { timeoutMs: 100 });
const placed = await weir.mutate(d.PlaceOrderDocument, { items: [], paymentToken: 't', wait: false });
const code: string | undefined = placed.data.placeOrder.problems[0]?.code;
for await (const { data } of weir.subscribe(d.WorkflowProgressDocument, { id: 'Workflow:1' })) {
  const revision: number | undefined = data.workflow?.revision;
  void revision;
}
void amount; void code;`),
    ).toEqual([]);
  });

  it.each([
    [
      'a field that the document does not ask for',
      `(await weir.query(d.OrderScreenDocument, { id: 'x' })).data.order?.customer;`,
      /^TS2339 .*'customer'/,
    ],
    [
      'a field read as what it is not',
      `const n: number | undefined = (await weir.query(d.ProductScreenDocument, { id: 'x' })).data.product?.name; void n;`,
      /^TS2322 .*'string \| undefined'/,
    ],
    [
      'a nullable field taken for certain',
      `(await weir.query(d.ProductScreenDocument, { id: 'x' })).data.product.name;`,
      /^TS2531 .*possibly 'null'/,
    ],
    [
      'a variable that is missing',
      `await weir.query(d.ProductScreenDocument, {});`,
      /^TS2741 .*'id' is missing/,
    ],
    ['all variables missing', `await weir.query(d.ProductScreenDocument);`, /^TS2554 .*/],
    [
      'a variable of the wrong type',
      `await weir.query(d.ProductScreenDocument, { id: 1 });`,
      /^TS2322 .*'number'.*'string'/,
    ],
    [
      'a variable that the document has not',
      `await weir.query(d.ProductScreenDocument, { id: 'x', first: 1 });`,
      /^TS2353 .*'first'/,
    ],
    [
      'a value that the enum has not',
      `await weir.query(d.StorefrontDocument, { sort: 'CHEAPEST' });`,
      /^TS2322 .*CHEAPEST/,
    ],
    [
      'a key given as a variable',
      `await weir.mutate(d.CancelOrderDocument, { orderId: 'x', idempotencyKey: 'k' });`,
      /^TS2322 .*'string'.*'never'/,
    ],
  ])('refuse %s', (_, body, complaint) => {
    const complaints = inBrowser(body);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(complaint);
  });

  it('need nothing of Node, and of the platform only what browsers and React Native share', () => {
    expect(compile(null, ['es2022', 'dom', 'dom.iterable'])).toEqual([]);
    const names = ['window', 'localStorage', 'process', 'Buffer', 'require', 'EventSource'];
    for (const file of readdirSync(join(root, 'client/src')).filter((name) => name.endsWith('.ts'))) {
      const code = readFileSync(join(root, `client/src/${file}`), 'utf8');
      for (const name of names)
        expect(code, `${file} ${name}`).not.toMatch(new RegExp(`(?<![\\w.])${name}[.(]`));
      expect(code).not.toMatch(/from '(?!\.)/);
    }
  });
});
