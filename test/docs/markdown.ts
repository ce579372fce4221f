import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file of the project as text; the path is from its root. */
export function readProject(path: string): string {
  return readFileSync(`${root}/${path}`, 'utf8');
}

/** Every page for readers, from the project's root. */
export function pages(): string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();
}

/** A fenced block of a page. */
export interface Fence {
  /** What stands behind the opening backticks: `graphql`. */
  readonly language: string;
  readonly text: string;
  /** The last line of words before it. */
  readonly lead: string;
}

/** Every fenced block of a page, in their order. */
export function fencesOf(page: string): Fence[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: language = '', 2: text = '' }) => ({
      language,
      text,
      lead: page.slice(0, index).trimEnd().split('\n').at(-1) ?? '',
    }),
  );
}

/** The rows of the table whose head starts with this cell, without the head; cells without their padding. */
export function tableOf(page: string, head: string): string[][] {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === head);
  if (start === -1) throw new Error(`no table starts with ${head}`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return (end === -1 ? rows : rows.slice(0, end)).map(cellsOf);
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** Where a page's links and pictures lead, code left out. */
export function linksOf(page: string): string[] {
  const words = page.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const inline = [...words.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const attributes = [...words.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, target = '']) => target);
  return [...inline, ...attributes];
}

/** The anchors of a page's headings, as a reader's browser makes them. */
export function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
