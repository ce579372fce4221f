import {
  type DocumentNode,
  execute,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  isObjectType,
} from 'graphql';
import { aheadOf, loadsOf, type Path, pathsOf } from './reference-paths.ts';
import { createRows, isPlainKey, type Rows } from './rows.ts';
import { type Args, createWorldSchema, endpoints, type WorldContext } from './world.ts';

/**
 * What the fewest calls and the level-by-level plan of an operation are, worked out the slow and simple way: one
 * resolver after the other, no batching, no plan. Shares no code with the engine.
 *
 * The level of a load is how many answers had to be there before its key was known. The ideal is one call an
 * endpoint, arguments and level, after chunking, for keys that no lower level has asked for.
 */
export interface Reference {
  readonly data: unknown;
  readonly errors: number;
  /** Of every path at which something is loaded. */
  readonly levels: ReadonlyMap<string, number>;
  readonly idealCalls: number;
  /** The calls of the level-by-level plan, by level. */
  readonly calls: readonly (readonly ReferenceCall[])[];
  /** How long the level-by-level plan takes with these latencies: the sum of each level's slowest call. */
  criticalPath(latency: (endpoint: string, keys: readonly string[], args: Args) => number): number;
}

export interface ReferenceCall {
  readonly endpoint: string;
  readonly args: Args;
  readonly keys: readonly string[];
}

interface Demand {
  readonly lane: string;
  readonly endpoint: string;
  readonly args: Args;
  readonly key: string;
  readonly level: number;
}

interface Recording extends WorldContext {
  /** Runs a resolver so that its loads are recorded at this path. */
  runAt(path: string, run: () => unknown): unknown;
}

/** The bare schema, whose resolvers tell the recording in their context where they stand. */
const recording = createWorldSchema(false);
for (const type of Object.values(recording.getTypeMap())) {
  if (!isObjectType(type)) continue;
  for (const field of Object.values(type.getFields())) {
    const { resolve } = field;
    if (!resolve) continue;
    field.resolve = (parent, args, context: Recording, info) => {
      const keys: string[] = [];
      for (let step: typeof info.path | undefined = info.path; step; step = step.prev) {
        if (typeof step.key === 'string') keys.unshift(step.key);
      }
      return context.runAt(keys.join('.'), () => resolve(parent, args, context, info));
    };
  }
}

/** Runs an operation the slow way and works out what it ideally costs. */
export async function referenceOf(
  document: DocumentNode,
  options: {
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly rows?: Rows;
    readonly warm?: readonly (readonly [endpoint: string, key: string])[];
  } = {},
): Promise<Reference> {
  const { variables: given = {}, rows = createRows(), warm = [] } = options;
  const definitions = getOperationAST(document)?.variableDefinitions ?? [];
  const { coerced: variables = {} } = getVariableValues(recording, definitions, given);
  const paths = pathsOf(document, variables);
  const demands: Demand[] = [];
  const known = new Set(warm.map(([endpoint, key]) => `${endpoint} ${key} `));
  let at: Path | null = null;

  const runAt = <T>(path: Path | null, run: () => T): T => {
    const before = at;
    at = path;
    try {
      return run();
    } finally {
      at = before;
    }
  };

  const startAhead = (parent: Path, endpoint: string, key: string, context: Recording): void => {
    for (const { child, field, node, stub } of aheadOf(parent, endpoint, key)) {
      runAt(child, () => {
        try {
          const args = getArgumentValues(field, node, variables);
          Promise.resolve(field.resolve?.(stub, args, context, {} as never)).catch(() => {});
        } catch {
          // What may not be seen is not loaded.
        }
      });
    }
  };

  const context: Recording = {
    scheduler: null,
    runAt: (path, run) => runAt(paths.get(path) ?? null, run),
    load(endpoint, key, args) {
      if (!isPlainKey(key)) return Promise.resolve(null);
      if (at) {
        const lane = `${endpoint} ${JSON.stringify(args)}`;
        demands.push({ lane, endpoint, args, key, level: at.level });
        startAhead(at, endpoint, key, context);
      }
      return Promise.resolve(rows.find(endpoint, key, args));
    },
    prime: () => {},
    work: () => Promise.resolve(),
    write: async (id, name) => rows.write(id, name),
  };

  const result = await execute({ schema: recording, document, contextValue: context, variableValues: given });

  const calls: ReferenceCall[][] = [];
  for (const lane of new Set(demands.map((one) => one.lane))) {
    const seen = new Set<string>();
    const own = demands.filter((one) => one.lane === lane).sort((a, b) => a.level - b.level);
    for (const level of new Set(own.map((one) => one.level))) {
      const first = own[0];
      if (!first) continue;
      const { endpoint, args } = first;
      const fresh = own
        .filter((one) => one.level === level)
        .map(({ key }) => key)
        .filter((key) => {
          const isWarm = args === undefined && known.has(`${endpoint} ${key} `);
          return !isWarm && !seen.has(key) && seen.add(key);
        });
      const max = endpoints.get(endpoint)?.bulk?.max ?? 1;
      for (let i = 0; i < fresh.length; i += max) {
        const ofLevel = calls[level] ?? [];
        calls[level] = ofLevel;
        ofLevel.push({ endpoint, args, keys: fresh.slice(i, i + max) });
      }
    }
  }

  const levels = new Map<string, number>();
  for (const [name, path] of paths) {
    if (path.fields.some(({ field }) => loadsOf(field).length > 0)) levels.set(name, path.level);
  }
  return {
    data: result.data,
    errors: result.errors?.length ?? 0,
    levels,
    calls,
    idealCalls: calls.flat().length,
    criticalPath: (latency) =>
      calls.reduce(
        (sum, ofLevel) =>
          sum + Math.max(0, ...ofLevel.map(({ endpoint, keys, args }) => latency(endpoint, keys, args))),
        0,
      ),
  };
}
