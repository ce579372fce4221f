import { describe, expect, it } from 'vitest';
import type { CacheAnswer } from '../../../src/http/cache/cache-answer.ts';
import { createHttpCache, type SendOptions } from '../../../src/http/cache/http-cache.ts';
import type { Fields } from '../../../src/http/cache/stored-fields.ts';

const start = Date.UTC(2026, 0, 1);

/** A cache on a virtual clock, and an origin that counts what it is asked. */
function open(options: { heuristicFraction?: number; maxBytes?: number } = {}) {
  let now = start;
  const asked: { method: string; url: string; fields: Fields }[] = [];
  const cache = createHttpCache<string>({
    maxBytes: 1_000_000,
    emptyBody: '',
    slice: (body, from, to) => body.slice(from, to),
    now: () => now,
    ...options,
  });
  const it = {
    cache,
    asked,
    fields: {} as Record<string, string | string[]>,
    status: 200,
    body: 'body',
    fails: false,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    date: (secondsAhead = 0) => new Date(now + secondsAhead * 1000).toUTCString(),
    async origin(request: { method: string; url: string; fields: Fields }): Promise<CacheAnswer<string>> {
      asked.push(request);
      const { status, fields, body } = it;
      if (it.fails) throw new Error('no answer');
      return { status, fields: { date: it.date(), ...fields }, body, bytes: body.length };
    },
    async read(
      fields: Fields = {},
      { url = '/a', method = 'GET', ...rest }: { url?: string; method?: string } & SendOptions<string> = {},
    ) {
      return cache.send({ method, url, fields }, it.origin, rest);
    },
  };
  return it;
}

type Origin = ReturnType<typeof open>;

/** Whether a second read, so many seconds after the first, is answered without the origin. */
async function isReused(it: Origin, seconds: number, fields: Fields = {}): Promise<boolean> {
  const answer = it.read(fields);
  await answer;
  it.pass(seconds);
  const before = it.asked.length;
  await it.read(fields);
  return it.asked.length === before;
}

describe('an answer is used again', () => {
  it.each([
    ['max-age=10', 9, true],
    ['max-age=10', 10, false],
    ['MAX-AGE=10', 9, true],
    ['max-age="10"', 9, true],
    ['max-age=010', 9, true],
    ['max-age=99999999999', 1_000_000, true],
    ['max-age=-10', 0, false],
    ['max-age=10.5', 0, false],
    ["max-age='10'", 0, false],
    ['max-age', 0, false],
    ['max-age =10', 0, false],
    ['x="max-age=100", max-age=1', 2, false],
    ['max-age=1, x="a, max-age=100"', 2, false],
    ['max-age=100, max-age=1', 2, false],
    ['s-maxage=10, max-age=1', 9, true],
    ['s-maxage=1, max-age=10', 9, false],
    ['no-store, max-age=10', 0, false],
    ['private, max-age=10', 0, false],
    ['private="x-name", max-age=10', 0, false],
    ['no-cache, max-age=10', 0, false],
    ['no-store, must-understand, max-age=10', 9, true],
    ['foo, max-age=10, bar="a,b"', 9, true],
    ['', 0, false],
  ])('with `Cache-Control: %s` after %i s: %s', async (field, seconds, reused) => {
    const it = open();
    it.fields = { 'cache-control': field };
    expect(await isReused(it, seconds)).toBe(reused);
  });

  it.each([
    ['in the future', (it: Origin) => it.date(10), 9, true],
    ['that has passed', (it: Origin) => it.date(10), 11, false],
    ['in the form of RFC 850', () => 'Friday, 02-Jan-26 00:00:00 GMT', 9, true],
    ['in the form of asctime', () => 'Fri Jan  2 00:00:00 2026', 9, true],
    ['of 0', () => '0', 0, false],
    ['without a zone', () => 'Fri, 02 Jan 2026 00:00:00', 0, false],
    ['in another zone', () => 'Fri, 02 Jan 2026 00:00:00 CET', 0, false],
  ])('with an `Expires` %s', async (_what, expires, seconds, reused) => {
    const it = open();
    it.fields = { expires: expires(it) };
    expect(await isReused(it, seconds)).toBe(reused);
  });

  it.each([
    ['5', 4, true],
    ['5', 5, false],
    ['0, 100', 9, true],
    ['old', 9, true],
  ])('with `Age: %s` after %i s of 10: %s', async (age, seconds, reused) => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10', age };
    expect(await isReused(it, seconds)).toBe(reused);
  });

  it('for no longer than its `Date` says that it is fresh', async () => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10', date: it.date(-8) };
    expect(await isReused(it, 4)).toBe(false);
  });

  it('by a guess only where that was allowed', async () => {
    const fields = { 'last-modified': new Date(start - 1000 * 1000).toUTCString() };
    const careful = open();
    careful.fields = fields;
    expect(await isReused(careful, 1)).toBe(false);
    const guessing = open({ heuristicFraction: 0.1 });
    guessing.fields = fields;
    expect(await isReused(guessing, 99)).toBe(true);
    expect(await isReused(guessing, 101)).toBe(false);
  });

  it('for a request with credentials only where it says so', async () => {
    for (const [field, reused] of [
      ['max-age=10', false],
      ['public, max-age=10', true],
      ['must-revalidate, max-age=10', true],
      ['s-maxage=10', true],
    ] as const) {
      const it = open();
      it.fields = { 'cache-control': field };
      expect(await isReused(it, 1, { authorization: 'Bearer x' }), field).toBe(reused);
    }
  });

  it('until the store is full, the least recently used leaving first', async () => {
    const it = open({ maxBytes: 5000 });
    it.fields = { 'cache-control': 'max-age=10' };
    it.body = 'x'.repeat(1800);
    for (const url of ['/a', '/b', '/a', '/c', '/a', '/b']) await it.read({}, { url });
    expect(it.asked.map(({ url }) => url)).toEqual(['/a', '/b', '/c', '/b']);
  });
});

describe('an answer that varies', () => {
  it.each([
    [{ foo: '1' }, { foo: '1' }, true],
    [{ foo: '1' }, { foo: '2' }, false],
    [{ foo: '1' }, {}, false],
    [{}, { foo: '1' }, false],
    [{ foo: '1', other: 'a' }, { foo: '1', other: 'b' }, true],
    [{ foo: '1,2' }, { foo: ['1', '2'] }, true],
  ])('from %o to %o: %s', async (first, second, reused) => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10', vary: 'Foo, Bar' };
    await it.read(first);
    await it.read(second);
    expect(it.asked).toHaveLength(reused ? 1 : 2);
  });

  it('is kept beside its variants', async () => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10', vary: 'accept-language' };
    for (const language of ['en, de', 'fr', 'DE,en', 'fr']) await it.read({ 'accept-language': language });
    expect(it.asked).toHaveLength(2);
  });

  it.each(['*', '*, foo', 'foo, *'])('with everything (`Vary: %s`) is not kept', async (vary) => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10', vary };
    expect(await isReused(it, 0)).toBe(false);
  });
});

describe('a stale answer', () => {
  const stale = async (field: string, extra: Fields = {}): Promise<Origin> => {
    const it = open();
    it.fields = { 'cache-control': field, ...(extra as Record<string, string>) };
    await it.read();
    it.pass(11);
    return it;
  };

  it('is validated by its entity tag and its date, and takes over what is new about it', async () => {
    const it = await stale('max-age=10', {
      etag: '"1"',
      'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
      'x-was': 'here',
    });
    it.status = 304;
    it.fields = { 'cache-control': 'max-age=20', 'x-is': 'new', 'content-length': '99' };
    const reply = await it.read();
    expect(it.asked[1]?.fields).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT',
    });
    expect(reply).toMatchObject({ status: 200, body: 'body', source: 'validated' });
    expect(reply.fields).toMatchObject({ 'x-was': 'here', 'x-is': 'new', etag: '"1"', age: '0' });
    expect(reply.fields['content-length']).toBeUndefined();
    it.pass(19);
    expect((await it.read()).source).toBe('cache');
  });

  it('gives way to a new one', async () => {
    const it = await stale('max-age=10', { etag: '"1"' });
    it.body = 'other';
    expect((await it.read()).body).toBe('other');
    expect((await it.read()).source).toBe('cache');
  });

  it('is given while it is refreshed, once', async () => {
    const it = await stale('max-age=10, stale-while-revalidate=10');
    it.body = 'new';
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => it.read({}, { background: it.origin })),
    );
    expect(replies.map(({ body, source }) => `${source} ${body}`)).toEqual(Array(5).fill('stale body'));
    expect(it.asked).toHaveLength(2);
    expect(await it.read()).toMatchObject({ source: 'cache', body: 'new' });
  });

  it.each([
    ['status 503', (it: Origin) => Object.assign(it, { status: 503 })],
    ['no answer', (it: Origin) => Object.assign(it, { fails: true })],
  ])('stands in for %s where it may, and leaves the store as it is', async (_what, spoil) => {
    const it = await stale('max-age=10, stale-if-error=60');
    spoil(it);
    it.fields = { 'cache-control': 'max-age=1000' };
    expect(await it.read()).toMatchObject({ status: 200, source: 'stale', body: 'body' });
    expect(await it.read()).toMatchObject({ status: 200, source: 'stale', body: 'body' });
    it.pass(60);
    const outcome = await it.read().then(
      ({ source }) => source,
      () => 'none',
    );
    expect(outcome).not.toBe('stale');
  });

  it.each(['must-revalidate', 'proxy-revalidate', 's-maxage=10', 'no-cache'])(
    'does not where `%s` forbids it',
    async (directive) => {
      const it = await stale(`max-age=10, stale-if-error=60, stale-while-revalidate=60, ${directive}`, {
        etag: '"1"',
      });
      it.status = 503;
      it.fields = {};
      expect((await it.read({}, { background: it.origin })).status).toBe(503);
      it.fails = true;
      await expect(it.read({}, { background: it.origin })).rejects.toThrow('no answer');
    },
  );

  it("is given when the origin takes too long, and the origin's answer is kept all the same", async () => {
    const it = await stale('max-age=10, stale-if-error=60');
    it.body = 'late';
    let arrive: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const slow = async (request: Parameters<Origin['origin']>[0]) => {
      await late;
      return it.origin(request);
    };
    const reply = await it.read({}, { background: slow, patienceMs: 10 });
    expect(reply).toMatchObject({ source: 'stale', body: 'body' });
    arrive();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await it.read()).toMatchObject({ source: 'cache', body: 'late' });
  });
});

describe('a request', () => {
  it.each([
    [{ 'cache-control': 'no-cache' }, 'origin'],
    [{ 'cache-control': 'no-store' }, 'origin'],
    [{ pragma: 'no-cache' }, 'origin'],
    [{ pragma: 'no-cache', 'cache-control': 'foo' }, 'cache'],
    [{ 'cache-control': 'max-age=3' }, 'origin'],
    [{ 'cache-control': 'max-age=6' }, 'cache'],
    [{ 'cache-control': 'min-fresh=6' }, 'origin'],
    [{ 'cache-control': 'min-fresh=4' }, 'cache'],
    [{ 'cache-control': 'only-if-cached' }, 'cache'],
  ])('with %o, for an answer of 5 s that is fresh for 10, is answered by the %s', async (fields, source) => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10' };
    await it.read();
    it.pass(5);
    expect((await it.read(fields)).source).toBe(source);
  });

  it('may take an answer that is stale for so long', async () => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10' };
    await it.read();
    it.pass(15);
    expect((await it.read({ 'cache-control': 'max-stale=6' })).source).toBe('stale');
    expect((await it.read({ 'cache-control': 'max-stale' })).source).toBe('stale');
    expect((await it.read({ 'cache-control': 'max-stale=5' })).source).toBe('origin');
  });

  it('for what is only to be had from the origin, and may not go there, is a 504', async () => {
    expect(await open().read({ 'cache-control': 'only-if-cached' })).toMatchObject({ status: 504 });
  });

  it.each([
    [{ 'if-none-match': '"1"' }, 304],
    [{ 'if-none-match': 'W/"1"' }, 304],
    [{ 'if-none-match': '"0", "1,2", "1"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"2"' }, 200],
    [{ 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 200],
    [{ 'if-none-match': '"2"', 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 200],
  ])('under the condition %o is answered %i', async (fields, status) => {
    const it = open();
    it.fields = {
      'cache-control': 'max-age=10',
      etag: '"1"',
      'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
    };
    await it.read();
    expect(await it.read(fields)).toMatchObject({
      status,
      source: 'cache',
      body: status === 304 ? '' : 'body',
    });
  });

  it.each([
    ['bytes=1-2', 206, 'od', 'bytes 1-2/4'],
    ['bytes=2-', 206, 'dy', 'bytes 2-3/4'],
    ['bytes=-1', 206, 'y', 'bytes 3-3/4'],
    ['bytes=2-100', 206, 'dy', 'bytes 2-3/4'],
    ['bytes=9-', 200, 'body', undefined],
    ['bytes=0-1,3-3', 200, 'body', undefined],
    ['lines=1-2', 200, 'body', undefined],
  ])('for the range %s of a kept answer gets it', async (range, status, body, contentRange) => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10' };
    await it.read();
    const reply = await it.read({ range });
    expect(reply).toMatchObject({ status, body, source: 'cache' });
    expect(reply.fields['content-range']).toBe(contentRange);
  });

  it('for a range of nothing in store goes to the origin, and nothing of it is kept', async () => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10' };
    it.status = 206;
    await it.read({ range: 'bytes=0-1' });
    it.status = 200;
    expect((await it.read()).source).toBe('origin');
  });
});

describe('what is kept of an answer', () => {
  it('says how old it is, and nothing about connections', async () => {
    const it = open();
    it.fields = {
      'cache-control': 'max-age=100, no-cache="x-secret"',
      connection: 'x-hop, close',
      'x-hop': '1',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      'x-secret': '1',
      'x-name': ['1', '2'],
      age: '7',
    };
    await it.read();
    it.pass(5);
    const { fields } = await it.read();
    expect(Object.keys(fields).sort()).toEqual(['age', 'cache-control', 'date', 'x-name']);
    expect(fields).toMatchObject({ age: '12', 'x-name': ['1', '2'] });
  });
});

describe('a write', () => {
  it.each(['POST', 'PUT', 'DELETE', 'M-SEARCH'])(
    '%s drops what was kept, where it succeeded',
    async (method) => {
      const it = open();
      it.fields = { 'cache-control': 'max-age=10' };
      await it.read();
      it.status = 500;
      await it.read({}, { method });
      it.status = 200;
      expect((await it.read()).source).toBe('cache');
      await it.read({}, { method });
      expect((await it.read()).source).toBe('origin');
    },
  );

  it('drops what it says it has changed, but nothing of another origin', async () => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10' };
    for (const url of ['http://a.test/1', 'http://a.test/2', 'http://b.test/3']) await it.read({}, { url });
    it.fields = { location: '/1', 'content-location': 'http://b.test/3' };
    await it.read({}, { method: 'POST', url: 'http://a.test/all' });
    it.fields = { 'cache-control': 'max-age=10' };
    const sources = [];
    for (const url of ['http://a.test/1', 'http://a.test/2', 'http://b.test/3'])
      sources.push((await it.read({}, { url })).source);
    expect(sources).toEqual(['origin', 'cache', 'cache']);
  });

  it('keeps a read that began before it out of the store', async () => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10' };
    let arrive: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const slow = it.cache.send({ method: 'GET', url: '/a', fields: {} }, async (request) => {
      const answer = await it.origin(request);
      await late;
      return { ...answer, body: 'old' };
    });
    await it.read({}, { method: 'PUT' });
    arrive();
    expect((await slow).body).toBe('old');
    expect(await it.read()).toMatchObject({ source: 'origin', body: 'body' });
  });

  it('that was a POST is kept for a GET where it says that it is the same', async () => {
    const it = open();
    it.fields = { 'cache-control': 'max-age=10', 'content-location': '/a' };
    await it.read({}, { method: 'POST' });
    expect((await it.read()).source).toBe('cache');
  });
});

it('an invalidated URL is asked for again, with all its variants', async () => {
  const it = open();
  it.fields = { 'cache-control': 'max-age=10', vary: 'foo' };
  await it.read({ foo: '1' });
  await it.read({ foo: '2' });
  it.cache.invalidate('/a');
  expect((await it.read({ foo: '1' })).source).toBe('origin');
  expect((await it.read({ foo: '2' })).source).toBe('origin');
});
