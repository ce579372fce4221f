import { getOperationAST, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { flattenOperation } from '../../src/execution/flatten.ts';
import { createPlanner } from '../../src/execution/plan.ts';
import { createRunnables } from '../../src/execution/runnable.ts';
import { settleErrors } from '../../src/execution/settle-errors.ts';
import { randomOperation } from './engine/operations.ts';
import { createRows } from './engine/rows.ts';
import { prepare, type RunResult, worldSchemas } from './engine/run.ts';
import { table } from './engine/world.ts';

const { bare: schema } = worldSchemas;

const toErrors = (result: RunResult, source: string): string[] => {
  const operation = getOperationAST(parse(source));
  if (!operation) throw new Error('no operation');
  return settleErrors(schema, operation, result.data, result.errors)
    .map(({ path, message }) => `${path?.join('.')} ${message}`)
    .sort();
};

const flatten = (source: string, variables: Readonly<Record<string, boolean>>) => {
  const document = parse(source);
  const operation = getOperationAST(document);
  return operation && flattenOperation(schema, document, operation, new Map(Object.entries(variables)));
};

describe('a compiled operation', () => {
  it('answers like graphql-js: data, the order of keys, nulls and errors, over random operations', async () => {
    for (let seed = 1; seed <= 250; seed += 1) {
      const { source, variables } = randomOperation(seed);
      const operation = prepare(source);
      const options = { rows: createRows({ absent: seed % 2 === 0 }), variables, loading: 'direct' } as const;
      const expected = await operation.run({ ...options, engine: 'js' });
      const flat = flatten(source, variables);
      if (!flat) throw new Error(`not flattened: ${source}`);
      const compiled = await operation.run({ ...options, engine: 'jit', document: flat });
      expect(JSON.stringify(compiled.data), source).toBe(JSON.stringify(expected.data));
      expect(toErrors(compiled, print(flat)), source).toEqual(toErrors(expected, print(flat)));
    }
  });

  it('would not do so as it stands: the reason for flattening', async () => {
    let differing = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const { source, variables } = randomOperation(seed);
      const operation = prepare(source);
      const options = { rows: createRows({}), variables, loading: 'direct' } as const;
      const [js, jit] = [
        await operation.run({ ...options, engine: 'js' }),
        await operation.run({ ...options, engine: 'jit' }),
      ];
      if (JSON.stringify(js.data) !== JSON.stringify(jit.data)) differing += 1;
    }
    expect(differing).toBeGreaterThan(0);
  });
});

describe('flattening', () => {
  it('gives valid documents without fragments on objects and without conditions', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { source, variables } = randomOperation(seed);
      const flat = flatten(source, variables);
      if (!flat) throw new Error(`not flattened: ${source}`);
      const unused = (message: string): boolean => !message.includes('is never used');
      expect(
        validate(schema, flat)
          .map(({ message }) => message)
          .filter(unused),
      ).toEqual([]);
      expect(JSON.stringify(flat)).not.toMatch(/"FragmentSpread"|"skip"|"include"/);
    }
  });

  it('gives up on a fragment bomb at once', () => {
    const depth = 40;
    const fragments = Array.from(
      { length: depth },
      (_, level) =>
        `fragment F${level} on Person { a: friend { ...F${level + 1} } b: friend { ...F${level + 1} } }`,
    );
    const source = `{ me { ...F0 } } ${fragments.join('\n')} fragment F${depth} on Person { id }`;
    const startedAt = performance.now();
    expect(flatten(source, {})).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(250);
  });

  it('compiles no more than a few combinations of conditions, and runs the others all the same', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const source = `query (${names.map((name) => `$${name}: Boolean!`).join(', ')}) {
      me { id ${names.map((name) => `${name}: name @include(if: $${name})`).join(' ')} }
    }`;
    const document = parse(source);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    const runnableFor = createRunnables(schema, createPlanner({ schema, table }), document, operation);
    const made = Array.from({ length: 64 }, (_, bits) =>
      runnableFor(Object.fromEntries(names.map((name, index) => [name, (bits & (1 << index)) !== 0]))),
    );
    expect(new Set(made.filter(({ compiled }) => compiled !== null)).size).toBe(16);
    expect(made.filter(({ compiled }) => compiled === null)).toHaveLength(48);
  });
});
