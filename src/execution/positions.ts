import type { FieldNode, GraphQLObjectType, GraphQLResolveInfo } from 'graphql';
import type { Endpoint } from '../backends.ts';
import type { Field } from './declarations.ts';
import type { PathStep } from './paths.ts';

/** A response path at which something may be waited for: a declared load, or a resolver written by hand. */
export interface Position {
  /** Its place among the positions of its plan. */
  readonly index: number;
  readonly step: PathStep;
  /** Without list indices, such as `me.orders.nodes.items.product`. */
  readonly path: string;
  /** The endpoints it is declared to load from; none for a resolver written by hand. */
  readonly sources: readonly Endpoint[];
  /** How many declared loads must have answered before the key here can be known, along the longest chain. */
  readonly level: number;
  /** Grows along every chain of positions that wait for one another; see `Place`. */
  readonly order: number;
  /** The positions that must have answered before every key here is known. */
  readonly waitsFor: readonly Position[];
  /** Whether the key is the parent's own, so that it is known as soon as the parent's is. */
  readonly keyFirst: boolean;
  /** Children to start with a key of this position, before its row is there. */
  readonly ahead: readonly AheadChild[];
}

/** A child that needs no more of its parent than the key by which the parent is loaded. */
export interface AheadChild {
  /** The parent's endpoint: a key loaded from it is a key of `parentType`. */
  readonly endpoint: Endpoint;
  readonly position: Position;
  readonly parentType: GraphQLObjectType;
  readonly field: Field;
  readonly nodes: readonly FieldNode[];
  /** The property of the parent that is the key. */
  readonly identityKey: string;
}

/** Where the positions of a compiled field are remembered; one object for each, made when it is compiled. */
export interface FieldSite {
  /** The plan that `positions` belongs to. */
  plan: PositionIndex | null;
  positions: readonly Position[];
}

/** What a plan knows of where a resolver may stand. */
export interface PositionIndex {
  readonly positions: readonly Position[];
  /** The positions that a field of the document can stand at. */
  at(node: FieldNode): readonly Position[];
  /** The positions whose path ends in this key. */
  endingIn(key: string): readonly Position[];
  /** Whether a field's node may be told wrongly, so that only its path can be relied on. */
  readonly trustsPathOnly: boolean;
}

interface SitedInfo extends GraphQLResolveInfo {
  readonly site?: FieldSite;
}

/**
 * Leaves room beside each field that graphql-jit compiles to remember where it stands.
 *
 * To be given to `compileQuery` as `resolverInfoEnricher`. Filled at the first run, so that the position costs
 * one comparison afterwards; without it (graphql-js) it is looked up by the field's node.
 */
export function resolveInfoEnricher(): { readonly site: FieldSite } {
  return { site: { plan: null, positions: [] } };
}

/** The position of a running resolver, or null where nothing waits there. */
export function locate(plan: PositionIndex, info: SitedInfo): Position | null {
  if (plan.trustsPathOnly) return atPath(plan.endingIn(String(info.path.key)), info);
  const site = info.site;
  let candidates: readonly Position[];
  if (site?.plan === plan) {
    candidates = site.positions;
  } else {
    const node = info.fieldNodes[0];
    candidates = node ? plan.at(node) : [];
    if (site) {
      site.plan = plan;
      site.positions = candidates;
    }
  }
  return candidates.length === 1 ? (candidates[0] ?? null) : atPath(candidates, info);
}

/** A fragment that is used twice has one node at several paths: then only the path tells them apart. */
function atPath(candidates: readonly Position[], info: GraphQLResolveInfo): Position | null {
  for (const position of candidates) if (standsAt(position, info)) return position;
  return null;
}

function standsAt({ step }: Position, info: GraphQLResolveInfo): boolean {
  let expected: PathStep | null = step;
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) {
    if (typeof at.key === 'number') continue;
    if (expected === null || expected.key !== at.key) return false;
    expected = expected.parent;
  }
  return expected === null;
}
