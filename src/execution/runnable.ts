import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { type Conditions, conditionVariables, flattenOperation } from './flatten.ts';
import { hasDefaultedInput } from './input-defaults.ts';
import type { OperationPlan, Planner } from './plan.ts';
import { resolveInfoEnricher } from './positions.ts';

/** An operation as it runs where the variables of `@skip` and `@include` are known. */
export interface Runnable {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Which loads wait for which. */
  readonly plan: OperationPlan;
  /** Null where graphql-jit cannot run it; graphql-js runs it then. */
  readonly compiled: CompiledQuery | null;
}

export type RunnableFor = (variables: Readonly<Record<string, unknown>>) => Runnable;

/** Beyond this many combinations of conditions nothing more is compiled: graphql-js runs the rest as it stands. */
const MAX_COMPILED = 16;

/**
 * Makes what runs an operation, once for each combination of its conditions.
 *
 * What is compiled and planned has neither fragments nor conditions: each response path has one field, so that a
 * resolver's place is known without looking.
 */
export function createRunnables(
  schema: GraphQLSchema,
  planner: Planner,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): RunnableFor {
  const deciding = conditionVariables(document);
  const defaults = defaultsOf(operation);
  const known = new Map<string, Runnable>();
  let asItStands: Runnable | null = null;

  const make = (conditions: Conditions): Runnable => {
    const flat = mayCompile(schema, document, operation)
      ? flattenOperation(schema, document, operation, conditions)
      : null;
    const flatOperation = flat && getOperationAST(flat, operation.name?.value);
    if (!flat || !flatOperation) return standing();
    let compiled: CompiledQuery | null | undefined;
    return {
      document: flat,
      operation: flatOperation,
      plan: planner.planOperation(flat, flatOperation),
      // Not before it is run: whether it may run is decided by its plan, which is made in a tenth of the time.
      get compiled() {
        if (compiled === undefined) compiled = compile(schema, flat, operation.name?.value ?? '');
        return compiled;
      },
    };
  };
  const standing = (): Runnable => {
    asItStands ??= { document, operation, plan: planner.planOperation(document, operation), compiled: null };
    return asItStands;
  };

  return (variables) => {
    let name = '';
    for (const variable of deciding) name += isTrue(variable, variables, defaults) ? '1' : '0';
    const found = known.get(name);
    if (found) return found;
    if (known.size >= MAX_COMPILED) return standing();
    const conditions = new Map(deciding.map((variable) => [variable, isTrue(variable, variables, defaults)]));
    const made = make(conditions);
    known.set(name, made);
    return made;
  };
}

function isTrue(name: string, variables: Readonly<Record<string, unknown>>, defaults: Conditions): boolean {
  return Object.hasOwn(variables, name) ? variables[name] === true : (defaults.get(name) ?? false);
}

function defaultsOf({ variableDefinitions }: OperationDefinitionNode): Conditions {
  return new Map(
    variableDefinitions?.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue !== undefined && valueFromASTUntyped(defaultValue) === true,
    ]),
  );
}

function compile(schema: GraphQLSchema, document: DocumentNode, name: string): CompiledQuery | null {
  const compiled = compileQuery(schema, document, name, {
    disablingCapturingStackErrors: true,
    resolverInfoEnricher: resolveInfoEnricher,
  });
  return isCompiledQuery(compiled) ? compiled : null;
}

/**
 * graphql-jit knows neither events nor incremental delivery, nor defaults within input objects; and what is called
 * `__proto__` it puts in the place of an object's prototype, where no answer has it.
 */
function mayCompile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  if (operation.operation === 'subscription' || hasDefaultedInput(schema, operation)) return false;
  let may = true;
  visit(document, {
    [Kind.DIRECTIVE]: ({ name }: { readonly name: { readonly value: string } }) => {
      if (name.value === 'defer' || name.value === 'stream') may = false;
    },
    [Kind.NAME]: ({ value }: { readonly value: string }) => {
      if (value === '__proto__') may = false;
    },
  });
  return may;
}
