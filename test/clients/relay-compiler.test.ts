import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProject } from '../docs/markdown.ts';
import { clientsInstalled } from './clients-installed.ts';

const compiler = fileURLToPath(new URL('node_modules/relay-compiler/cli.js', import.meta.url));

const APP = `
graphql\`
  fragment AppOrders_user on User
  @refetchable(queryName: "AppOrdersPage")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    orders(first: $count, after: $cursor) @connection(key: "App_orders") {
      edges { node { id status ...AppOrder_order } }
    }
  }
\`;
graphql\`
  fragment AppOrder_order on Order @refetchable(queryName: "AppOrderAgain") {
    total { amount currency }
    items { quantity product { id name } }
  }
\`;
graphql\`
  query AppQuery { me { id name ...AppOrders_user } }
\`;
graphql\`
  mutation AppCancelMutation($input: CancelOrderInput!) {
    cancelOrder(input: $input) { order { id status } problems { code message ... on OutOfStock { available } } }
  }
\`;
graphql\`
  subscription AppWorkflowSubscription($id: ID!) { workflow(id: $id) { id status revision } }
\`;
`;

describe.skipIf(!clientsInstalled('the Relay compiler'))('the Relay compiler', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-relay-'));
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'schema.graphql'), readProject('schema.graphql'));
    await writeFile(
      join(folder, 'relay.config.json'),
      JSON.stringify({
        src: './src',
        schema: './schema.graphql',
        language: 'typescript',
        customScalarTypes: { Date: 'string', DateTime: 'string', Decimal: 'string', CurrencyCode: 'string' },
      }),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const compile = async (app: string) => {
    await writeFile(join(folder, 'src/App.ts'), app);
    return promisify(execFile)(process.execPath, [compiler, './relay.config.json'], { cwd: folder });
  };

  it('takes the schema: connections, fragments that are asked for again by `node`, mutations, subscriptions', async () => {
    await compile(APP);
    const page = await readFile(join(folder, 'src/__generated__/AppOrdersPage.graphql.ts'), 'utf8');
    expect(page).toMatch(/node\(id: \$id\)/);
    const again = await readFile(join(folder, 'src/__generated__/AppOrderAgain.graphql.ts'), 'utf8');
    expect(again).toContain('fragment AppOrder_order on Order');
  });

  it('refuses what the schema does not have', async () => {
    await expect(compile(APP.replace('id status revision', 'id progressOf'))).rejects.toMatchObject({
      stderr: expect.stringContaining('progressOf'),
    });
  });
});
