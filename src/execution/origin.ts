import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Endpoint } from '../backends.ts';
import type { Declarations } from './declarations.ts';

export type Path = readonly (string | number)[];

/** Finds the endpoint that the value at a path of an answer came from; null where no backend was asked for it. */
export type OriginOf = (
  runnable: { readonly document: DocumentNode; readonly operation: OperationDefinitionNode },
  path: Path,
) => Endpoint | null;

/** Builds it from what `@load` says: a value came from where the nearest field above it, or it itself, was loaded. */
export function createOriginOf(schema: GraphQLSchema, { loadOf, servesRows }: Declarations): OriginOf {
  return ({ document, operation }, path) => {
    const root = schema.getRootType(operation.operation);
    const names = path.filter((step) => typeof step === 'string');
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    }

    /** Undefined where the path does not lead through here. `from` is where the parent was loaded. */
    const search = (
      parent: GraphQLNamedType,
      set: SelectionSetNode | undefined,
      at: number,
      from: readonly Endpoint[],
    ): Endpoint | null | undefined => {
      // Where one of several was asked, the type that is looked into says which.
      const own = from.filter((endpoint) => isObjectType(parent) && servesRows(endpoint, parent));
      const origin = own.length > 0 ? own : from;
      const name = names[at];
      if (name === undefined) return origin[0] ?? null;
      for (const selection of set?.selections ?? []) {
        let found: Endpoint | null | undefined;
        if (selection.kind === Kind.FIELD) {
          const field = isObjectType(parent) ? parent.getFields()[selection.name.value] : undefined;
          if (!field || (selection.alias ?? selection.name).value !== name) continue;
          const loaded = loadOf(field)?.sources.map(({ endpoint }) => endpoint);
          found = search(getNamedType(field.type), selection.selectionSet, at + 1, loaded ?? origin);
        } else {
          const spread =
            selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
          const type = schema.getType(spread?.typeCondition?.name.value ?? parent.name);
          found = type && search(type, spread?.selectionSet, at, origin);
        }
        if (found !== undefined) return found;
      }
      return undefined;
    };

    return (root && search(root, operation.selectionSet, 0, [])) ?? null;
  };
}
