import type { WorkloadName } from '../workloads.ts';
import type { Results, WorkloadResult } from './results.ts';

const NAME_WIDTH = 22;
const CELL_WIDTH = 19;

/** The results as text, with the targets beside what was measured. */
export function toTable(results: Results): string {
  const { workloads, contestants, latency, memory } = results;
  const columns = Object.entries(workloads) as [WorkloadName, WorkloadResult][];
  const lines = [
    `CPU a request, of L's in the same round: the middle of ${results.rounds} rounds over ${results.generations} generations of processes`,
    `${results.machine}, ${results.pinned ? 'servers on one core, load and backend on the other' : 'NOT PINNED to cores'}`,
    '',
    ...columns.map(([name, { title }]) => `  ${name}  ${title}`),
    '',
    row(
      '',
      columns.map(([name]) => name),
    ),
  ];
  const cells = (of: (result: WorkloadResult) => string): string[] => columns.map(([, result]) => of(result));
  lines.push(
    row(
      "L's own CPU",
      cells(({ standings }) => `${standings.limit?.micros ?? '-'} µs`),
    ),
  );
  for (const [name, { title }] of Object.entries(contestants)) {
    if (name === 'limit') continue;
    lines.push(
      row(
        title,
        cells((result) => toCell(result, name)),
      ),
    );
    if (name === 'weir')
      lines.push(
        row(
          '  target',
          cells(({ target }) => target?.toFixed(2) ?? '-'),
        ),
      );
  }
  lines.push(
    row(
      'REST calls',
      cells((result) => toCalls(results, result)),
    ),
  );
  for (const [name, { void: why }] of columns) if (why) lines.push(`!! ${name} IS VOID: ${why}`);

  if (latency) {
    const { callMs, targetOverMs, standings } = latency;
    lines.push('', `W2 at ${callMs} ms a call: the middle duration, and how far above L's`);
    for (const [name, { p50Ms, overMs }] of Object.entries(standings)) {
      const target = name === 'weir' ? `   target +${targetOverMs.toFixed(1)}` : '';
      lines.push(
        `${pad(contestants[name]?.title ?? name)}${`${p50Ms.toFixed(1)} ms`.padStart(10)}${signed(overMs).padStart(9)}${target}`,
      );
    }
  }
  lines.push('', "Memory after the run, and of L's");
  for (const [name, { rssMb, ratio }] of Object.entries(memory)) {
    const target = name === 'weir' ? `   target ${MEMORY_TARGET}` : '';
    lines.push(
      `${pad(contestants[name]?.title ?? name)}${`${rssMb} MB`.padStart(10)}${ratio.toFixed(2).padStart(9)}${target}`,
    );
  }
  return lines.join('\n');
}

export const MEMORY_TARGET = 1.15;

function toCell({ standings }: WorkloadResult, name: string): string {
  const standing = standings[name];
  if (!standing) return '-';
  const { median, low, high } = standing.ratio;
  return `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
}

/** One figure where all who do the same work make as many calls, else the least and the most. */
function toCalls({ contestants }: Results, { standings }: WorkloadResult): string {
  const alike = Object.entries(standings).filter(([name]) => !contestants[name]?.apart);
  const counts = new Set(alike.map(([, { calls }]) => calls));
  return [...counts].sort((a, b) => a - b).join(' to ');
}

const pad = (text: string): string => text.padEnd(NAME_WIDTH);

const signed = (ms: number): string => `${ms < 0 ? '' : '+'}${ms.toFixed(1)}`;

function row(name: string, cells: readonly string[]): string {
  return pad(name) + cells.map((cell) => cell.padStart(CELL_WIDTH + 2)).join('');
}
