import type { Endpoint } from '../backends.ts';
import type { Departure, Place, Ticket } from '../datasources/schedule.ts';
import type { Position } from './positions.ts';

/** A batch or call as its scheduler sees it. */
export interface OpenTicket extends Ticket {
  held: boolean;
  /** Settled, dropped or failed. */
  done: boolean;
  /** Under way for too long: nothing waits for it any more. */
  released: boolean;
  readonly endpoint: Endpoint;
  readonly departure: Departure;
  /** The positions that wait for it, each once. */
  readonly marks: Position[];
  /** Grows with the positions that join, until its demand was told. */
  wave: number;
  told: boolean;
  /** When it was sent, on the clock. */
  sentAt: number;
}

/** The batches that are held for one slot. */
export interface Line {
  readonly place: Place;
  readonly endpoint: Endpoint;
  readonly waitsFor: readonly Position[];
  tickets: OpenTicket[];
}

/** Promises that resolvers of one position returned beside their loads. */
export interface Work {
  readonly position: Position;
  count: number;
  /** When the first of them was returned, or when a load of the position last made progress. */
  since: number;
  released: boolean;
}

/** How long a resolver written by hand usually takes until it was measured, in milliseconds. */
export const USUAL_WORK_MS = 100;

/** The name under which the time of a position's own work is remembered. */
export function workName({ sources, step }: Position): string {
  const at = step.fields[0];
  return sources[0]?.id ?? `${at?.parentType.name}.${at?.field.name}`;
}
