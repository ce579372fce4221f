import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toChart } from './chart.ts';
import type { Results } from './results.ts';

/** Keeps a run in a folder, as `latest.json` and `chart.svg`; returns what it wrote, for people. */
export function writeResults(results: Results, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const files = [
    { path: join(folder, 'latest.json'), text: `${JSON.stringify(results, null, 2)}\n` },
    { path: join(folder, 'chart.svg'), text: toChart(results) },
  ];
  for (const { path, text } of files) writeFileSync(path, text);
  return files.map(({ path }) => `written: ${relative(process.cwd(), path)}`);
}
