import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EndpointRow, endpointOf } from '../../src/backends.ts';
import { WeirError } from '../../src/errors.ts';
import { createRoute, isListKey } from '../../src/http/route.ts';

const routeOf = (path: string) => {
  const row: EndpointRow = { method: 'GET', path, credentials: 'none', usualMs: 1 };
  const numbers = { timeoutMs: 1, concurrency: 1, queue: 1, attempts: 1, maxBytes: 1, demoPort: 0 };
  const breaker = { failures: 1, halfOpenAfterMs: 1, slowMs: 1 };
  return createRoute(
    endpointOf({ things: { ...numbers, breaker, endpoints: { one: row } } }, 'things', 'one'),
  );
};

/** Strings that attackers are fond of, beside any others. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', 'f', '?', '#', '&', ',', '\r', '\n', '\0', 'a'),
  }),
  fc.constantFrom('..', '.', '%2e%2e', '..%2f', '__proto__', 'constructor', '@host', '//host', ';a=b'),
);

describe('a path', () => {
  const route = routeOf('/orders/{id}/lines/{line}');

  it('never leaves its template, whatever the ids are', () => {
    fc.assert(
      fc.property(nasty, nasty, (id, line) => {
        const url = route.toUrl({ id, line }, undefined);
        if (url === null) return;
        // As the strictest and the laxest of servers would read it.
        expect(new URL(url, 'http://backend').pathname).toBe(url);
        const segments = decodeURIComponent(url).split('/');
        expect(segments).toEqual(['', 'orders', id, 'lines', line]);
      }),
      { numRuns: 5000 },
    );
  });

  it('takes every id that a contract allows as it stands', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), (id) => {
        expect(route.toUrl({ id, line: '1' }, undefined)).toBe(`/orders/${id}/lines/1`);
      }),
    );
  });

  it('without a value is a fault of ours', () => {
    expect(() => route.toUrl({ id: '1' }, undefined)).toThrow('no value for {line}');
  });
});

describe('a query', () => {
  const route = routeOf('/orders');

  it('gives back what was put in, or refuses it', () => {
    fc.assert(
      fc.property(nasty, fc.array(nasty, { minLength: 1, maxLength: 5 }), (search, ids) => {
        let url: string | null;
        try {
          url = route.toUrl(undefined, { search, ids, limit: 10 });
        } catch (error) {
          expect(error).toBeInstanceOf(WeirError);
          expect(error instanceof WeirError && error.code).toBe('BAD_USER_INPUT');
          return;
        }
        const read = new URL(url ?? '', 'http://backend');
        expect(read.pathname).toBe('/orders');
        expect([...read.searchParams.keys()]).toEqual(['search', 'ids', 'limit']);
        expect(read.searchParams.get('search')).toBe(search);
        expect(read.searchParams.get('ids')?.split(',')).toEqual(ids);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['1,2', '', 'a\nb', '\ud800', 'x'.repeat(256)])(
    'has no list key that would be read as another',
    (key) => {
      expect(isListKey(key)).toBe(false);
      expect(() => route.toUrl(undefined, { ids: ['1', key] })).toThrow(WeirError);
    },
  );
});
