import type { Endpoint } from '../backends.ts';
import type { Demand } from '../call.ts';

/** Where in its operation a load is made. Loads of one endpoint, the same arguments and one slot share a batch. */
export interface Place {
  readonly slot: number;
  /** A held batch waits only for places of a lower order; a load at a lower order than its batch's moves the key. */
  readonly order: number;
}

/** What a loader tells the schedule about one batch, or about one call that serves a single key. */
export interface Departure {
  /** Sends the batch. Called once, unless the batch was dropped or failed before. */
  leave(): void;
  /** Rejects whatever the batch has promised, sent or not. */
  fail(error: unknown): void;
}

/** One batch or one call, from its first key to its answer. */
export interface Ticket {
  readonly place: Place;
  /** True until it was sent, dropped or failed. */
  readonly held: boolean;
}

/** What a loader remembers. */
export interface Memory {
  /** Forgets everything. Promises already given keep their word. */
  clear(): void;
  /** Forgets what was read, and keeps what was primed. */
  forgetReads(): void;
}

/**
 * Decides when batches leave.
 *
 * A loader opens a batch with `hold` and is told to send it by `leave`; what it sends and how answers are
 * dealt out stays its own. The plain schedule sends in the same turn, after every pending microtask; the
 * scheduler of an operation also waits for calls under way whose answers may add keys.
 */
export interface BatchSchedule {
  /** Why loads are refused (the operation is over), or null. */
  readonly refusal: Error | null;
  /** Where the resolver that is running now stands, for a load from this endpoint. */
  place(endpoint: Endpoint): Place;
  /** Opens a batch. */
  hold(place: Place, endpoint: Endpoint, departure: Departure): Ticket;
  /** Says that a batch takes no more keys, so that waiting cannot help it. */
  close(ticket: Ticket): void;
  /** Announces a call that serves one key and is sent by its loader at once. */
  start(place: Place, endpoint: Endpoint, departure: Departure): Ticket;
  /** Notes that the resolver that is running now waits for that batch. Every load does, the first one too. */
  join(ticket: Ticket): void;
  /** Makes whatever waits for `from` wait for `into` too: keys were moved. */
  absorb(into: Ticket, from: Ticket): void;
  /** Forgets a held batch that has no keys left. */
  drop(ticket: Ticket): void;
  /** Says that the answer of a batch or call is there, or has failed. */
  settle(ticket: Ticket): void;
  /** Tells what a load promised, so that whatever needs no more than its key can start. */
  loaded(endpoint: Endpoint, key: string, promise: Promise<unknown>): void;
  /** Who asked for a batch that is about to be sent. */
  demand(ticket: Ticket, keys: readonly string[]): Demand;
  /** Registers a memory that must forget when a step of the operation may have changed what it holds. */
  register(memory: Memory): void;
}

const nowhere: Place = { slot: 0, order: 0 };

interface TickTicket extends Ticket {
  held: boolean;
}

/**
 * Makes a schedule that sends each batch in the turn in which it was opened, after all pending microtasks.
 *
 * For work outside an operation: workflow steps, background work, tests. It knows no places, so every call
 * says wave 1 and no paths.
 */
export function createTickSchedule(): BatchSchedule {
  const ticketOf = (held: boolean): TickTicket => ({ place: nowhere, held });
  const end = (ticket: TickTicket) => {
    ticket.held = false;
  };
  return {
    refusal: null,
    place: () => nowhere,
    hold(_place, _endpoint, departure) {
      const ticket = ticketOf(true);
      // As DataLoader does: a microtask first, so that the tick comes after every microtask that is pending.
      Promise.resolve().then(() =>
        process.nextTick(() => {
          if (!ticket.held) return;
          ticket.held = false;
          departure.leave();
        }),
      );
      return ticket;
    },
    close: () => {},
    start: () => ticketOf(false),
    join: () => {},
    absorb: () => {},
    drop: end,
    settle: end,
    loaded: () => {},
    demand: (_ticket, keys) => ({ batchSize: keys.length, keys, wave: 1, paths: () => [] }),
    register: () => {},
  };
}
