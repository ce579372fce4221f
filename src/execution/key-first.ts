import { type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import type { AheadChild, FieldSite, PositionIndex } from './positions.ts';

/** A resolver that was started by its parent's key read more of its parent than the key: `@load` says otherwise. */
export class WrongDeclaration extends Error {}

/** What the run of a parent lends to a child that is started by its key. */
export interface ParentRun {
  readonly plan: PositionIndex;
  readonly context: unknown;
  readonly info: GraphQLResolveInfo;
  /** Whether a resolver that reads more than the key is told so; else it finds nothing there. */
  readonly strict: boolean;
  /** Hears of a wrong declaration that strictness found. */
  readonly onFault: (child: AheadChild, fault: WrongDeclaration) => void;
}

/**
 * Runs a child's own resolver with a parent that has nothing but its key, so that its loads are under way when
 * the parent's row arrives.
 *
 * Whatever it returns or throws is dropped: the row decides whether the field is asked for at all, and then
 * the same resolver finds its loads in the loaders' memory.
 */
export function startAhead(child: AheadChild, key: string, run: ParentRun): void {
  const { field, nodes, parentType, position } = child;
  const node = nodes[0];
  if (!field.resolve || !node) return;
  const { info } = run;
  const dropped = (error: unknown): void => {
    if (error instanceof WrongDeclaration) run.onFault(child, error);
  };
  try {
    const site: FieldSite = { plan: run.plan, positions: [position] };
    const childInfo: GraphQLResolveInfo & { site: FieldSite } = {
      fieldName: field.name,
      fieldNodes: nodes,
      returnType: field.type,
      parentType,
      path: { prev: info.path, key: position.step.key, typename: parentType.name },
      schema: info.schema,
      fragments: info.fragments,
      rootValue: info.rootValue,
      operation: info.operation,
      variableValues: info.variableValues,
      site,
    };
    const args = field.args.length === 0 ? {} : getArgumentValues(field, node, info.variableValues);
    const parent = run.strict ? strictParent(child, key) : { [child.identityKey]: key };
    dropAll(field.resolve(parent, args, run.context, childInfo), dropped);
  } catch (error) {
    dropped(error);
  }
}

/** Takes the rejections of whatever a resolver returned: a promise, or promises inside a list or an object. */
function dropAll(result: unknown, dropped: (error: unknown) => void): void {
  if (typeof result !== 'object' || result === null) return;
  if (result instanceof Promise) {
    result.then(undefined, dropped);
    return;
  }
  for (const value of Object.values(result)) {
    if (value instanceof Promise) value.then(undefined, dropped);
  }
}

function strictParent({ identityKey, parentType, field }: AheadChild, key: string): object {
  return new Proxy(
    { [identityKey]: key },
    {
      get(target, property) {
        if (typeof property === 'symbol' || property === identityKey || property === 'then') {
          return Reflect.get(target, property);
        }
        throw new WrongDeclaration(
          `${parentType.name}.${field.name} is declared to load by "${identityKey}", but its resolver read ` +
            `"${property}" of its parent, which is not there yet when the field is started by its key. ` +
            'Read only the key, or say @load(ahead: false).',
        );
      },
    },
  );
}
