import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { getStored } from '../server/stored-gets.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { eventually } from './eventually.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
let weir: Weir;
let ada: string;
let grace: string;
let root: string;

beforeAll(async () => {
  database = await startTestDatabase();
  weir = await startWeir({ DATABASE_URL: await database.fresh() }, { durable: true });
  [ada, grace, root] = (await Promise.all(
    ['ada', 'grace', 'root'].map((name) => weir.signIn(`${name}@example.com`)),
  )) as [string, string, string];
});
afterAll(async () => {
  await weir[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const workflowFields = `
  id name status revision waitingFor startedAt finishedAt
  steps { name status attempts error }
  problems { __typename code message path ... on OutOfStock { available product { id } } ... on PaymentDeclined { reason } ... on StepFailed { step } }
  subject { __typename id }
  startedBy { id }
`;
const placeOrder = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id status total { amount currency } items { quantity product { id } } payment { status } }
    workflow { ${workflowFields} }
    problems { __typename code path }
  }
}`;
let keys = 0;
const newKey = () => {
  keys += 1;
  return `key-${keys}`;
};
const order = async (input: Record<string, unknown>, token: string | undefined = ada) => {
  const answer = await weir.ask(placeOrder, {
    token,
    variables: {
      input: {
        items: [{ productId: 'Product:1', quantity: 1 }],
        paymentToken: 'tok_ok',
        idempotencyKey: newKey(),
        ...input,
      },
    },
  });
  return { ...answer, payload: answer.data?.placeOrder };
};

describe('placeOrder', () => {
  test('answers with the confirmed order and the workflow that made it', async () => {
    const { payload, errors } = await order({ items: [{ productId: 'Product:1', quantity: 2 }] });
    expect(errors).toEqual([]);
    expect(payload).toMatchObject({
      order: {
        status: 'CONFIRMED',
        total: { currency: 'EUR' },
        items: [{ quantity: 2, product: { id: 'Product:1' } }],
        payment: { status: 'CAPTURED' },
      },
      workflow: {
        name: 'placeOrder',
        status: 'SUCCEEDED',
        startedBy: { id: 'User:1' },
        subject: { __typename: 'Order' },
      },
      problems: [],
    });
    expect(payload.workflow.subject.id).toBe(payload.order.id);
  });

  test('answers a declined payment with the problem and no order', async () => {
    const { payload } = await order({ paymentToken: 'tok_declined' });
    expect(payload).toMatchObject({
      order: null,
      workflow: {
        status: 'COMPENSATED',
        problems: [{ __typename: 'PaymentDeclined', reason: 'card-declined' }],
      },
      problems: [{ __typename: 'PaymentDeclined', code: 'PAYMENT_DECLINED' }],
    });
  });

  test('answers at once where nobody waits', async () => {
    const { payload } = await order({ wait: false });
    expect(payload).toMatchObject({ order: null, workflow: { status: 'RUNNING' }, problems: [] });
    await eventually(async () => {
      const { data } = await weir.ask(`query ($id: ID!) { workflow(id: $id) { status } }`, {
        token: ada,
        variables: { id: payload.workflow.id },
      });
      expect(data.workflow.status).toBe('SUCCEEDED');
    });
  });

  test('answers with the running workflow when the time is up', async () => {
    await weir.fault('payments', { latencyMs: 1500 });
    const answer = await weir.ask(placeOrder, {
      token: ada,
      headers: { 'x-weir-timeout-ms': '700' },
      variables: {
        input: {
          items: [{ productId: 'Product:1', quantity: 1 }],
          paymentToken: 'tok_ok',
          idempotencyKey: newKey(),
        },
      },
    });
    await weir.fault('payments', null);
    expect(answer.data.placeOrder).toMatchObject({ workflow: { status: 'RUNNING' }, problems: [] });
  });

  test('answers a repeat alike, and refuses the key for something else', async () => {
    const idempotencyKey = newKey();
    const all = await Promise.all(Array.from({ length: 20 }, () => order({ idempotencyKey })));
    expect(new Set(all.map(({ payload }) => payload.order.id)).size).toBe(1);
    const { payload } = await order({ idempotencyKey, paymentToken: 'tok_flaky' });
    expect(payload).toMatchObject({
      order: null,
      workflow: null,
      problems: [{ __typename: 'IdempotencyConflict', path: ['idempotencyKey'] }],
    });
    expect((await order({ idempotencyKey }, grace)).payload.order.id).not.toBe(all[0]?.payload.order.id);
  });

  test.each([
    [{ items: [] }, 'InvalidInput', ['items']],
    [{ items: [{ productId: 'Product:1', quantity: 0 }] }, 'InvalidInput', ['items', '0', 'quantity']],
    [{ items: [{ productId: 'Order:1', quantity: 1 }] }, 'NotFound', ['items', '0', 'productId']],
    [{ items: [{ productId: 'Product:none', quantity: 1 }] }, 'NotFound', ['items', '0', 'productId']],
    [{ idempotencyKey: '' }, 'InvalidInput', ['idempotencyKey']],
    [{ paymentToken: '' }, 'InvalidInput', ['paymentToken']],
  ])('says what is wrong with an input: %#', async (input, type, path) => {
    const { payload } = await order(input);
    expect(payload.order).toBe(null);
    expect(payload.problems).toMatchObject([{ __typename: type, path }]);
  });

  test('wants somebody to be signed in', async () => {
    const { errors } = await order({}, undefined as unknown as string).then(() =>
      weir.ask(placeOrder, {
        variables: {
          input: {
            items: [{ productId: 'Product:1', quantity: 1 }],
            paymentToken: 'tok_ok',
            idempotencyKey: newKey(),
          },
        },
      }),
    );
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('workflows are seen', () => {
  test('by whoever started them and by administrators, and look like nothing to others', async () => {
    const { payload } = await order({});
    const ask = (token: string | undefined) =>
      weir.ask(`query ($id: ID!) { workflow(id: $id) { name } node(id: $id) { id } }`, {
        token,
        variables: { id: payload.workflow.id },
      });
    expect((await ask(ada)).data).toEqual({
      workflow: { name: 'placeOrder' },
      node: { id: payload.workflow.id },
    });
    expect((await ask(root)).data.workflow).toEqual({ name: 'placeOrder' });
    for (const token of [grace, undefined]) {
      const { data, errors } = await ask(token);
      expect(data).toEqual({ workflow: null, node: null });
      expect(errors).toEqual([]);
    }
  });

  test('in lists: one’s own, and everybody’s for administrators', async () => {
    const mine = `{ me { workflows(first: 2) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } } }`;
    const { data } = await weir.ask(mine, { token: ada });
    expect(data.me.workflows.nodes).toHaveLength(2);
    expect(data.me.workflows.pageInfo.hasNextPage).toBe(true);
    const all = `{ workflows(first: 5, name: "placeOrder", status: SUCCEEDED) { nodes { name status } } }`;
    expect((await weir.ask(all, { token: root })).data.workflows.nodes).toContainEqual({
      name: 'placeOrder',
      status: 'SUCCEEDED',
    });
    expect((await weir.ask(all, { token: ada })).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const theirs = `{ user(id: "User:1") { workflows { totalCount } } }`;
    expect((await weir.ask(theirs, { token: grace })).errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('a subscription', () => {
  const watch = `subscription ($id: ID!) { workflow(id: $id) { status revision subject { id } steps { name status } } }`;

  /** Every state that a stream of server-sent events brings, to its end. */
  const overEvents = async (id: string, token: string): Promise<{ status: string; revision: number }[]> => {
    const response = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: watch, variables: { id } }),
    });
    const lines = (await response.text()).split('\n');
    return lines
      .filter((line) => line.startsWith('data:') && line.includes('"data"'))
      .map((line) => JSON.parse(line.slice(5)).data.workflow);
  };

  /** The same over a WebSocket. */
  const overSocket = (id: string, token: string): Promise<{ status: string; revision: number }[]> =>
    new Promise((resolve, reject) => {
      const seen: { status: string; revision: number }[] = [];
      const client = createClient({
        url: `${weir.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
      });
      const end = (done: () => void) => {
        void client.dispose();
        done();
      };
      client.subscribe<{ workflow: { status: string; revision: number } }>(
        { query: watch, variables: { id } },
        {
          next: ({ data }) => void (data && seen.push(data.workflow)),
          error: (error) => end(() => reject(error)),
          complete: () => end(() => resolve(seen)),
        },
      );
    });

  test.each([
    ['server-sent events', overEvents],
    ['a WebSocket', overSocket],
  ])('over %s gives the state, then each change, and ends with the workflow', async (_, listen) => {
    await weir.fault('payments', { latencyMs: 400 });
    const { payload } = await order({ wait: false });
    const seen = await listen(payload.workflow.id, ada);
    await weir.fault('payments', null);
    expect(seen.at(-1)?.status).toBe('SUCCEEDED');
    expect(seen.length).toBeGreaterThan(1);
    const revisions = seen.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    expect(await listen(payload.workflow.id, grace)).toEqual([null]);
  });
});

describe('a decision', () => {
  test('is waited for above 5,000 EUR, found by administrators, and theirs alone to make', async () => {
    const { data } = await weir.ask(
      '{ products(first: 100, sort: PRICE_DESC) { nodes { id price { amount } stock { available } } } }',
    );
    const { id, price } = data.products.nodes.find(
      (product: { stock: { available: number } | null }) => (product.stock?.available ?? 0) > 1000,
    );
    const quantity = Math.ceil(5001 / Number(price.amount));
    const { payload } = await order({ items: [{ productId: id, quantity }] });
    expect(payload).toMatchObject({
      order: { status: 'PENDING' },
      workflow: { status: 'WAITING' },
      problems: [],
    });
    const workflowId = payload.workflow.id;
    const waiting = await weir.ask('{ workflows(status: WAITING, name: "placeOrder") { nodes { id } } }', {
      token: root,
    });
    expect(waiting.data.workflows.nodes).toContainEqual({ id: workflowId });
    const decide = `mutation ($input: DecideInput!) { decide(input: $input) { workflow { status } problems { __typename } } }`;
    const say = (approve: boolean, token: string) =>
      weir.ask(decide, { token, variables: { input: { workflowId, approve } } });
    expect((await say(true, ada)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await say(false, root)).data.decide.problems).toEqual([]);
    expect((await say(true, root)).data.decide.problems).toEqual([{ __typename: 'AlreadyDecided' }]);
    await eventually(async () => {
      const after = await weir.ask(`query ($id: ID!) { workflow(id: $id) { status problems { code } } }`, {
        token: ada,
        variables: { id: workflowId },
      });
      expect(after.data.workflow).toEqual({ status: 'CANCELLED', problems: [{ code: 'NOT_APPROVED' }] });
    });
  });
});

describe('cancelling', () => {
  const cancel = `mutation ($input: CancelOrderInput!) {
    cancelOrder(input: $input) { order { status payment { status } } workflow { status } problems { __typename path } }
  }`;

  test('pays an order back; it is the owner’s and administrators’ to do', async () => {
    const { payload } = await order({});
    const orderId = payload.order.id;
    const ask = (token: string) =>
      weir.ask(cancel, { token, variables: { input: { orderId, idempotencyKey: newKey() } } });
    expect((await ask(grace)).data.cancelOrder).toEqual({
      order: null,
      workflow: null,
      problems: [{ __typename: 'NotFound', path: ['orderId'] }],
    });
    expect((await ask(root)).data.cancelOrder).toMatchObject({
      order: { status: 'CANCELLED', payment: { status: 'REFUNDED' } },
      workflow: { status: 'SUCCEEDED' },
      problems: [],
    });
    expect((await ask(ada)).data.cancelOrder.problems).toEqual([{ __typename: 'NotCancellable', path: [] }]);
  });
});

describe('register', () => {
  const register = `mutation ($input: RegisterInput!) {
    register(input: $input) { user { id name } workflow { name } problems { __typename path } }
  }`;

  test('makes an account once a key, and refuses a taken address', async () => {
    const input = { name: 'Alan', email: 'alan@example.com', password: 'enigma-1912', idempotencyKey: 'r1' };
    const ask = (changes: object) => weir.ask(register, { variables: { input: { ...input, ...changes } } });
    const first = (await ask({})).data.register;
    expect(first).toMatchObject({ user: { name: 'Alan' }, workflow: { name: 'register' }, problems: [] });
    expect((await ask({})).data.register.user).toEqual(first.user);
    expect((await ask({ password: 'something-else' })).data.register.problems).toMatchObject([
      { __typename: 'IdempotencyConflict' },
    ]);
    expect((await ask({ idempotencyKey: 'r2' })).data.register.problems).toMatchObject([
      { __typename: 'EmailTaken' },
    ]);
    expect((await ask({ email: 'no', password: 'short' })).data.register.problems).toEqual([
      { __typename: 'InvalidInput', path: ['email'] },
      { __typename: 'InvalidInput', path: ['password'] },
    ]);
  });

  test('welcomes whoever has an account now, once', async () => {
    const input = { name: 'Joan', email: 'joan@example.com', password: 'waterfall', idempotencyKey: 'j1' };
    const { user } = (await weir.ask(register, { variables: { input } })).data.register;
    await weir.ask(register, { variables: { input } });
    const token = await weir.signIn(input.email);
    await eventually(async () => {
      const { data } = await weir.ask('{ me { workflows(first: 5) { nodes { name status } } } }', { token });
      expect(data.me.workflows.nodes).toEqual([{ name: 'register', status: 'SUCCEEDED' }]);
    });
    const ledger = await fetch(`${weir.backends.notifications}/_demo/ledger`);
    const subject = `users/${user.id.replace('User:', '')}`;
    expect((await ledger.json()).filter((row: { subject: string }) => row.subject === subject)).toMatchObject(
      [{ kind: 'message.sent' }],
    );
  });
});

describe('importProducts', () => {
  test('takes a catalogue in, for administrators', async () => {
    const ask = (token: string) =>
      weir.ask(
        `mutation ($csv: String!) { importProducts(input: { csv: $csv, idempotencyKey: "i1" }) { workflow { id } problems { __typename } } }`,
        { token, variables: { csv: 'id,name,category,price\nweir-1,Weir,Rivers,12.50\nweir-2,,Rivers,1' } },
      );
    expect((await ask(ada)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const { id } = (await ask(root)).data.importProducts.workflow;
    await eventually(async () => {
      const { data } = await weir.ask(
        `query ($id: ID!) { workflow(id: $id) { status progress { done total } problems { message } } }`,
        { token: root, variables: { id } },
      );
      expect(data.workflow).toEqual({
        status: 'SUCCEEDED',
        progress: { done: 1, total: 1 },
        problems: [{ message: 'Line 3: name must not be empty.' }],
      });
    });
    const { data } = await weir.ask('{ product(id: "Product:weir-1") { name price { amount } } }');
    expect(data.product).toEqual({ name: 'Weir', price: { amount: '12.50' } });
  });

  test('takes an uploaded one, from administrators, as CSV', async () => {
    const upload = (token: string | null, type = 'text/csv', body = 'name,category,price\nBoat,Rivers,99') =>
      fetch(`${weir.url}/uploads`, {
        method: 'POST',
        headers: { 'content-type': type, ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body,
      });
    expect((await upload(null)).status).toBe(401);
    expect((await upload(ada)).status).toBe(403);
    expect((await upload(root, 'application/json')).status).toBe(415);
    expect((await fetch(`${weir.url}/uploads`)).status).toBe(405);
    const answer = await upload(root);
    expect(answer.status).toBe(201);
    const { uploadId } = (await answer.json()) as { uploadId: string };
    const { data } = await weir.ask(
      `mutation ($uploadId: String!) { importProducts(input: { uploadId: $uploadId, idempotencyKey: "u1" }) { workflow { id } problems { __typename } } }`,
      { token: root, variables: { uploadId } },
    );
    await eventually(async () => {
      const seen = await weir.ask(`query ($id: ID!) { workflow(id: $id) { status progress { done } } }`, {
        token: root,
        variables: { id: data.importProducts.workflow.id },
      });
      expect(seen.data.workflow).toEqual({ status: 'SUCCEEDED', progress: { done: 1 } });
    });
  });
});

test('no answer that has read workflows is kept by anybody, since their rows do not say for how long they hold', async () => {
  const query = '{ product(id: "Product:1") { id name } workflow(id: "Workflow:none") { id } }';
  const { body, control } = await getStored(weir.url, query, { token: ada });
  expect(JSON.parse(body)).toMatchObject({ data: { product: { id: 'Product:1' }, workflow: null } });
  expect(control).toBe('no-store');
});
