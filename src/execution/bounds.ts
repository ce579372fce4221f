import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLSchema,
  getNullableType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { WeirError } from '../errors.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Whole numbers that may not be just any: by the argument's name, wherever it stands. */
const ranges: ReadonlyMap<string, Range> = new Map([
  ['first', { min: 1, max: 100 }],
  ['passengers', { min: 1, max: 9 }],
]);

/** The most entries of any list that is an argument. */
const MAX_LIST = 100;
/** Lists that programs make and cannot page through: a router asks once for all the objects of a level. */
const longerLists: ReadonlyMap<string, number> = new Map([['representations', 1_000]]);

/** An argument in a document whose value has to stay in a range. */
export interface Bound {
  readonly argument: string;
  readonly range: Range;
  /** True where the range is about how many entries a list has. */
  readonly counts: boolean;
  /** The variable that gives the value, or null where the document itself does. */
  readonly variable: string | null;
  /** The value in the document, or the variable's default. */
  readonly value: unknown;
}

/**
 * Every bounded argument of a document. Linear in its length: each fragment is looked at once.
 *
 * A value given in the document is checked by `checkBounds` like the others: it is the same rule at the same place
 * in the order of checks.
 */
export function boundsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly Bound[] {
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue ? valueFromASTUntyped(defaultValue) : undefined,
    ]),
  );
  const bounds: Bound[] = [];
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      [Kind.ARGUMENT]: ({ name, value }: ArgumentNode) => {
        const argument = typeInfo.getArgument();
        const kind = argument ? kindOf(argument) : null;
        if (kind === null) return;
        const variable = value.kind === Kind.VARIABLE ? value.name.value : null;
        bounds.push({
          argument: name.value,
          ...kind,
          variable,
          value: variable === null ? plainValue(value) : defaults.get(variable),
        });
      },
    }),
  );
  return bounds;
}

function kindOf(argument: GraphQLArgument): { range: Range; counts: boolean } | null {
  if (isListType(getNullableType(argument.type))) {
    return { range: { min: 0, max: longerLists.get(argument.name) ?? MAX_LIST }, counts: true };
  }
  const range = ranges.get(argument.name);
  return range ? { range, counts: false } : null;
}

const plainValue = (value: ValueNode): unknown => valueFromASTUntyped(value);

/**
 * Throws `BAD_USER_INPUT` for the first argument that is out of its range, with `limit` and `actual`.
 *
 * Values of the wrong type are left to GraphQL's own coercion, which names them better.
 */
export function checkBounds(bounds: readonly Bound[], variables: Readonly<Record<string, unknown>>): void {
  for (const { argument, range, counts, variable, value } of bounds) {
    const given = variable !== null && Object.hasOwn(variables, variable) ? variables[variable] : value;
    const actual = counts ? (Array.isArray(given) ? given.length : 0) : given;
    if (typeof actual !== 'number' || (actual >= range.min && actual <= range.max)) continue;
    throw new WeirError(
      'BAD_USER_INPUT',
      counts
        ? `The argument "${argument}" takes at most ${range.max} entries.`
        : `The argument "${argument}" must be ${range.min} to ${range.max}.`,
      {
        limit: actual < range.min ? range.min : range.max,
        actual,
        hint: 'Ask for more with the next page, by `after`.',
      },
    );
  }
}
