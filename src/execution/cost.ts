import { getVariableValues } from 'graphql';
import { WeirError } from '../errors.ts';
import type { OperationPlan } from './plan.ts';
import type { Runnable } from './runnable.ts';
import { type UpperBound, upperBound } from './upper-bound.ts';

/** How many REST calls an operation may need at most. */
export interface Costs {
  /** Works it out for these variables. Throws `OPERATION_TOO_COMPLEX` where that is too many. */
  check(runnable: Runnable, variables: Readonly<Record<string, unknown>>): number;
}

/** Results kept a plan; a client that asks for pages of a thousand different sizes finds some of them anew. */
const MAX_KEPT = 64;
/** What is told of an operation that has too many paths to be counted. */
const UNCOUNTED = 1_000_000_000;

/**
 * Bounds the REST calls of one operation before any of it runs.
 *
 * How many it needs depends on the sizes in its variables and on nothing else of them, so that it is worked out once
 * for each combination of sizes.
 */
export function createCosts(maxCalls: number): Costs {
  const kept = new WeakMap<OperationPlan, Map<string, number>>();
  return {
    check({ plan }, variables) {
      const sizes = sizesIn(plan, variables);
      let costs = kept.get(plan);
      if (costs === undefined) {
        costs = new Map();
        kept.set(plan, costs);
      }
      const known = costs.get(sizes);
      if (known !== undefined) return known;
      // Variables that are not what the operation says: nothing of it will run, and nothing is learnt of others.
      if (!areValid(plan, variables)) return 0;
      const bound = upperBound(plan, variables);
      const calls = callsOf(bound, plan);
      if (calls > maxCalls) throw tooMany(bound, calls, maxCalls);
      if (costs.size >= MAX_KEPT) costs.clear();
      costs.set(sizes, calls);
      return calls;
    },
  };
}

/** What is declared, and one call for each mutation that is written by hand: `signIn` asks the users backend. */
function callsOf({ calls, byHand }: UpperBound, { operation }: OperationPlan): number {
  if (operation.operation !== 'mutation') return calls;
  return calls + byHand.filter((path) => !path.includes('.')).length;
}

/** All of the variables that a cost depends on: numbers, lengths of lists, and whether anything is there at all. */
function sizesIn({ operation }: OperationPlan, variables: Readonly<Record<string, unknown>>): string {
  let sizes = '';
  for (const { variable } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    sizes += Array.isArray(value)
      ? `[${value.length} `
      : typeof value === 'number' || typeof value === 'boolean' || value === null
        ? `${value} `
        : `${typeof value} `;
  }
  return sizes;
}

function areValid(
  { schema, operation }: OperationPlan,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
  return errors === undefined;
}

function tooMany({ levels }: UpperBound, calls: number, limit: number): WeirError {
  const dearest = levels
    .flat()
    .toSorted((a, b) => b.calls - a.calls)
    .at(0);
  const where = dearest ? ` Most of them are ${dearest.calls} for ${dearest.paths[0]}.` : '';
  return new WeirError('OPERATION_TOO_COMPLEX', 'The operation may need too many REST calls.', {
    limit,
    actual: Math.min(UNCOUNTED, calls),
    hint: `Ask for fewer items with \`first\`, or in several operations.${where}`,
  });
}
