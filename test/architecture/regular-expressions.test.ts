import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Without one of these an expression looks at no character more than so many times. */
const repeats = /[*+]|\{\d+,\}/;

/** Every regular expression that stands in a file, as it is written. */
function expressionsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(root + file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) found.push(node.getText());
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

const toExpression = (text: string): RegExp => {
  const end = text.lastIndexOf('/');
  return new RegExp(text.slice(1, end), `${text.slice(end + 1).replace(/[gy]/g, '')}g`);
};

const LENGTH = 20_000;
/** Linear takes about a millisecond for so long a text, quadratic some two hundred at least, the rest for ever. */
const MOST_MS = 60;

/**
 * Texts that make an expression go back: pieces of its own alphabet over and over, behind what it begins with, and
 * before what it cannot end with.
 */
function* attacksOn({ source }: RegExp): Generator<string> {
  const plain = source
    .replace(/\\u\{?[0-9a-f]+\}?|\\x[0-9a-f]{2}|\\p\{\w+\}|\\[bB]|\(\?(?:<?[!=]|:|<\w+>)/gi, '')
    .replace(/\\s/g, ' ')
    .replace(/\\d/g, '1')
    .replace(/\\w/g, 'w')
    .replace(/\\(.)/g, '$1');
  const letters = [
    ...new Set([...plain.replace(/[[\](){}^$*+?|]/g, ''), 'a', '1', ' ', '.', '"', '\\', '/', '-', ',']),
  ];
  const words = source.match(/[A-Za-z]{2,}[ =:/-]*/g) ?? [];
  const units = [
    ...letters,
    ...letters.flatMap((one) => ['"', '\\', '.', ' ', 'a', ';'].map((two) => one + two)),
  ];
  const begins = ['', 'a', 'a"', 'a@', 'a=', ...words];
  const ends = ['', '\u0000', '@', '"', '!'];
  for (const unit of new Set(units)) {
    for (const begin of begins) {
      for (const end of ends) yield begin + unit.repeat(Math.ceil(LENGTH / unit.length)) + end;
    }
  }
}

/** The longest that the expression takes for any of them, in milliseconds; what is slow once must be so twice more. */
function slowestOf(expression: RegExp): { readonly ms: number; readonly text: string } {
  let slowest = { ms: 0, text: '' };
  const time = (text: string): number => {
    const startedAt = performance.now();
    text.replace(expression, '');
    return performance.now() - startedAt;
  };
  for (const text of attacksOn(expression)) {
    let ms = time(text);
    for (let again = 0; again < 2 && ms > MOST_MS; again += 1) ms = Math.min(ms, time(text));
    if (ms > slowest.ms) slowest = { ms, text: `${text.slice(0, 20)}...${text.slice(-3)}` };
    if (ms > MOST_MS) return slowest;
  }
  return slowest;
}

/** Those that look only at texts which are short by then, and how short. */
const BOUNDED: ReadonlyMap<string, string> = new Map([
  ['/^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$/', 'input-checks.ts looks at no address of more than 254 characters'],
  ['/\\/+$/', 'addresses from the settings'],
  ['/(\\d+)\\./', 'the version that our own database says it has'],
  ['/\\s*;\\s*/', 'vary.ts looks at headers that we send ourselves'],
]);

describe('regular expressions', () => {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.includes('gen'));
  const all = new Set(files.flatMap(expressionsOf));

  it('of the list of those that see only short texts are all there', () => {
    expect([...BOUNDED.keys()].filter((text) => !all.has(text))).toEqual([]);
  });

  it('cannot be made slow by any text', () => {
    expect(all.size).toBeGreaterThan(50);
    const slow = [...all]
      .filter((text) => repeats.test(text) && !BOUNDED.has(text))
      .map((text) => ({ expression: text, ...slowestOf(toExpression(text)) }))
      .filter(({ ms }) => ms > MOST_MS);
    expect(slow).toEqual([]);
  }, 120_000);

  it.each([
    '/([^\\s,;="]+)(?:=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]*)))?[^,"]*(?:"(?:[^"\\\\]|\\\\.)*"[^,"]*)*/g',
    '/^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$/',
    '/\\/+$/',
  ])(
    'that can be are found: %s',
    (text) => {
      expect(slowestOf(toExpression(text)).ms).toBeGreaterThan(MOST_MS);
    },
    60_000,
  );
});
