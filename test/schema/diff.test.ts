import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { schema as command } from '../../cli/schema.ts';
import { diffSchemas } from '../../src/schema/diff.ts';
import { lintSchema } from '../../src/schema/lint.ts';
import { readProject } from '../docs/markdown.ts';

const committed = readProject('schema.graphql');
afterEach(() => vi.restoreAllMocks());

describe('a difference of schemas', () => {
  const before = buildSchema(committed);
  const kindsAfter = (from: string | RegExp, to: string) => {
    const changed = committed.replace(from, to);
    expect(changed).not.toBe(committed);
    const { breaking, dangerous, additions } = diffSchemas(before, buildSchema(changed));
    return { breaking, dangerous, additions };
  };

  it('is none between a schema and itself', () => {
    expect(diffSchemas(before, buildSchema(committed))).toEqual({
      breaking: [],
      dangerous: [],
      additions: [],
    });
  });

  it.each([
    [
      'a field that is gone',
      /^ {2}"{3}[^"]*"{3}\n {2}airline: String!$/m,
      '',
      'FIELD_REMOVED',
      'Flight.airline was removed.',
    ],
    [
      'a type that changed',
      /^ {2}seatsLeft: Int!$/m,
      '  seatsLeft: String!',
      'FIELD_CHANGED_KIND',
      'Offer.seatsLeft',
    ],
    [
      'a value that is gone',
      /^ {2}"{3}[^"]*"{3}\n {2}HELD$/m,
      '',
      'VALUE_REMOVED_FROM_ENUM',
      'HELD was removed',
    ],
    [
      'what may be null now',
      /^ {2}reference: String!$/m,
      '  reference: String',
      'FIELD_CHANGED_KIND',
      'Booking.reference',
    ],
    [
      'input that must be given now',
      /^ {2}note: String$/m,
      '  note: String!',
      'FIELD_CHANGED_KIND',
      'DecideInput.note',
    ],
  ])('names %s as breaking', (_, from, to, kind, words) => {
    const { breaking } = kindsAfter(from, to);
    expect(breaking).toEqual([{ kind, description: expect.stringContaining(words) }]);
  });

  it('names a new value as dangerous, and a new field as new', () => {
    expect(kindsAfter(/^ {2}HELD$/m, '  HELD\n  WAITLISTED')).toMatchObject({
      breaking: [],
      dangerous: [{ kind: 'VALUE_ADDED_TO_ENUM' }],
    });
    expect(kindsAfter(/^ {2}airline: String!$/m, '  airline: String!\n  gate: String')).toEqual({
      breaking: [],
      dangerous: [],
      additions: [{ kind: 'FIELD_ADDED', description: 'Flight.gate was added.' }],
    });
    expect(
      kindsAfter(/^ {2}airline: String!$/m, '  airline: String! @deprecated(reason: "Use `carrier`.")'),
    ).toEqual({
      breaking: [],
      dangerous: [],
      additions: [{ kind: 'FIELD_DEPRECATED', description: 'Flight.airline was deprecated: Use `carrier`.' }],
    });
  });
});

describe('weir schema', () => {
  it('diff fails on breaking changes alone, and names them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-diff-'));
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const against = join(folder, 'before.graphql');
    const run = (text: string, ...more: string[]) => {
      writeFileSync(against, text);
      return command(['diff', '--against', against, ...more]);
    };
    const richer = committed.replace(/^ {2}airline: String!$/m, '  airline: String!\n  gate: String');
    expect(run(richer)).toBe(1);
    expect(log.mock.calls.flat().join('\n')).toContain('breaking  Flight.gate was removed.');
    expect(run(richer, '--allow-breaking')).toBe(0);
    expect(run(committed.replace(/^ {2}"{3}[^"]*"{3}\n {2}airline: String!$/m, ''))).toBe(0);
    rmSync(folder, { recursive: true });
  });

  it('lint finds nothing in what is committed', () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(lintSchema(buildSchema(committed))).toEqual([]);
    expect(command(['lint'])).toBe(0);
  });

  it('says how it is used', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(command([])).toBe(2);
    expect(error.mock.calls.flat().join('')).toContain('weir schema diff');
  });
});

describe('lintSchema', () => {
  it('names what has no description, no reason, or another spelling', () => {
    const faults = lintSchema(
      buildSchema(`
        "All." type Query {
          "Old." a: Int @deprecated
          b("How many." first: Int, after: String): Int
          "Odd." odd_name: Int
        }
        enum Kind { "One." one }
        directive @odd(of: Int) on FIELD
      `),
    );
    expect(faults).toEqual([
      'Query.a is deprecated without saying why and what to use instead',
      'Query.b has no description',
      'Query.b(after:) has no description',
      'Query.odd_name is not written as ^[a-z][A-Za-z0-9]*$',
      'Kind has no description',
      'Kind.one is not written as ^[A-Z][A-Z0-9_]*$',
      '@odd has no description',
      '@odd(of:) has no description',
    ]);
  });
});
