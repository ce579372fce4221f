import type { Chart } from '../waterfall/layout.ts';

const pageOfRows = 10;

/**
 * The call that a key leads to from the active one: up and down by one, page up and down by ten, home and end,
 * left and right to the first call of the wave before or after. Null for other keys, and at the ends.
 */
export function targetOf(key: string, { waves }: Chart, activeId: string | null): string | null {
  const ids = waves.flatMap((wave) => wave.rows.map((row) => row.call.id));
  const index = activeId === null ? -1 : ids.indexOf(activeId);
  const wave = waves.findIndex(({ rows }) => rows.some((row) => row.call.id === activeId));
  const at = (place: number) => ids[Math.min(Math.max(place, 0), ids.length - 1)] ?? null;
  const firstOf = (place: number) => waves[place]?.rows[0]?.call.id ?? null;
  switch (key) {
    case 'ArrowDown':
      return at(index + 1);
    case 'ArrowUp':
      return at(index - 1);
    case 'PageDown':
      return at(index + pageOfRows);
    case 'PageUp':
      return at(index - pageOfRows);
    case 'Home':
      return at(0);
    case 'End':
      return at(ids.length - 1);
    case 'ArrowRight':
      return firstOf(wave + 1);
    case 'ArrowLeft':
      return firstOf(Math.max(wave - 1, 0));
    default:
      return null;
  }
}
