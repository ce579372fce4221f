import { describe, expect, it } from 'vitest';
import { fencesOf, readProject, tableOf } from './markdown.ts';

const page = readProject('docs/architecture.md');

/** The rows of the ladder as the test that holds it has them: `world, server`. */
const held = [
  ...(
    /const ladder[^=]*= \[\n([\s\S]*?)^\];/m.exec(
      readProject('test/architecture/import-ladder.test.ts'),
    )?.[1] ?? ''
  ).matchAll(/^ {2}\[(.*)\],$/gm),
].map(([, row = '']) => row.replaceAll("'", ''));

describe('docs/architecture.md', () => {
  it('shows the ladder that is held', () => {
    const shown = fencesOf(page).find(({ language }) => language === 'text');
    expect(held.length).toBeGreaterThan(10);
    expect(shown?.text.trim().split('\n')).toEqual(held);
  });

  it('says of each room what it does, in the order of the ladder', () => {
    expect(tableOf(page, 'room').map(([room]) => room)).toEqual(
      held.flatMap((row) => row.split(', ')).map((room) => `\`${room}\``),
    );
  });
});
