import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccountDocument,
  CancelOrderDocument,
  FlightSearchDocument,
  OrderScreenDocument,
  PlaceOrderDocument,
  ProductScreenDocument,
  SignInDocument,
  WorkflowProgressDocument,
} from '../../client/src/generated/graphql.ts';
import {
  createWeirClient,
  newIdempotencyKey,
  type TypedDocument,
  type WeirClientOptions,
  WeirError,
} from '../../client/src/index.ts';
import { serve } from '../http/rest-server.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { events, type FakeWeir, failure, hangUp, json, startFakeWeir } from './fake-weir.ts';

const quick = { baseMs: 1 };
const clientOf = ({ url }: FakeWeir, options: Partial<WeirClientOptions> = {}) =>
  createWeirClient({ url, retry: quick, reconnect: quick, ...options });
const product = json({ data: { me: null, product: null } });
const state = (revision: number, status = 'RUNNING') => ({
  data: { workflow: { id: 'w', revision, status } },
});
const caught = (promise: Promise<unknown>): Promise<WeirError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => (error instanceof WeirError ? error : Promise.reject(error)),
  );

describe('the client and a whole Weir', () => {
  let database: TestDatabase;
  let weir: Weir;
  let url: string;
  beforeAll(async () => {
    database = await startTestDatabase();
    weir = await startWeir({ DATABASE_URL: await database.fresh() }, { durable: true });
    url = `${weir.url}/graphql`;
  });
  afterAll(async () => {
    await weir?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  it('signs in, reads, shows the waterfall, and keeps what could be had beside the errors', async () => {
    const session: { token: string | null } = { token: null };
    const client = createWeirClient({ url, token: () => session.token });

    const refused = await client.mutate(SignInDocument, { email: 'ada@example.com', password: 'wrong' });
    expect(refused.data.signIn.problems).toMatchObject([{ __typename: 'InvalidCredentials' }]);
    const signedIn = await client.mutate(SignInDocument, { email: 'ada@example.com', password: 'waterfall' });
    session.token = signedIn.data.signIn.accessToken ?? null;

    const whole = await client.query(AccountDocument, { orders: 3 }, { trace: true });
    expect(whole.errors).toEqual([]);
    expect(whole.data.me?.orders?.nodes).toHaveLength(3);
    expect(whole.data.me?.orders?.nodes.some(({ payment }) => payment)).toBe(true);
    expect(whole.waterfall).toMatchObject({ version: 1 });
    expect((await client.query(AccountDocument, { orders: 3 })).waterfall).toBeNull();

    await weir.fault('payments', { mode: 'reset' });
    const partial = await client.query(AccountDocument, { orders: 3 });
    await weir.fault('payments', null);
    expect(partial.data.me?.orders?.nodes).toHaveLength(3);
    expect(partial.data.me?.orders?.nodes.some(({ payment }) => payment)).toBe(false);
    expect(partial.errors[0]).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(partial.errors[0]?.path.slice(0, 3)).toEqual(['me', 'orders', 'nodes']);
    expect(partial.errors[0]?.requestId).toBe(partial.requestId);

    const bad = createWeirClient({ url, token: () => 'forged' });
    expect(await caught(bad.query(AccountDocument))).toMatchObject({
      code: 'UNAUTHENTICATED',
      retryable: false,
    });
  });

  it('buys once, however often it asks, and follows what it has begun to its end', async () => {
    const token = await weir.signIn();
    const client = createWeirClient({ url, token: () => token });
    const input = { items: [{ productId: 'Product:20', quantity: 1 }], paymentToken: 'tok_ok', wait: false };
    const idempotencyKey = newIdempotencyKey();
    const first = await client.mutate(PlaceOrderDocument, input, { idempotencyKey });
    const again = await client.mutate(PlaceOrderDocument, input, { idempotencyKey });
    const id = first.data.placeOrder.workflow?.id ?? '';
    expect(again.data.placeOrder.workflow?.id).toBe(id);
    const states: (readonly [number, string])[] = [];
    for await (const { data } of client.subscribe(WorkflowProgressDocument, { id })) {
      if (data.workflow) states.push([data.workflow.revision, data.workflow.status]);
    }
    expect(states.at(-1)?.[1]).toBe('SUCCEEDED');
    expect(states.map(([revision]) => revision)).toEqual(
      states.map(([revision]) => revision).toSorted((a, b) => a - b),
    );
    const other = await client.mutate(
      PlaceOrderDocument,
      { ...input, paymentToken: 'tok_flaky' },
      { idempotencyKey },
    );
    expect(other.data.placeOrder.problems).toMatchObject([{ __typename: 'IdempotencyConflict' }]);
  });

  it('gives an answer in parts as they come: flights before prices, and a list item by item', async () => {
    const client = createWeirClient({ url });
    await weir.fault('pricing', { latencyMs: 400 });
    const date = new Date(Date.now() + 6 * 86_400_000).toISOString().slice(0, 10);
    const search = { origin: 'LHR', destination: 'JFK', date };
    const priced: (number | undefined)[] = [];
    const complete: boolean[] = [];
    const waterfalls: unknown[] = [];
    for await (const part of client.stream(
      FlightSearchDocument,
      { search, passengers: 1 },
      { trace: true },
    )) {
      waterfalls.push(part.waterfall);
      priced.push(part.data.flights?.nodes.filter(({ offer }) => offer).length);
      complete.push(part.complete);
    }
    await weir.fault('pricing', null);
    expect(priced[0]).toBe(0);
    expect(priced.at(-1)).toBeGreaterThanOrEqual(5);
    expect([complete[0], complete.at(-1)]).toEqual([false, true]);
    expect(waterfalls[0]).toBeNull();
    expect(waterfalls.at(-1)).toMatchObject({
      calls: expect.arrayContaining([
        expect.objectContaining({ backend: 'pricing', source: 'network', wave: 2 }),
      ]),
    });

    const text = '{ products(first: 4) { nodes @stream(initialCount: 1) { id name stock { available } } } }';
    const streamed: TypedDocument<{ products: { nodes: { id: string; stock: object }[] } }, object> = text;
    const lengths: number[] = [];
    for await (const { data } of client.stream(streamed)) lengths.push(data.products.nodes.length);
    expect([lengths[0], lengths.at(-1)]).toEqual([1, 4]);
  });

  it('takes no longer than it was given', async () => {
    const client = createWeirClient({ url });
    await weir.fault('inventory', { mode: 'hang' });
    const { data, errors } = await client.query(
      ProductScreenDocument,
      { id: 'Product:40' },
      { timeoutMs: 300 },
    );
    await weir.fault('inventory', null);
    expect(data.product).toMatchObject({ id: 'Product:40', stock: null });
    expect(errors.map(({ code }) => code)).toEqual([
      expect.stringMatching(/UPSTREAM_TIMEOUT|DEADLINE_EXCEEDED/),
    ]);
  });

  it('calls off what nobody wants any more, down to the backend', async () => {
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    await using backend = await serve((_, response) => {
      response.once('close', left.resolve);
      arrived.resolve();
    });
    await using silent = await startWeir({ PRODUCTS_URL: backend.url });
    const client = createWeirClient({ url: `${silent.url}/graphql` });
    const off = new AbortController();
    const asked = caught(client.query(ProductScreenDocument, { id: 'Product:1' }, { signal: off.signal }));
    await arrived.promise;
    const startedAt = performance.now();
    off.abort();
    expect((await asked).code).toBe('ABORTED');
    await left.promise;
    // The backend's own time limit is far off.
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('the client and repeats', () => {
  it('repeats a read that failed for a while, and no more often than it was told', async () => {
    await using once = await startFakeWeir(failure('UPSTREAM_UNAVAILABLE', true), hangUp, product);
    await clientOf(once).query(ProductScreenDocument, { id: 'x' });
    expect(once.seen).toHaveLength(3);

    await using always = await startFakeWeir(failure('OVERLOADED', true));
    const error = await caught(clientOf(always).query(ProductScreenDocument, { id: 'x' }));
    expect(error).toMatchObject({ code: 'OVERLOADED', requestId: 'r-2' });
    expect(always.seen).toHaveLength(3);
  });

  it('does not repeat what would fail again', async () => {
    await using weir = await startFakeWeir(failure('GRAPHQL_VALIDATION_FAILED', false));
    await caught(clientOf(weir).query(ProductScreenDocument, { id: 'x' }));
    expect(weir.seen).toHaveLength(1);
  });

  it('waits as long as it is asked to, and hands on what it would wait too long for', async () => {
    await using soon = await startFakeWeir(failure('RATE_LIMITED', true, { retryAfter: 0.2 }), product);
    const startedAt = performance.now();
    await clientOf(soon).query(ProductScreenDocument, { id: 'x' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);

    await using late = await startFakeWeir(failure('RATE_LIMITED', true, { retryAfter: 60 }));
    expect(await caught(clientOf(late).query(ProductScreenDocument, { id: 'x' }))).toMatchObject({
      retryAfter: 60,
    });
    expect(late.seen).toHaveLength(1);
  });

  it('keeps the key of a write over its repeats, and gives it with the error', async () => {
    await using weir = await startFakeWeir(hangUp, failure('WORKFLOWS_UNAVAILABLE', true));
    const error = await caught(clientOf(weir).mutate(CancelOrderDocument, { orderId: 'x' }));
    const keys = weir.seen.map(({ body }) => body.variables?.idempotencyKey);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys)).toEqual(new Set([error.idempotencyKey]));

    await caught(
      clientOf(weir).mutate(CancelOrderDocument, { orderId: 'x' }, { idempotencyKey: String(keys[0]) }),
    );
    expect(weir.seen.at(-1)?.body.variables?.idempotencyKey).toBe(keys[0]);
  });

  it('makes another key for another write', async () => {
    await using weir = await startFakeWeir(json({ data: { cancelOrder: { problems: [] } } }));
    for (const orderId of ['a', 'b']) await clientOf(weir).mutate(CancelOrderDocument, { orderId });
    const [first, second] = weir.seen.map(({ body }) => body.variables?.idempotencyKey);
    expect(first).not.toBe(second);
  });

  it('sends a write without a key once', async () => {
    await using weir = await startFakeWeir(failure('UPSTREAM_UNAVAILABLE', true));
    await caught(clientOf(weir).mutate(SignInDocument, { email: 'e', password: 'p' }));
    expect(weir.seen).toHaveLength(1);
    expect(weir.seen[0]?.body.variables).not.toHaveProperty('idempotencyKey');
  });

  it('knows an answer that is no GraphQL', async () => {
    await using proxy = await startFakeWeir(
      (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway'),
      product,
    );
    await clientOf(proxy).query(ProductScreenDocument, { id: 'x' });
    await using page = await startFakeWeir((response) => void response.writeHead(200).end('<h1>Hello'));
    expect(await caught(clientOf(page).query(ProductScreenDocument, { id: 'x' }))).toMatchObject({
      code: 'NOT_GRAPHQL',
      retryable: false,
    });
  });
});

describe('the client and trusted documents', () => {
  it('sends the hash, and the text where the hash is not known', async () => {
    await using weir = await startFakeWeir(failure('PERSISTED_QUERY_NOT_FOUND', true), product);
    const client = clientOf(weir, { documents: 'hash' });
    await client.query(ProductScreenDocument, { id: 'x' });
    const hash = String(ProductScreenDocument.__meta__?.hash).replace('sha256:', '');
    expect(weir.seen[0]?.body).toEqual({
      variables: { id: 'x' },
      extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
    });
    expect(weir.seen[1]?.body).toEqual({ query: ProductScreenDocument.toString(), variables: { id: 'x' } });
    // It does not ask for the hash again.
    await client.query(ProductScreenDocument, { id: 'y' });
    expect(weir.seen).toHaveLength(3);
    expect(weir.seen[2]?.body).toEqual({ query: ProductScreenDocument.toString(), variables: { id: 'y' } });
  });

  it('never sends a text where that is wanted', async () => {
    await using weir = await startFakeWeir(failure('PERSISTED_QUERY_NOT_FOUND', true));
    await caught(clientOf(weir, { documents: 'hash-only' }).query(ProductScreenDocument, { id: 'x' }));
    expect(weir.seen).toHaveLength(1);
    expect(weir.seen[0]?.body).not.toHaveProperty('query');
  });
});

describe('the documents of the client, where no others may run', () => {
  it.each(['hash-only', 'hash'] as const)('are trusted since they were built: %s', async (documents) => {
    await using weir = await startWeir({ PERSISTED_ONLY: 'true' });
    const token: { value: string | null } = { value: null };
    const client = createWeirClient({
      url: `${weir.url}/graphql`,
      documents,
      token: () => token.value,
      retry: { retries: 0 },
      reconnect: { retries: 0 },
    });
    const { data } = await client.mutate(SignInDocument, {
      email: 'ada@example.com',
      password: 'waterfall',
    });
    token.value = data.signIn.accessToken ?? null;
    expect((await client.query(ProductScreenDocument, { id: 'Product:1' })).data.product?.id).toBe(
      'Product:1',
    );
    const parts: boolean[] = [];
    for await (const part of client.stream(OrderScreenDocument, { id: 'Order:1' })) parts.push(part.complete);
    expect(parts.at(-1)).toBe(true);
    // There are no workflows here; being refused for that, it was let in.
    const followed = client.subscribe(WorkflowProgressDocument, { id: 'Workflow:1' }).next();
    expect(await caught(followed.then(() => {}))).toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE' });

    const own: TypedDocument<object, object> = '{ __typename }';
    expect(await caught(client.query(own))).toMatchObject({ code: 'PERSISTED_OPERATION_REQUIRED' });
  });
});

describe('the client and subscriptions', () => {
  const follow = async (weir: FakeWeir, options: Partial<WeirClientOptions> = {}) => {
    const revisions: (number | undefined)[] = [];
    for await (const { data } of clientOf(weir, options).subscribe(WorkflowProgressDocument, { id: 'w' })) {
      revisions.push(data.workflow?.revision);
    }
    return revisions;
  };

  it('mends a connection that broke, and tells no state twice or out of order', async () => {
    await using weir = await startFakeWeir(
      events([state(1), state(2)], 'break'),
      hangUp,
      events([state(2), state(1), state(5, 'SUCCEEDED')], 'complete'),
    );
    expect(await follow(weir)).toEqual([1, 2, 5]);
    expect(weir.seen).toHaveLength(3);
    expect(weir.seen[0]?.headers.accept).toContain('text/event-stream');
  });

  it('gives up after as many breaks in a row as it was told', async () => {
    await using weir = await startFakeWeir(hangUp);
    expect(await caught(follow(weir, { reconnect: { baseMs: 1, retries: 3 } }))).toMatchObject({
      code: 'NETWORK_FAILED',
    });
    expect(weir.seen).toHaveLength(4);
  });

  it('says so where the platform cannot stream, and reads and writes there all the same', async () => {
    await using weir = await startFakeWeir(events([state(1)], 'complete'), product);
    // As React Native's: no body, only the whole text.
    const whole: typeof fetch = async (address, init) => {
      const { status, headers, ...response } = await fetch(address, init).then(async (answer) => ({
        status: answer.status,
        headers: answer.headers,
        text: await answer.text(),
      }));
      return Object.assign(new Response(null, { status, headers }), { text: async () => response.text });
    };
    const error = await caught(follow(weir, { fetch: whole }));
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', retryable: false });
    expect(error.message).toContain('does not stream');
    await clientOf(weir, { fetch: whole }).query(ProductScreenDocument, { id: 'x' });
  });

  it('ends with the error that it was refused with', async () => {
    await using weir = await startFakeWeir(failure('UNAUTHENTICATED', false));
    expect(await caught(follow(weir))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(weir.seen).toHaveLength(1);
  });

  it('closes the connection when the reader leaves', async () => {
    const closed = Promise.withResolvers<void>();
    await using weir = await startFakeWeir((response) => {
      response.once('close', closed.resolve);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: next\ndata: ${JSON.stringify(state(1))}\n\n`);
    });
    for await (const { data } of clientOf(weir).subscribe(WorkflowProgressDocument, { id: 'w' })) {
      expect(data.workflow?.revision).toBe(1);
      break;
    }
    await closed.promise;
  });
});
