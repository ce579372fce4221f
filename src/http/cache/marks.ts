import type { Endpoint } from '../../backends.ts';

/**
 * The marks of the fence under which an answer of an endpoint becomes invalid.
 *
 * What holds one object, `key` of the endpoint's kind, goes when that object changes (`products/42`) or all of
 * its kind do (`products/*`). Anything else that holds objects of a kind, such as a search, goes when any of
 * them changes (`products`). An endpoint without a kind has no marks.
 */
export function marksOf({ entity, bulk }: Endpoint, key: string | null): readonly string[] {
  if (entity === undefined) return [];
  const holdsOne = key !== null && bulk?.names !== 'owner';
  return holdsOne ? [`${entity}/${key}`, `${entity}/*`] : [entity];
}

/** The marks to raise for a list of changed objects: `products/42` for one, `products` for all of a kind. */
export function toRaised(changed: readonly string[]): string[] {
  return changed.flatMap((name) => {
    const slash = name.indexOf('/');
    const kind = slash < 0 ? name : name.slice(0, slash);
    const one = slash < 0 || name.slice(slash + 1) === '*' ? `${kind}/*` : name;
    return [kind, one];
  });
}
