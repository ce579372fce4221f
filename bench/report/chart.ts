import type { Results, WorkloadResult } from './results.ts';

const WIDTH = 760;
const LEFT = 168;
const RIGHT = 56;
const BAR = 16;
const STEP = 22;
const GROUP_HEAD = 34;
const GROUP_GAP = 18;
const TOP = 74;

/** Ratios beyond this are cut short, with their figure beside: one slow peer must not flatten all the others. */
const MOST = 5;

/** Colours for light and dark, by what a thing is; the figures are readable without any of them. */
const STYLE = `
  svg { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; color-scheme: light dark; }
  .paper { fill: #ffffff } .ink { fill: #1b1f24 } .faint { fill: #59636e }
  .line { stroke: #d1d9e0 } .limit { stroke: #1b1f24 } .target { stroke: #b35900; stroke-width: 2 }
  .weir { fill: #0969da } .peer { fill: #afb8c1 }
  .title { font-size: 16px; font-weight: 600 } .group { font-weight: 600 } .strong { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .ink { fill: #e6edf3 } .faint { fill: #9198a1 }
    .line { stroke: #3d444d } .limit { stroke: #e6edf3 } .target { stroke: #f0883e }
    .weir { fill: #4493f8 } .peer { fill: #565e68 }
  }
`;

interface Bar {
  readonly name: string;
  readonly title: string;
  readonly ratio: number;
}

/** Draws the ratios as bars, a group a workload: an SVG that follows the reader's light or dark. */
export function toChart(results: Results): string {
  const groups = Object.entries(results.workloads).map(([name, result]) => ({
    name,
    result,
    bars: toBars(results, result),
  }));
  const bars = groups.flatMap((group) => group.bars);
  const most = Math.min(MOST, Math.max(1.5, ...bars.map(({ ratio }) => ratio)));
  const scale = (ratio: number): number => LEFT + (Math.min(ratio, most) / most) * (WIDTH - LEFT - RIGHT);
  const parts: string[] = [];
  let y = TOP;
  for (const { name, result, bars: own } of groups) {
    parts.push(text(16, y + 14, `${name}  ${result.title}`, 'ink group'));
    y += GROUP_HEAD - 8;
    const bottom = y + own.length * STEP;
    for (const [index, { title, ratio, name: who }] of own.entries()) {
      const top = y + index * STEP;
      const cut = ratio > most ? ' →' : '';
      parts.push(
        text(LEFT - 10, top + 13, title, who === 'weir' ? 'ink strong' : 'faint', 'end'),
        `<rect x="${LEFT}" y="${top}" width="${fixed(scale(ratio) - LEFT)}" height="${BAR}" rx="2" class="${who === 'weir' ? 'weir' : 'peer'}"/>`,
        text(
          scale(ratio) + 6,
          top + 13,
          `${ratio.toFixed(2)}${cut}`,
          who === 'weir' ? 'ink strong' : 'faint',
        ),
      );
      if (who === 'weir' && result.target !== null) parts.push(tick(scale(result.target), top));
    }
    parts.push(line(scale(1), y - 4, bottom, 'limit'));
    y = bottom + GROUP_GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${escaped(summary(results))}">
<style>${STYLE}</style>
<rect width="${WIDTH}" height="${y}" class="paper"/>
${text(16, 28, 'CPU an answer takes, of what the same answer takes by hand', 'ink title')}
${text(16, 50, 'Upright line: a hand-written node:http and undici endpoint (1.00). Short line: the target. Less is better.', 'faint')}
${parts.join('\n')}
</svg>
`;
}

/** Who is drawn: those who do the same work, beside L. */
function drawn({ contestants }: Results): readonly { readonly name: string; readonly title: string }[] {
  return Object.entries(contestants)
    .filter(([name, { apart }]) => name !== 'limit' && name !== 'control' && !apart)
    .map(([name, { title }]) => ({ name, title }));
}

function toBars(results: Results, { standings }: WorkloadResult): readonly Bar[] {
  return drawn(results)
    .flatMap(({ name, title }) => {
      const ratio = standings[name]?.ratio.median;
      return ratio === undefined ? [] : [{ name, title, ratio }];
    })
    .sort((a, b) => a.ratio - b.ratio);
}

function summary(results: Results): string {
  return Object.entries(results.workloads)
    .map(([name, { standings }]) => {
      const own = drawn(results).map(
        ({ name: who, title }) => `${title} ${standings[who]?.ratio.median.toFixed(2) ?? 'none'}`,
      );
      return `${name}: ${own.join(', ')}`;
    })
    .join('. ');
}

const fixed = (value: number): string => value.toFixed(1);

function text(x: number, y: number, content: string, classes: string, anchor = 'start'): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" class="${classes}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function line(x: number, from: number, to: number, classes: string): string {
  return `<line x1="${fixed(x)}" x2="${fixed(x)}" y1="${fixed(from)}" y2="${fixed(to)}" class="${classes}"/>`;
}

const tick = (x: number, top: number): string => line(x, top - 2, top + BAR + 2, 'target');

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
