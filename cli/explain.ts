import { parseArgs } from 'node:util';
import type { ExplainedCall, Explanation } from '../src/execution/explain.ts';
import { houseExplainer, readSources } from './operations.ts';

export const usage = `weir explain <file, folder or query>... [--variables '{"first": 10}'] [--json]
  Says which REST calls each operation makes at most, level by level, before it runs. Asks no backend.`;

/** Prints what each operation costs at most. Returns the exit code. */
export function explain(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { variables: { type: 'string', default: '{}' }, json: { type: 'boolean', default: false } },
  });
  if (positionals.length === 0) {
    console.error(usage);
    return 2;
  }
  const explainer = houseExplainer();
  const variables = JSON.parse(values.variables);
  const explanations = readSources(positionals).flatMap(({ text }) => explainer.explain(text, variables));
  console.log(values.json ? JSON.stringify(explanations, null, 2) : explanations.map(toText).join('\n\n'));
  return 0;
}

function toText({ operation, calls, depth, levels, assumed, untold }: Explanation): string {
  const lines = [
    `${operation ?? '(no name)'}: at most ${plural(calls, 'call')}, ${plural(depth, 'step')} deep`,
  ];
  for (const [index, level] of levels.entries()) {
    lines.push(`  step ${index + 1}`, ...level.map(callToText));
  }
  if (assumed.length > 0)
    lines.push(`  taken to have 100 items, since nothing says how many: ${assumed.join(', ')}`);
  if (untold.length > 0) lines.push(`  written by hand, so not counted: ${untold.join(', ')}`);
  return lines.join('\n');
}

function callToText({ endpoints, calls, keys, batched, paths }: ExplainedCall): string {
  const how = batched
    ? plural(keys, 'key')
    : keys > 1
      ? 'one an item: this backend has no bulk read'
      : 'one key';
  return `    ${String(calls).padStart(4)} × ${endpoints.join(' or ')}  (${how})  ← ${paths.join(', ')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
