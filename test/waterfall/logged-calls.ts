import type { BackendTable, EndpointRow } from '../../src/backends.ts';
import { backends } from '../../src/backends.ts';
import type { WaterfallCall } from '../../src/waterfall/waterfall.ts';
import type { LoggedCall } from '../start-weir.ts';

const table: BackendTable = backends;

type Request = Pick<LoggedCall, 'method' | 'path'>;

function endpointOf(backend: string, { method, path }: Request): EndpointRow | undefined {
  const { pathname, searchParams } = new URL(path, 'http://backend');
  return Object.values(table[backend]?.endpoints ?? {})
    .filter((row) => row.method === method && matches(row.path, pathname))
    .filter(({ by = [] }) => by.every((name) => searchParams.has(name)))
    .toSorted((a, b) => (b.by?.length ?? 0) - (a.by?.length ?? 0))[0];
}

/** The endpoint of a call as a backend has logged it, such as `GET /products?ids`; null where we have none. */
export function routeOfLogged(backend: string, request: Request): string | null {
  const endpoint = endpointOf(backend, request);
  return endpoint ? routeOf(endpoint) : null;
}

/** A call in words that both sides have: `products GET /products?ids [1,2] 200`. */
export function wordsOfLogged(backend: string, { method, path, status }: LoggedCall): string {
  const { searchParams } = new URL(path, 'http://backend');
  const endpoint = endpointOf(backend, { method, path });
  if (!endpoint) return `${backend} ${method} ${path}: no such endpoint`;
  const keys = endpoint.bulk ? (searchParams.get(endpoint.bulk.param) ?? '').split(',') : [];
  return words(backend, routeOf(endpoint), keys, status);
}

/** The same of a call that the waterfall tells. */
export function wordsOfTold({ backend, route, keys, status }: WaterfallCall): string {
  const endpoint = Object.values(table[backend]?.endpoints ?? {}).find((row) => routeOf(row) === route);
  return words(backend, route, endpoint?.bulk ? keys : [], status);
}

const words = (backend: string, route: string, keys: readonly string[], status: number | null): string =>
  `${backend} ${route} [${keys.toSorted().join(',')}] ${status}`;

const routeOf = ({ method, path, by }: EndpointRow): string =>
  `${method} ${path}${by ? `?${by.join('&')}` : ''}`;

const matches = (template: string, pathname: string): boolean =>
  new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname);
