import { Problem } from './problem.ts';
import type { Route } from './route.ts';

/** All routes of one method and path: several reads may share it. */
export interface RouteGroup {
  readonly method: 'GET' | 'POST';
  /** The path as the router writes it: `/orders/:id`. */
  readonly address: string;
  readonly maxBodyBytes: number | undefined;
  /** The route that a query string asks for. Throws `invalid-request` where it asks for none, or for two. */
  select(query: unknown): Route;
}

/** Puts routes of one method and path together. Throws on two that nothing tells apart. */
export function groupByAddress(routes: readonly Route[]): RouteGroup[] {
  const groups = Map.groupBy(routes, (route) => `${route.method} ${route.path}`);
  return [...groups.values()].map((members) => toGroup(members));
}

/** How long a call usually takes, in milliseconds; of routes that share a path, the one asked for. */
export function usualMsOf(group: RouteGroup | undefined, query: unknown): number {
  if (!group) return 0;
  try {
    return group.select(query).usualMs;
  } catch {
    return 0;
  }
}

function toGroup(members: readonly Route[]): RouteGroup {
  const [first] = members;
  if (!first) throw new Error('a group has a member');
  const plain = members.filter((route) => route.by === null);
  const selectors = new Map(
    members.flatMap((route) => (route.by === null ? [] : [[route.by, route] as const])),
  );
  if (plain.length > 1 || selectors.size + plain.length !== members.length) {
    throw new Error(`two routes share ${first.method} ${first.path} and nothing tells them apart`);
  }
  const names = [...selectors.keys()].join(', ');
  return {
    method: first.method,
    address: first.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    maxBodyBytes: first.maxBodyBytes,
    select: (query) => {
      const asked = selectorsIn(query, selectors);
      if (asked.length > 1)
        throw new Problem('invalid-request', `expected only one of the parameters ${names}`);
      const route = asked[0] ?? plain[0];
      if (!route) throw new Problem('invalid-request', `expected one of the parameters ${names}`);
      return route;
    },
  };
}

function selectorsIn(query: unknown, selectors: ReadonlyMap<string, Route>): Route[] {
  if (selectors.size === 0 || typeof query !== 'object' || query === null) return [];
  return Object.keys(query).flatMap((name) => selectors.get(name) ?? []);
}
