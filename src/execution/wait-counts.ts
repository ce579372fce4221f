import type { Position } from './positions.ts';
import type { Variant } from './variants.ts';

/**
 * The counters of one operation: how many answers are outstanding at each position, and for how many such
 * positions each slot still waits. A slot is free when none is left: no answer under way can add a key to it.
 */
export class WaitCounts {
  private readonly variant: Variant;
  private readonly listener: { onFree(slot: number): void };
  /** By position. Made when the first answer is waited for. */
  private outstanding: number[] | null = null;
  /** By slot: the plan's, then those opened while running. */
  private pending: number[] | null = null;
  /** By position: slots opened while running that wait for it. */
  private opened: Map<number, number[]> | null = null;
  private closed = false;

  constructor(variant: Variant, listener: { onFree(slot: number): void }) {
    this.variant = variant;
    this.listener = listener;
  }

  /** One more answer is outstanding at this position. Positions that nothing waits for are not counted. */
  add({ index }: Position): void {
    if (this.closed || !this.variant.awaited[index]) return;
    this.outstanding ??= new Array<number>(this.variant.active.length).fill(0);
    const before = this.outstanding[index] ?? 0;
    this.outstanding[index] = before + 1;
    if (before === 0) this.shift(index, 1);
  }

  /** One answer less is outstanding at this position. */
  remove({ index }: Position): void {
    if (this.closed || this.outstanding === null || !this.variant.awaited[index]) return;
    const left = (this.outstanding[index] ?? 0) - 1;
    this.outstanding[index] = left;
    if (left === 0) this.shift(index, -1);
  }

  outstandingAt({ index }: Position): number {
    return this.outstanding?.[index] ?? 0;
  }

  isFree(slot: number): boolean {
    return (this.pending?.[slot] ?? 0) === 0;
  }

  /** Opens a slot that the plan does not know; it waits for these positions. */
  open(waitsFor: readonly Position[]): number {
    this.pending ??= new Array<number>(this.variant.groups.length).fill(0);
    const slot = this.pending.length;
    this.opened ??= new Map();
    let pending = 0;
    for (const position of waitsFor) {
      const slots = this.opened.get(position.index) ?? [];
      slots.push(slot);
      this.opened.set(position.index, slots);
      if (this.outstandingAt(position) > 0) pending += 1;
    }
    this.pending.push(pending);
    return slot;
  }

  /** Frees everything for good. */
  close(): void {
    this.closed = true;
    this.outstanding = null;
    this.pending = null;
  }

  /** The sum of all counters, for checking that every mark was undone: zero when nothing is under way. */
  total(): { readonly outstanding: number; readonly pending: number } {
    const sum = (counts: readonly number[] | null) =>
      (counts ?? []).reduce((all, one) => all + Math.abs(one), 0);
    return { outstanding: sum(this.outstanding), pending: sum(this.pending) };
  }

  private shift(index: number, by: 1 | -1): void {
    this.pending ??= new Array<number>(this.variant.groups.length).fill(0);
    for (const slot of this.variant.dependents[index] ?? []) this.shiftSlot(this.pending, slot, by);
    const opened = this.opened?.get(index);
    if (opened !== undefined) for (const slot of opened) this.shiftSlot(this.pending, slot, by);
  }

  private shiftSlot(pending: number[], slot: number, by: 1 | -1): void {
    const left = (pending[slot] ?? 0) + by;
    pending[slot] = left;
    if (left === 0) this.listener.onFree(slot);
  }
}
