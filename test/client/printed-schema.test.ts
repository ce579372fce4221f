import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  specifiedDirectives,
  specifiedScalarTypes,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { readProject } from '../docs/markdown.ts';

const text = readProject('schema.graphql');
const document = parse(text);
const schema = buildSchema(text);

/** Words that no Kotlin or Swift generator can use for a property, a case or a type without escaping. */
const reserved = new Set(
  `as break class continue do else false for fun if in interface is null object package return super this throw true
  try typealias typeof val var when while associatedtype deinit enum extension fileprivate func import init inout
  internal let open operator private protocol public rethrows static struct subscript case default defer fallthrough
  guard repeat switch where catch self Self Any throws Type Protocol`.split(/\s+/),
);

const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const membersOf = (type: (typeof types)[number]): string[] => {
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return Object.keys(type.getFields());
  return isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
};

describe('schema.graphql, for generators of other languages', () => {
  it('uses no directive that it does not declare', () => {
    const declared = new Set(specifiedDirectives.map(({ name }) => name));
    const used = new Set<string>();
    visit(document, {
      [Kind.DIRECTIVE_DEFINITION]: ({ name }) => void declared.add(name.value),
      [Kind.DIRECTIVE]: ({ name }) => void used.add(name.value),
    });
    expect([...used].filter((name) => !declared.has(name))).toEqual([]);
  });

  it('has descriptions as block strings only', () => {
    const plain: string[] = [];
    visit(document, {
      [Kind.STRING]: (node, key) => {
        if (key === 'description' && node.block !== true) plain.push(node.value);
      },
    });
    expect(plain).toEqual([]);
  });

  it('extends nothing: each type stands in one place', () => {
    const definitions = document.definitions.map(({ kind }) => kind);
    expect(definitions.filter((kind) => kind.endsWith('Extension'))).toEqual([]);
  });

  it('names the scalars that a generator has to be told about', () => {
    const own = types.filter(isScalarType).map(({ name }) => name);
    const builtIn = specifiedScalarTypes.map(({ name }) => name);
    expect(own.filter((name) => !builtIn.includes(name)).sort()).toEqual([
      'CurrencyCode',
      'Date',
      'DateTime',
      'Decimal',
    ]);
  });

  it('takes no name that is a reserved word of Kotlin or Swift', () => {
    const taken = types
      .flatMap((type) => [type.name, ...membersOf(type).map((member) => `${type.name}.${member}`)])
      .filter((name) => reserved.has(name.split('.').at(-1) ?? ''));
    expect(taken).toEqual([]);
  });

  it('has no two names that differ only in their case', () => {
    const scopes = [types.map(({ name }) => name), ...types.map(membersOf)];
    for (const names of scopes)
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });
});
