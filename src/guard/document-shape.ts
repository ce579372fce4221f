import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** How large a document is once each spread stands for the fragment that it names. */
export interface DocumentShape {
  readonly operations: number;
  /** Aliases in the text, of `__typename` too. */
  readonly aliases: number;
  /** Directives in the text. */
  readonly directives: number;
  /** Spreads of fragments in the text, with and without a name. */
  readonly spreads: number;
  /** Fields of the largest definition, with those of the fragments that it spreads, as often as it does. */
  readonly fields: number;
  /** Fields that an answer nests in one another. */
  readonly depth: number;
  /** Fields at the top of the operation that has the most. */
  readonly rootFields: number;
  /** Whether fragments spread each other in a circle. */
  readonly circular: boolean;
}

/** What one selection set adds up to. */
interface Sum {
  readonly fields: number;
  readonly depth: number;
  /** Fields of this level alone. */
  readonly level: number;
}

const nothing: Sum = { fields: 0, depth: 0, level: 0 };

/** Sums stop growing here: twenty fragments that spread each other twice have more fields than a number can say. */
const SATURATED = 1_000_000_000;

/**
 * Measures a document in time linear in its length: each fragment is looked at once, however often it is spread.
 *
 * Fragments that spread each other in a circle count once; it is validation that refuses them.
 */
export function measureDocument(document: DocumentNode): DocumentShape {
  const fragments = fragmentsOf(document);
  const sums = new Map<string, Sum>();
  let operations = 0;
  let aliases = 0;
  let directives = 0;
  let spreads = 0;
  let circular = false;
  const underWay = new Set<string>();

  const sumOf = ({ selections }: SelectionSetNode): Sum => {
    let fields = 0;
    let depth = 0;
    let level = 0;
    const add = (sum: Sum): void => {
      fields = Math.min(SATURATED, fields + sum.fields);
      level = Math.min(SATURATED, level + sum.level);
      depth = Math.max(depth, sum.depth);
    };
    for (const selection of selections) {
      directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        if (selection.alias) aliases += 1;
        const below = selection.selectionSet ? sumOf(selection.selectionSet) : nothing;
        add({ fields: below.fields + 1, depth: below.depth + 1, level: 1 });
        continue;
      }
      spreads += 1;
      add(
        selection.kind === Kind.INLINE_FRAGMENT
          ? sumOf(selection.selectionSet)
          : sumOfFragment(selection.name.value),
      );
    }
    return { fields, depth, level };
  };

  const sumOfFragment = (name: string): Sum => {
    const known = sums.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    if (underWay.has(name)) {
      circular = true;
      return nothing;
    }
    underWay.add(name);
    const sum = sumOf(fragment.selectionSet);
    underWay.delete(name);
    sums.set(name, sum);
    return sum;
  };

  let fields = 0;
  let depth = 0;
  let rootFields = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION && definition.kind !== Kind.OPERATION_DEFINITION)
      continue;
    directives += definition.directives?.length ?? 0;
    for (const variable of definition.variableDefinitions ?? [])
      directives += variable.directives?.length ?? 0;
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION;
    const sum = isOperation ? sumOf(definition.selectionSet) : sumOfFragment(definition.name.value);
    fields = Math.max(fields, sum.fields);
    depth = Math.max(depth, sum.depth);
    if (!isOperation) continue;
    operations += 1;
    rootFields = Math.max(rootFields, sum.level);
  }
  return { operations, aliases, directives, spreads, fields, depth, rootFields, circular };
}

/**
 * How often the response path is asked for that is asked for most.
 *
 * Looks at every field wherever a spread puts it, so only for documents whose fields and spreads have been counted,
 * and whose fragments stand in no circle.
 */
export function mostRepeats(document: DocumentNode): number {
  const fragments = fragmentsOf(document);
  let most = 0;
  const look = (sets: readonly SelectionSetNode[]): void => {
    const found = new Map<string, Repeated>();
    // One level takes a fragment in once, however often it spreads it.
    const taken = new Set<string>();
    const collect = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          enter(found, selection);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          collect(selection.selectionSet);
        } else if (!taken.has(selection.name.value)) {
          taken.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment) collect(fragment.selectionSet);
        }
      }
    };
    for (const set of sets) collect(set);
    for (const { times, below } of found.values()) {
      most = Math.max(most, times);
      if (below.length > 0) look(below);
    }
  };
  for (const definition of document.definitions)
    if ('selectionSet' in definition) look([definition.selectionSet]);
  return most;
}

/** One response key at one level: how often it stands there, and what is asked for below it. */
interface Repeated {
  times: number;
  readonly below: SelectionSetNode[];
}

function enter(found: Map<string, Repeated>, { alias, name, selectionSet }: FieldNode): void {
  const key = (alias ?? name).value;
  const known = found.get(key) ?? { times: 0, below: [] };
  found.set(key, known);
  known.times += 1;
  if (selectionSet) known.below.push(selectionSet);
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}
