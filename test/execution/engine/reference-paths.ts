import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';
import { createWorldSchema, endpoints } from './world.ts';

type Field = GraphQLField<unknown, unknown>;

/** A response path without list indices, and what the level-by-level plan knows of it. */
export interface Path {
  readonly path: string;
  readonly fields: { type: GraphQLObjectType; field: Field; node: FieldNode }[];
  readonly nodes: FieldNode[];
  readonly children: Map<string, Path>;
  level: number;
  rowLevel: number;
  keyFirst: boolean;
}

const schema = createWorldSchema(false);

const directivesOf = (node: Field['astNode'] | GraphQLObjectType['astNode'], name: string) =>
  (node?.directives ?? [])
    .filter((one) => one.name.value === name)
    .map((one) =>
      Object.fromEntries(
        (one.arguments ?? []).map((arg) => [arg.name.value, valueFromASTUntyped(arg.value)]),
      ),
    );
export const loadsOf = (field: Field) => directivesOf(field.astNode, 'load');
const identityOf = (type: GraphQLObjectType): string =>
  String(directivesOf(type.astNode, 'identity')[0]?.key ?? 'id');
const nameOf = (from: unknown): string => String(from).split('.')[1] ?? '';

/** The endpoints that serve rows of a type by their own key: those of fields that return it. */
function rowEndpointsOf(type: GraphQLObjectType): Set<string> {
  const found = new Set<string>();
  for (const parent of Object.values(schema.getTypeMap())) {
    if (!isObjectType(parent)) continue;
    for (const field of Object.values(parent.getFields())) {
      if (getNamedType(field.type) !== type) continue;
      for (const { from } of loadsOf(field)) {
        const { bulk, path } = endpoints.get(nameOf(from)) ?? { bulk: undefined, path: '' };
        const served = bulk ? bulk.param === `${identityOf(type)}s` : path.endsWith(`{${identityOf(type)}}`);
        if (served) found.add(nameOf(from));
      }
    }
  }
  return found;
}

function yields(field: Field, type: GraphQLObjectType): boolean {
  const named = getNamedType(field.type);
  return named === type || (isAbstractType(named) && schema.isSubType(named, type));
}

function isKeyFirst(path: Path, parent: Path): boolean {
  return path.fields.every(({ type, field }) => {
    const loads = loadsOf(field);
    const byKey =
      loads.length > 0 && loads.every(({ key, ahead }) => key === identityOf(type) && ahead !== false);
    const rows = rowEndpointsOf(type);
    const parents = parent.fields.filter((one) => yields(one.field, type));
    return byKey && parents.every((one) => loadsOf(one.field).some(({ from }) => rows.has(nameOf(from))));
  });
}

/** Every response path of the operation, with fragments and abstract types taken apart. */
export function pathsOf(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Map<string, Path> {
  const operation = getOperationAST(document);
  const rootType = operation && schema.getRootType(operation.operation);
  if (!operation || !rootType) throw new Error('no operation');
  const all = new Map<string, Path>();

  const included = (directives: FieldNode['directives']): boolean =>
    (directives ?? []).every((directive) => {
      const value = directive.arguments?.[0]?.value;
      const is =
        value?.kind === Kind.VARIABLE
          ? variables[value.name.value] === true
          : value?.kind === Kind.BOOLEAN && value.value;
      return directive.name.value === 'include' ? is : directive.name.value === 'skip' ? !is : true;
    });

  const fieldsOf = (set: SelectionSetNode, type: GraphQLObjectType): FieldNode[] =>
    set.selections.flatMap((selection) => {
      if (!included(selection.directives)) return [];
      if (selection.kind === Kind.FIELD) return [selection];
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find(
              (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
            );
      if (!inner || !('selectionSet' in inner)) return [];
      const on =
        'typeCondition' in inner && inner.typeCondition ? typeFromAST(schema, inner.typeCondition) : type;
      const applies = on === type || (isAbstractType(on) && schema.isSubType(on, type));
      return applies ? fieldsOf(inner.selectionSet, type) : [];
    });

  const expand = (parent: Path | null, type: GraphQLObjectType, set: SelectionSetNode): void => {
    for (const node of fieldsOf(set, type)) {
      const field = type.getFields()[node.name.value];
      if (!field) continue;
      const key = node.alias?.value ?? node.name.value;
      const name = parent ? `${parent.path}.${key}` : key;
      let path = all.get(name);
      if (!path) {
        path = {
          path: name,
          fields: [],
          nodes: [],
          children: new Map(),
          level: 0,
          rowLevel: 0,
          keyFirst: false,
        };
        all.set(name, path);
        parent?.children.set(key, path);
      }
      path.fields.push({ type, field, node });
      path.nodes.push(node);
      const named = getNamedType(field.type);
      const types = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
      for (const one of types) {
        if (isObjectType(one) && node.selectionSet) expand(path, one, node.selectionSet);
      }
    }
  };
  expand(null, rootType, operation.selectionSet);

  const mayStartAhead = operation.operation !== 'mutation';
  const settle = (path: Path, parent: Path | null): void => {
    path.keyFirst = mayStartAhead && parent !== null && isKeyFirst(path, parent);
    path.level = path.keyFirst ? (parent?.level ?? 0) : (parent?.rowLevel ?? 0);
    const loads = path.fields.some(({ field }) => loadsOf(field).length > 0);
    path.rowLevel = Math.max(parent?.rowLevel ?? 0, loads ? path.level + 1 : 0);
    for (const child of path.children.values()) settle(child, path);
  };
  for (const [name, path] of all) if (!name.includes('.')) settle(path, null);
  return all;
}

/** The children that can start with a key of this endpoint, each with the parent that is all they need. */
export function* aheadOf(parent: Path, endpoint: string, key: string) {
  for (const child of parent.children.values()) {
    if (!child.keyFirst) continue;
    for (const { type, field, node } of child.fields) {
      const isItsRow =
        rowEndpointsOf(type).has(endpoint) && parent.fields.some((one) => yields(one.field, type));
      const isUnderWay =
        field.args.length === 0 && loadsOf(field).every(({ from }) => nameOf(from) === endpoint);
      if (isItsRow && !isUnderWay) yield { child, field, node, stub: { [identityOf(type)]: key } };
    }
  }
}
