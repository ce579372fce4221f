import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wayNames, ways } from '../guard/ways.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { eventually } from '../workflows/eventually.ts';
import { ask, startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { type Line, linesIn } from './lines.ts';

const SUBGRAPH_TOKEN = 'the token of the router';

let database: TestDatabase;
let url: string;
let weir: Weir;
let ada: string;
let root: string;
let requests = 0;

beforeAll(async () => {
  database = await startTestDatabase();
  url = await database.fresh();
  weir = await startWeir(
    { DATABASE_URL: url, SIGN_IN_LIMIT: '0', SIGN_IN_ADDRESS_LIMIT: '0', SUBGRAPH_TOKEN },
    { durable: true },
  );
  [ada, root] = [await weir.signIn(), await weir.signIn('root@example.com')];
});
afterAll(async () => {
  await weir?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** Asks with a request id of its own, and answers with the lines that the request has left. */
async function leaves(query: string, count: number, token?: string, headers: Record<string, string> = {}) {
  requests += 1;
  const id = `audit-${requests}`;
  const answer = await weir.ask(query, { token, headers: { 'x-request-id': id, ...headers } });
  let lines: readonly Line[] = [];
  await eventually(async () => {
    lines = (await linesIn(url)).filter(({ request_id }) => request_id === id);
    expect(lines).toHaveLength(count);
  });
  return { ...answer, lines };
}

const placing = (key: string, paymentToken = 'tok_ok'): string =>
  `placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }, { productId: "Product:2", quantity: 1 }], paymentToken: "${paymentToken}", idempotencyKey: "${key}" }) { order { id } workflow { id } problems { code } }`;
const signingIn = (email: string, password: string): string =>
  `signIn(input: { email: "${email}", password: "${password}" }) { user { id } problems { code } }`;

describe('a mutation leaves a line', () => {
  test('that says who, what, on which objects and what came of it', async () => {
    const { data, lines } = await leaves(`mutation { ${placing('whole')} }`, 1, ada);
    expect(lines).toMatchObject([
      { actor: '1', client_id: 'weir-demo-app', action: 'placeOrder', outcome: 'SUCCEEDED' },
    ]);
    expect([...(lines[0]?.subjects ?? [])].sort()).toEqual(
      [data.placeOrder.order.id, data.placeOrder.workflow.id, 'Product:1', 'Product:2'].sort(),
    );
  });

  test.each([
    ['a problem', () => placing('declined', 'tok_declined'), 'PAYMENT_DECLINED', ['Product:1', 'Product:2']],
    ['bad input', () => placing('', ''), 'INVALID_INPUT', ['Product:1', 'Product:2']],
    [
      'an object that is not there',
      () => 'cancelOrder(input: { orderId: "Order:none", idempotencyKey: "k" }) { problems { code } }',
      'NOT_FOUND',
      ['Order:none'],
    ],
    [
      'access that is refused',
      () => 'decide(input: { workflowId: "Workflow:x", approve: true }) { problems { code } }',
      'FORBIDDEN',
      ['Workflow:x'],
    ],
    [
      'what is no id at all',
      () =>
        'cancelOrder(input: { orderId: "hunter2 is my password", idempotencyKey: "k" }) { problems { code } }',
      'NOT_FOUND',
      [],
    ],
  ])('of %s', async (_, field, outcome, subjects) => {
    const { lines } = await leaves(`mutation { ${field()} }`, 1, ada);
    expect(lines).toMatchObject([{ actor: '1', outcome }]);
    expect(lines[0]?.subjects).toEqual(expect.arrayContaining(subjects));
    if (subjects.length === 0) expect(lines[0]?.subjects).toEqual([]);
  });

  test('of the anonymous too', async () => {
    const { lines } = await leaves(`mutation { ${placing('nobody')} }`, 1);
    expect(lines).toMatchObject([{ actor: null, client_id: null, outcome: 'UNAUTHENTICATED' }]);
  });

  test('for each field, in their order', async () => {
    const { lines } = await leaves(
      `mutation { a: ${placing('')} b: ${signingIn('ada@example.com', 'waterfall')} ...C }
       fragment C on Mutation { c: ${signingIn('ada@example.com', 'wrong')} }`,
      3,
      ada,
    );
    expect(lines.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'placeOrder INVALID_INPUT',
      'signIn SUCCEEDED',
      'signIn INVALID_CREDENTIALS',
    ]);
  });

  test.each(wayNames.filter((way) => way !== 'GET'))('by %s', async (way) => {
    const before = new Set((await linesIn(url)).map(({ id }) => id));
    const key = `way ${way}`;
    const { code } = await ways[way](weir.url, { query: `mutation { ${placing(key)} }`, token: ada });
    expect(code).toBe('ok');
    await eventually(async () => {
      const lines = (await linesIn(url)).filter(
        ({ id, action }) => action === 'placeOrder' && !before.has(id),
      );
      expect(lines).toMatchObject([{ actor: '1', outcome: 'SUCCEEDED' }]);
    });
  });

  test('by a router of subgraphs', async () => {
    const { lines } = await leaves(`mutation { ${placing('router')} }`, 1, ada, {
      'x-weir-subgraph-token': SUBGRAPH_TOKEN,
    });
    expect(lines).toMatchObject([{ actor: '1', action: 'placeOrder', outcome: 'SUCCEEDED' }]);
  });
});

describe('attempts to open an account', () => {
  test('name the user where they succeed', async () => {
    const { lines } = await leaves(`mutation { ${signingIn('ada@example.com', 'waterfall')} }`, 1);
    expect(lines).toMatchObject([{ actor: '1', subjects: ['User:1'], outcome: 'SUCCEEDED' }]);
  });

  test('name a hash where they do not: the same for the same account, and nobody’s address or password', async () => {
    const attempt = async (email: string) =>
      (await leaves(`mutation { ${signingIn(email, 'not-the-password')} }`, 1)).lines[0];
    const [first, again, other] = [
      await attempt('ada@example.com'),
      await attempt(' ADA@example.com '),
      await attempt('grace@example.com'),
    ];
    expect(first).toMatchObject({ actor: null, outcome: 'INVALID_CREDENTIALS' });
    expect(first?.subjects).toEqual([expect.stringMatching(/^Account:[\w-]{22}$/)]);
    expect(again?.subjects).toEqual(first?.subjects);
    expect(other?.subjects).not.toEqual(first?.subjects);
  });

  test('name the new user of a registration, and a hash where the address is taken', async () => {
    const register = (email: string, key: string): string =>
      `mutation { register(input: { name: "Alan Turing", email: "${email}", password: "enigma-1912", idempotencyKey: "${key}" }) { user { id } problems { code } } }`;
    const made = await leaves(register('alan@example.com', 'r1'), 1);
    const userId: string = made.data.register.user.id;
    // The account is made; its welcome goes on.
    expect(made.lines).toMatchObject([{ actor: userId.slice('User:'.length), outcome: 'RUNNING' }]);
    expect(made.lines[0]?.subjects).toContain(userId);
    const taken = await leaves(register('ada@example.com', 'r2'), 1);
    expect(taken.lines).toMatchObject([{ actor: null, outcome: 'EMAIL_TAKEN' }]);
  });

  test('leave no secret and nothing personal anywhere in the tables', async () => {
    const text = JSON.stringify([
      await ask(url, 'select * from weir_audit.log'),
      await ask(url, 'select * from weir_audit.refusals'),
    ]);
    for (const secret of [ada, 'waterfall', 'not-the-password', 'enigma', '@', 'hunter2', 'tok_ok', 'Alan']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('a workflow that ends leaves a line', () => {
  test.each([
    ['tok_ok', 'SUCCEEDED'],
    ['tok_declined', 'COMPENSATED,PAYMENT_DECLINED'],
  ])('once, whoever waited: %s', async (paymentToken, outcome) => {
    const { data } = await leaves(
      `mutation { placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "${paymentToken}", idempotencyKey: "end ${paymentToken}", wait: false }) { workflow { id } } }`,
      1,
      ada,
    );
    const workflowId: string = data.placeOrder.workflow.id;
    await eventually(async () => {
      const lines = (await linesIn(url)).filter(
        ({ action, subjects }) => action === 'workflow.placeOrder' && subjects.includes(workflowId),
      );
      expect(lines).toMatchObject([
        {
          actor: '1',
          client_id: 'weir-demo-app',
          outcome,
          request_id: `workflow-${workflowId.slice('Workflow:'.length)}`,
        },
      ]);
    });
  });

  test('among the others by time', async () => {
    const { data } = await leaves(`mutation { ${placing('by time')} }`, 1, ada);
    const { data: log } = await weir.ask('{ auditLog(first: 10) { nodes { action subjects at } } }', {
      token: root,
    });
    const about = log.auditLog.nodes.filter(({ subjects }: { subjects: string[] }) =>
      subjects.includes(data.placeOrder.workflow.id),
    );
    expect(about.map(({ action }: { action: string }) => action).sort()).toEqual([
      'placeOrder',
      'workflow.placeOrder',
    ]);
    const times: string[] = log.auditLog.nodes.map(({ at }: { at: string }) => at);
    expect(times).toEqual([...times].sort().reverse());
  });
});

describe('auditLog', () => {
  const page = `query ($first: Int!, $after: String) {
    auditLog(first: $first, after: $after) {
      nodes { id }
      edges { cursor node { id at actor { id name } action subjects outcome requestId } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  test('gives administrators every line once, newest first, a page at a time', async () => {
    const lines = (await linesIn(url)).map(({ id }) => `AuditEntry:${id}`).reverse();
    const found: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 50; pages += 1) {
      const { data, errors } = await weir.ask(page, { token: root, variables: { first: 7, after } });
      expect(errors).toEqual([]);
      const { edges, nodes, pageInfo } = data.auditLog;
      expect(nodes).toEqual(edges.map(({ node }: { node: { id: string } }) => ({ id: node.id })));
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      found.push(...nodes.map(({ id }: { id: string }) => id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(lines.length).toBeGreaterThan(14);
    expect(new Set(found).size).toBe(found.length);
    // A workflow that ends meanwhile is no fault of the pages.
    expect(found.filter((id) => lines.includes(id))).toEqual(lines);
  });

  test('names those who did it with one call for the whole page', async () => {
    await weir.forgetCalls();
    const { data } = await weir.ask(page, { token: root, variables: { first: 50, after: null } });
    const names = data.auditLog.edges.map(
      ({ node }: { node: { actor: { name: string } | null } }) => node.actor?.name ?? null,
    );
    expect(names).toContain('Ada Lovelace');
    expect(names).toContain(null);
    expect((await weir.allCalls()).filter((call) => call.startsWith('users'))).toHaveLength(1);
  });

  test('is refused to everybody else', async () => {
    const others = [
      [ada, 'FORBIDDEN'],
      [undefined, 'UNAUTHENTICATED'],
    ] as const;
    for (const [token, code] of others) {
      const { data, errors } = await weir.ask('{ auditLog { nodes { id } } }', { token });
      expect(data).toEqual({ auditLog: null });
      expect(errors[0]?.extensions.code).toBe(code);
    }
  });

  test('says so where the cursor is none', async () => {
    const { errors } = await weir.ask(page, { token: root, variables: { first: 1, after: "x' or 1=1" } });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
