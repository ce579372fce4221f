import { describe, expect, it } from 'vitest';
import { type BackendTable, endpointOf } from '../../src/backends.ts';
import type { Call } from '../../src/call.ts';
import { createBatchLoader } from '../../src/datasources/batch-loader.ts';
import { createCallLoader } from '../../src/datasources/call-loader.ts';

const table: BackendTable = {
  shop: {
    demoPort: 0,
    timeoutMs: 1000,
    concurrency: 8,
    queue: 8,
    attempts: 1,
    breaker: { failures: 1, halfOpenAfterMs: 1, slowMs: 1 },
    maxBytes: 1,
    endpoints: {
      itemsByIds: {
        method: 'GET',
        path: '/items',
        credentials: 'none',
        usualMs: 5,
        bulk: { param: 'ids', max: 3 },
      },
      itemById: { method: 'GET', path: '/items/{id}', credentials: 'none', usualMs: 5 },
    },
  },
};
const bulk = endpointOf(table, 'shop', 'itemsByIds');
const single = endpointOf(table, 'shop', 'itemById');

const call: Call = {
  requestId: 'r',
  signal: new AbortController().signal,
  deadlineAt: Number.POSITIVE_INFINITY,
  viewer: null,
  onBehalfOf: null,
  traceparent: null,
  observe: null,
  demand: null,
};

interface Item {
  readonly id: string;
  readonly name?: string;
}

/** A loader of items over an answer that the test chooses, and what was sent. */
function loaderOf(answer: (keys: readonly string[]) => readonly Item[] | Promise<readonly Item[]>) {
  const sent: string[][] = [];
  const demands: (Call['demand'] | null)[] = [];
  const loader = createBatchLoader<string, Item>({
    call,
    endpoint: bulk,
    keyOf: (item) => item.id,
    fetch: async (asked, keys) => {
      sent.push([...keys]);
      demands.push(asked.demand);
      return answer(keys);
    },
  });
  return { loader, sent, demands };
}

const items = (keys: readonly string[]): Item[] => keys.map((id) => ({ id }));

describe('createBatchLoader', () => {
  it('asks once for what is loaded in one turn, however deep in microtasks', async () => {
    const { loader, sent, demands } = loaderOf(items);
    const later = Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => loader.load('2'));
    expect(await Promise.all([loader.load('1'), later, loader.load('1')])).toEqual([
      { id: '1' },
      { id: '2' },
      { id: '1' },
    ]);
    expect(sent).toEqual([['1', '2']]);
    expect(demands[0]).toMatchObject({ batchSize: 2, keys: ['1', '2'], wave: 1 });
  });

  it('splits at the most keys that the endpoint takes', async () => {
    const { loader, sent } = loaderOf(items);
    await Promise.all(['1', '2', '3', '4', '5', '6', '7'].map((id) => loader.load(id)));
    expect(sent).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
  });

  it('maps rows by their key: missing are null, order and repeats and foreign rows do not matter', async () => {
    const { loader } = loaderOf(() => [
      { id: '3', name: 'three' },
      { id: '9', name: 'nobody asked' },
      { id: '1', name: 'one' },
      { id: '1', name: 'one again' },
    ]);
    expect(await Promise.all(['1', '2', '3'].map((id) => loader.load(id)))).toEqual([
      { id: '1', name: 'one' },
      null,
      { id: '3', name: 'three' },
    ]);
    // The foreign row is not remembered either.
    expect(await loader.load('9')).toEqual({ id: '9', name: 'nobody asked' });
  });

  it('rejects every key of a failed call with the same error, and only those', async () => {
    const failure = new Error('down');
    const { loader } = loaderOf((keys) => (keys.includes('1') ? Promise.reject(failure) : items(keys)));
    const settled = await Promise.allSettled(['1', '2', '3', '4'].map((id) => loader.load(id)));
    expect(settled.map((one) => (one.status === 'rejected' ? one.reason : one.value))).toEqual([
      failure,
      failure,
      failure,
      { id: '4' },
    ]);
    expect(settled[0]?.status === 'rejected' && settled[0].reason).toBe(failure);
  });

  it('turns a source that throws at once into a rejection', async () => {
    const loader = createBatchLoader<string, Item>({
      call,
      endpoint: bulk,
      keyOf: (item) => item.id,
      fetch: () => {
        throw new Error('at once');
      },
    });
    await expect(loader.load('1')).rejects.toThrow('at once');
  });

  it.each(['', '.', '..', 'a/b', 'a?b', '#', '%2e', 'a b', 'é', 'x'.repeat(65)])(
    'answers null for the key %j without a call',
    async (key) => {
      const { loader, sent } = loaderOf(items);
      expect(await loader.load(key)).toBeNull();
      expect(sent).toEqual([]);
    },
  );

  it('sends keys that the source allows', async () => {
    const sent: string[][] = [];
    const loader = createBatchLoader<string, Item>({
      call,
      endpoint: bulk,
      isKey: (key) => key.startsWith('orders/'),
      keyOf: (item) => item.id,
      fetch: async (_call, keys) => {
        sent.push([...keys]);
        return items(keys);
      },
    });
    expect(await loader.load('orders/1')).toEqual({ id: 'orders/1' });
    expect(await loader.load('1')).toBeNull();
    expect(sent).toEqual([['orders/1']]);
  });

  it('answers a key that is already read without waiting for a batch', async () => {
    const gate = Promise.withResolvers<readonly Item[]>();
    let first = true;
    const { loader } = loaderOf((keys) => {
      if (!first) return gate.promise;
      first = false;
      return items(keys);
    });
    await loader.load('1');
    const open = loader.load('2');
    expect(await loader.load('1')).toEqual({ id: '1' });
    gate.resolve([{ id: '2' }]);
    expect(await open).toEqual({ id: '2' });
  });

  it('keeps calls with other arguments apart, compared by value', async () => {
    const sent: [string[], unknown][] = [];
    const loader = createBatchLoader<string, Item, { first: number; status?: string; of?: string[] }>({
      call,
      endpoint: bulk,
      keyOf: (item) => item.id,
      fetch: async (_call, keys, args) => {
        sent.push([[...keys], args]);
        return items(keys);
      },
    });
    await Promise.all([
      loader.load('1', { first: 1, status: 'NEW' }),
      loader.load('2', { status: 'NEW', first: 1 }),
      loader.load('3', { first: 2 }),
      loader.load('4', { first: 2, of: ['a'] }),
      loader.load('5', { first: 2, of: ['a'] }),
    ]);
    expect(sent).toEqual([
      [['1', '2'], { first: 1, status: 'NEW' }],
      [['3'], { first: 2 }],
      [['4', '5'], { first: 2, of: ['a'] }],
    ]);
  });

  it('asks for fewer keys at a time where the arguments say so', async () => {
    const sent: string[][] = [];
    const loader = createBatchLoader<string, Item, { after?: string }>({
      call,
      endpoint: bulk,
      keyOf: (item) => item.id,
      maxKeys: ({ after }) => (after === undefined ? 100 : 1),
      fetch: async (_call, keys) => {
        sent.push([...keys]);
        return items(keys);
      },
    });
    await Promise.all([
      loader.load('1', { after: 'x' }),
      loader.load('2', { after: 'x' }),
      loader.load('1', {}),
      loader.load('2', {}),
    ]);
    expect(sent).toEqual([['1'], ['2'], ['1', '2']]);
  });

  it('keeps a primed row, drops its key from a batch that has not left, and never overwrites', async () => {
    const { loader, sent } = loaderOf(items);
    loader.prime('1', { id: '1', name: 'primed' });
    loader.prime('1', { id: '1', name: 'primed later' });
    const held = [loader.load('2'), loader.load('3')];
    loader.prime('2', { id: '2', name: 'primed while held' });
    expect(await loader.load('1')).toEqual({ id: '1', name: 'primed' });
    expect(await Promise.all(held)).toEqual([{ id: '2', name: 'primed while held' }, { id: '3' }]);
    loader.prime('3', { id: '3', name: 'too late' });
    expect(await loader.load('3')).toEqual({ id: '3' });
    expect(sent).toEqual([['3']]);
  });

  it('makes no call where every key of a batch was primed before it left', async () => {
    const { loader, sent } = loaderOf(items);
    const held = loader.load('1');
    loader.prime('1', { id: '1', name: 'primed' });
    expect(await held).toEqual({ id: '1', name: 'primed' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([]);
  });

  it('reads again after clear, and keeps promises given before', async () => {
    const { loader, sent } = loaderOf(items);
    const before = loader.load('1');
    loader.clear();
    expect(await Promise.all([before, loader.load('1')])).toEqual([{ id: '1' }, { id: '1' }]);
    loader.clear();
    await loader.load('1');
    expect(sent).toEqual([['1'], ['1'], ['1']]);
  });

  it('forgets what it read and keeps what it was told', async () => {
    const { loader, sent } = loaderOf(items);
    await loader.load('1');
    loader.prime('2', { id: '2', name: 'primed' });
    loader.forgetReads();
    expect(await Promise.all([loader.load('1'), loader.load('2')])).toEqual([
      { id: '1' },
      { id: '2', name: 'primed' },
    ]);
    expect(sent).toEqual([['1'], ['1']]);
  });

  it('refuses an endpoint without a bulk read', () => {
    expect(() =>
      createBatchLoader<string, Item>({
        call,
        endpoint: single,
        keyOf: (item) => item.id,
        fetch: async () => [],
      }),
    ).toThrow('shop.itemById has no bulk read');
  });
});

describe('createCallLoader', () => {
  const callLoader = (fetch: (asked: Call, key: string, args: { n?: number }) => Promise<Item>) =>
    createCallLoader<string, Item, { n?: number }>({ call, endpoint: single, fetch });

  it('starts each call at once, once a key and arguments', async () => {
    const sent: unknown[] = [];
    const loader = callLoader(async (asked, key, args) => {
      sent.push([key, args, asked.demand?.batchSize, asked.demand?.keys]);
      return { id: key };
    });
    const loads = [
      loader.load('1', {}),
      loader.load('1', {}),
      loader.load('1', { n: 1 }),
      loader.load('2', {}),
    ];
    expect(sent).toEqual([
      ['1', {}, 1, ['1']],
      ['1', { n: 1 }, 1, ['1']],
      ['2', {}, 1, ['2']],
    ]);
    expect(loads[0]).toBe(loads[1]);
    await Promise.all(loads);
  });

  it('answers null for what is no key, rejects alone, and forgets after clear', async () => {
    let calls = 0;
    const loader = callLoader((_asked, key) => {
      calls += 1;
      if (key === '2') throw new Error('two');
      return Promise.resolve({ id: key });
    });
    expect(await loader.load('..', {})).toBeNull();
    await expect(loader.load('2', {})).rejects.toThrow('two');
    loader.prime('3', { id: '3', name: 'primed' }, {});
    expect(await loader.load('3', {})).toEqual({ id: '3', name: 'primed' });
    expect(calls).toBe(1);
    loader.forgetReads();
    expect(await loader.load('3', {})).toEqual({ id: '3', name: 'primed' });
    await loader.load('4', {});
    expect(calls).toBe(2);
    loader.forgetReads();
    await loader.load('4', {});
    expect(calls).toBe(3);
    loader.clear();
    expect(await loader.load('3', {})).toEqual({ id: '3' });
    expect(calls).toBe(4);
  });
});
