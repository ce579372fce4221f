import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { anchorsOf, fencesOf, linksOf, pages, readProject, root } from './markdown.ts';

const schema = buildSchema(readProject('schema.graphql'));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readProject('package.json')));

/** Addresses of this machine, and names that nobody can own. */
const OURS = /^https?:\/\/(?:127\.0\.0\.1|localhost|(?:[\w-]+\.)?weir\.example)(?:[:/]|$)/;

describe.each(pages())('%s', (page) => {
  const text = readProject(page);

  it('links only to what is there', () => {
    const dead = linksOf(text).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(readProject(file)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('names no place outside of this repository', () => {
    const outside = [...text.matchAll(/\bhttps?:\/\/[^\s)`"'<>|,]+/g)].map(([address]) => address);
    expect(outside.filter((address) => !OURS.test(address))).toEqual([]);
  });

  it('says commands that exist', () => {
    const commands = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test|ci)\b)/g)];
    const unknown = commands
      .map(([, script, short]) => script ?? short ?? '')
      .filter((name) => name !== 'ci' && scripts[name] === undefined);
    expect(unknown).toEqual([]);
  });

  it('names files that are there', () => {
    const named = [...text.matchAll(/`((?:src|test|demo|docs|codegen|contracts|explorer)\/[\w./-]*)`/g)];
    // A recipe names what its reader is about to make, or to generate beside it.
    const made = fencesOf(text).flatMap(({ lead }) => /`([^`]+)`/.exec(lead)?.[1] ?? []);
    const missing = named
      .map(([, path = '']) => path)
      .filter(
        (path) => !existsSync(join(root, path)) && !made.some((file) => path.startsWith(dirname(file))),
      );
    expect(missing).toEqual([]);
  });
});

const queries = pages()
  // What a recipe adds to the schema is asked in the test that follows the recipe.
  .filter((page) => page !== 'docs/adding-a-backend.md')
  .flatMap((page) =>
    fencesOf(readProject(page))
      .filter(({ language }) => language === 'graphql')
      .map(({ text }) => ({ page, text })),
  );

it.each(queries)('$page has GraphQL that the schema knows: $text', ({ text }) => {
  expect(validate(schema, parse(text))).toEqual([]);
});
