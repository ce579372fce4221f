import type { Endpoint } from '../backends.ts';
import type { Place } from '../datasources/schedule.ts';
import type { Position } from './positions.ts';
import type { OpenTicket } from './tickets.ts';
import type { Variant } from './variants.ts';
import type { WaitCounts } from './wait-counts.ts';

/** The batches that are held for one slot. */
export interface Line {
  readonly place: Place;
  readonly endpoint: Endpoint;
  readonly waitsFor: readonly Position[];
  tickets: OpenTicket[];
}

/** All batches that are held, by slot. */
export class Lines {
  private readonly variant: Variant;
  private readonly bySlot = new Map<number, Line>();

  constructor(variant: Variant) {
    this.variant = variant;
  }

  /** Opens the line of a slot that the plan does not know. */
  open(place: Place, endpoint: Endpoint, waitsFor: readonly Position[]): void {
    this.bySlot.set(place.slot, { place, endpoint, waitsFor, tickets: [] });
  }

  add(ticket: OpenTicket): void {
    const { place, endpoint } = ticket;
    const line = this.bySlot.get(place.slot);
    if (line !== undefined) {
      line.tickets.push(ticket);
      return;
    }
    const waitsFor = this.variant.groups[place.slot]?.waitsFor ?? [];
    this.bySlot.set(place.slot, { place, endpoint, waitsFor, tickets: [ticket] });
  }

  remove(ticket: OpenTicket): void {
    const line = this.bySlot.get(ticket.place.slot);
    if (line !== undefined) line.tickets = line.tickets.filter((one) => one !== ticket);
  }

  hasTickets(slot: number): boolean {
    return (this.bySlot.get(slot)?.tickets.length ?? 0) > 0;
  }

  /** Takes the tickets that wait for nothing: those of the lowest order, or null where there are none. */
  takeFree(waits: WaitCounts): readonly OpenTicket[] | null {
    let first: Line | null = null;
    for (const line of this.bySlot.values()) {
      if (line.tickets.length === 0 || !waits.isFree(line.place.slot)) continue;
      if (first === null || line.place.order < first.place.order) first = line;
    }
    if (first === null) return null;
    const { tickets } = first;
    first.tickets = [];
    return tickets;
  }

  /** The lines that hold something. */
  *holding(): Iterable<Line> {
    for (const line of this.bySlot.values()) if (line.tickets.length > 0) yield line;
  }

  get isEmpty(): boolean {
    for (const line of this.bySlot.values()) if (line.tickets.length > 0) return false;
    return true;
  }

  clear(): void {
    this.bySlot.clear();
  }
}
