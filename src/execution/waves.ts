import type { Position } from './positions.ts';
import type { OpenTicket } from './tickets.ts';
import type { Variant } from './variants.ts';

/** Works out in which wave calls are: 1 for a call that waited for no other, 2 for one that waited for such. */
export class Waves {
  private readonly variant: Variant;
  /** By position: the wave of the deepest call that answered there. */
  private readonly answered: number[] = [];
  private deepest = 0;

  constructor(variant: Variant) {
    this.variant = variant;
  }

  /** The answer of a call has come to a position. */
  note({ index }: Position, { wave }: OpenTicket): void {
    this.deepest = Math.max(this.deepest, wave);
    if (this.variant.awaited[index]) this.answered[index] = Math.max(this.answered[index] ?? 0, wave);
  }

  /** The wave of a call for keys of a position, or of a place that nobody knows: then of all that has come. */
  at(position: Position | null): number {
    if (position === null) return this.deepest + 1;
    let wave = 1;
    for (const { index } of position.waitsFor) wave = Math.max(wave, (this.answered[index] ?? 0) + 1);
    return wave;
  }
}
