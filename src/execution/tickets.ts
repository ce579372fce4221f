import type { Endpoint } from '../backends.ts';
import type { Departure, Place, Ticket } from '../datasources/schedule.ts';
import type { Position } from './positions.ts';

/** A batch or call as its scheduler sees it. */
export interface OpenTicket extends Ticket {
  held: boolean;
  /** Settled, dropped or failed. */
  done: boolean;
  /** Its marks were undone: it is done, or under way for too long. Nothing waits for it any more. */
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

/** A ticket for a batch that is held, or for a call that is about to start. */
export function openTicket(place: Place, endpoint: Endpoint, departure: Departure): OpenTicket {
  return {
    place,
    endpoint,
    departure,
    marks: [],
    held: true,
    done: false,
    released: false,
    told: false,
    wave: 1,
    sentAt: 0,
  };
}
