import { type GraphQLError, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import type { BackendTable } from '../backends.ts';
import { createPlanner } from './plan.ts';
import { createRunnables, type Runnable } from './runnable.ts';
import { type CallBound, upperBound } from './upper-bound.ts';

/** One kind of call at one level, as a person reads it. */
export interface ExplainedCall {
  /** `orders GET /orders?userIds`; several where the key decides which one is asked. */
  readonly endpoints: readonly string[];
  /** The most calls, and the most keys that they carry. */
  readonly calls: number;
  readonly keys: number;
  /** Whether one call serves many keys; a list below which none does costs a call an item. */
  readonly batched: boolean;
  readonly paths: readonly string[];
}

/** Which REST calls an operation makes at most, level by level, known before it runs. */
export interface Explanation {
  /** Null for an operation without a name. */
  readonly operation: string | null;
  readonly calls: number;
  /** Steps of calls that wait for one another. */
  readonly depth: number;
  readonly levels: readonly (readonly ExplainedCall[])[];
  /** Lists that are taken to be long, because nothing says how long they are. */
  readonly assumed: readonly string[];
  /** Fields whose resolvers may call what no declaration tells. */
  readonly untold: readonly string[];
}

export interface Explainer {
  /** Every operation of a document. Throws `NotExplained` with what is wrong with it. */
  explain(text: string, variables?: Readonly<Record<string, unknown>>): readonly Explanation[];
}

/** A document that is not valid, with GraphQL's own words on it. */
export class NotExplained extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }
}

/** Explains operations on a schema whose SDL says what loads from where. Asks no backend. */
export function createExplainer(schema: GraphQLSchema, table: BackendTable): Explainer {
  const planner = createPlanner({ schema, table });
  return {
    explain(text, variables = {}) {
      const document = parse(text);
      const errors = validate(schema, document);
      if (errors.length > 0) throw new NotExplained(errors);
      return document.definitions
        .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
        .map((operation) => {
          const runnable = createRunnables(schema, planner, document, operation)(variables);
          return explainRunnable(runnable, variables);
        });
    },
  };
}

/** What one operation, as it runs with these variables, calls at most. */
export function explainRunnable(
  { operation, plan }: Pick<Runnable, 'operation' | 'plan'>,
  variables: Readonly<Record<string, unknown>>,
): Explanation {
  const { calls, levels, assumed, byHand } = upperBound(plan, variables);
  const explained = levels.map((level) => level.map(toExplained)).filter((level) => level.length > 0);
  return {
    operation: operation.name?.value ?? null,
    calls,
    depth: explained.length,
    levels: explained,
    assumed,
    untold: byHand,
  };
}

function toExplained({ endpoints, calls, keys, isBulk, paths }: CallBound): ExplainedCall {
  return {
    endpoints: endpoints.map(({ backend, route }) => `${backend} ${route}`),
    calls,
    keys,
    batched: isBulk,
    paths,
  };
}
