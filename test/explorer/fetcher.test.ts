import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFetcher } from '../../explorer/src/fetcher.ts';
import type { FetcherOptions, FetcherParams } from '../../explorer/src/graphiql-types.ts';
import { createRuns } from '../../explorer/src/runs.ts';
import { createSession } from '../../explorer/src/session.ts';
import { signIn } from '../../explorer/src/sign-in.ts';
import { collected } from './collected.ts';
import { adasToken, type ExplorerWorld, startExplorerWorld } from './explorer-world.ts';
import { createMemoryStorage } from './memory-storage.ts';
import { orderPageWaterfall } from './waterfalls.ts';

let world: ExplorerWorld;
beforeAll(async () => {
  world = await startExplorerWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.seen.length = 0;
});

function setUp(url = `${world.origin}/graphql`) {
  const session = createSession(createMemoryStorage());
  const runs = createRuns();
  runs.setActiveTab('tab');
  const fetcher = createFetcher({ url, session, runs });
  const run = async (params: FetcherParams, options?: FetcherOptions) => {
    const results = await fetcher(params, options);
    if (!(Symbol.asyncIterator in results)) throw new Error('a run gives a stream');
    return collected(results);
  };
  return { session, runs, fetcher, run };
}

const orderPage = { query: 'query OrderPage { me { name } }', operationName: 'OrderPage' };
const adasName = { data: { me: { name: 'Ada Lovelace' } } };

describe('a run', () => {
  it('asks for the waterfall and reports it to the tab in front', async () => {
    const { runs, run } = setUp();
    const [result] = await run(orderPage);
    expect(result).toMatchObject({ data: { me: null }, extensions: { waterfall: { version: 1 } } });
    expect(world.seen[0]?.headers['x-weir-trace']).toBe('1');
    expect(runs.of('tab')).toMatchObject({
      last: { state: 'done', status: 200, traced: true, waterfall: { kind: 'waterfall' } },
      previous: null,
    });
  });

  it('has the waterfall before it to compare with', async () => {
    const { runs, run } = setUp();
    await run(orderPage);
    await run(orderPage);
    expect(runs.of('tab')?.previous).toEqual(orderPageWaterfall());
  });

  it('asks for none with the trace off', async () => {
    const { runs, run, session } = setUp();
    session.setTrace(false);
    const [result] = await run(orderPage);
    expect(result).not.toHaveProperty('extensions');
    expect(runs.of('tab')?.last).toMatchObject({ traced: false, waterfall: { kind: 'absent' } });
  });

  it('carries the session’s token, and what the headers editor says in its place', async () => {
    const { run, session } = setUp();
    session.adopt({ token: adasToken, name: null, expiresAt: null });
    expect(await run(orderPage)).toMatchObject([adasName]);
    await run(orderPage, { headers: { Authorization: 'Bearer other', 'X-Weir-Trace': '' } });
    expect(world.seen[1]?.headers).toMatchObject({ authorization: 'Bearer other' });
    expect(world.seen[1]?.headers).not.toHaveProperty('x-weir-trace');
    expect(session.get().signedIn).not.toBeNull();
  });

  it('runs the operation that is in the text where GraphiQL still names another', async () => {
    const { run } = setUp();
    await run({ ...orderPage, operationName: 'SignInAsAda' });
    expect(world.seen[0]?.operationName).toBe('OrderPage');
  });

  it('streams a subscription to its end', async () => {
    const { runs, run } = setUp();
    const results = await run({ query: 'subscription { countdown(from: 3) }' });
    expect(results.map((result) => result.data)).toEqual([
      { countdown: 3 },
      { countdown: 2 },
      { countdown: 1 },
    ]);
    expect(world.seen[0]?.headers.accept).toMatch(/^text\/event-stream/);
    expect(runs.of('tab')?.last.state).toBe('done');
  });

  it('ends at once when it is stopped, and hangs up', async () => {
    const { fetcher, runs } = setUp();
    const results = await fetcher({ query: 'subscription { countdown(from: 1000) }' });
    if (!(Symbol.asyncIterator in results)) throw new Error('a run gives a stream');
    const iterator = results[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await results[Symbol.asyncIterator]().return?.();
    expect((await waiting).done).toBe(true);
    expect(runs.of('tab')?.last.state).toBe('stopped');
  });

  it('says so when nobody answers', async () => {
    const { runs, run } = setUp('http://127.0.0.1:1/graphql');
    expect(JSON.parse(JSON.stringify(await run(orderPage)))).toMatchObject([
      { errors: [{ message: expect.stringContaining('could not be reached') }] },
    ]);
    expect(runs.of('tab')?.last.state).toBe('unreachable');
  });

  it.each([
    [
      'a page of HTML',
      502,
      'text/html',
      '<h1>Bad gateway</h1>',
      'HTTP 502 Bad Gateway: the endpoint sent no GraphQL result.',
    ],
    [
      'a stream that breaks off',
      200,
      'text/event-stream',
      'event: next\ndata: {"data":{"me":null}}\n\n',
      'The connection ended before the operation was complete.',
    ],
  ])('makes an error of %s', async (_, status, type, body, message) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { run } = setUp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const results = await run({ query: 'subscription { countdown(from: 3) }' });
    server.close();
    expect(results.at(-1)?.errors?.map((error) => error.message)).toEqual([message]);
  });
});

describe('the session', () => {
  const signInAs = (alias: string) => ({
    query: `mutation In { ${alias}signIn(input: { email: "ada@example.com", password: "waterfall" }) { accessToken user { name } } }`,
    operationName: 'In',
  });

  it.each(['', 'ada: '])(
    'begins with a signIn mutation that is run in the editor (alias "%s")',
    async (alias) => {
      const { run, session } = setUp();
      await run(signInAs(alias));
      expect(session.get().signedIn).toMatchObject({ name: 'Ada Lovelace', token: adasToken });
      expect(await run(orderPage)).toMatchObject([adasName]);
    },
  );

  it('ends when the gateway turns its token away', async () => {
    const { run, session } = setUp();
    session.adopt({ token: 'gone-bad', name: 'Ada', expiresAt: null });
    await run(orderPage);
    expect(session.get()).toMatchObject({ signedIn: null, notice: expect.stringContaining('sign in again') });
  });

  it('does not keep the schema from being loaded when its token is bad', async () => {
    const { fetcher, runs, session } = setUp();
    session.adopt({ token: 'gone-bad', name: 'Ada', expiresAt: null });
    const result = await fetcher({ query: getIntrospectionQuery(), operationName: 'IntrospectionQuery' });
    expect(result).toHaveProperty('data.__schema.queryType.name', 'Query');
    expect(world.seen.map((request) => request.headers.authorization)).toEqual([
      'Bearer gone-bad',
      undefined,
    ]);
    expect(runs.of('tab')).toBeNull();
  });

  it('begins with the form, which tells what went wrong', async () => {
    const url = `${world.origin}/graphql`;
    expect(await signIn(url, 'ada@example.com', 'waterfall')).toMatchObject({
      signedIn: { name: 'Ada Lovelace' },
    });
    expect(await signIn(url, 'ada@example.com', 'wrong')).toEqual({
      problem: 'Nobody has this e-mail and password.',
    });
    expect(await signIn('http://127.0.0.1:1/', 'a', 'b')).toEqual({
      problem: 'The gateway could not be reached.',
    });
  });
});
