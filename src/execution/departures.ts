import type { Endpoint } from '../backends.ts';
import type { Demand } from '../call.ts';
import type { Departure, Place } from '../datasources/schedule.ts';
import type { Clock } from './clock.ts';
import type { Estimates } from './estimates.ts';
import { Lines } from './lines.ts';
import { OwnWork } from './own-work.ts';
import type { Position } from './positions.ts';
import { Stragglers } from './stragglers.ts';
import { type OpenTicket, openTicket } from './tickets.ts';
import type { Variant } from './variants.ts';
import { WaitCounts } from './wait-counts.ts';
import { Waves } from './waves.ts';

/** What is left open, for checking that every mark was undone. All zero when nothing is under way. */
export interface Audit {
  readonly outstanding: number;
  readonly pending: number;
  readonly held: number;
  readonly inFlight: number;
  readonly timers: number;
}

export interface DeparturesOptions {
  readonly variant: Variant;
  readonly clock: Clock;
  readonly estimates: Estimates;
  /** When the operation's budget ends, on the clock. */
  readonly deadlineAt: number;
}

/**
 * Static wait sets: a batch leaves as soon as nothing is under way, at any position that its own positions wait
 * for, that could still add a key to it.
 *
 * No deadlock: a held batch waits only for positions of a lower order. A position is outstanding only while a
 * batch of its own order or a lower one is held (a load moves its key down where that is not so), a call is
 * under way, or a resolver's promise is pending. So the lowest held batch waits for nothing that is held.
 */
export class Departures {
  /** Why nothing leaves any more, or null. */
  refusal: Error | null = null;
  readonly variant: Variant;
  readonly clock: Clock;
  readonly estimates: Estimates;
  readonly deadlineAt: number;
  readonly waits: WaitCounts;
  readonly lines: Lines;
  readonly work: OwnWork;
  readonly inFlight = new Set<OpenTicket>();
  private readonly waves: Waves;
  /** Made when something is held for the first time. */
  private stragglers: Stragglers | null = null;
  /** Held batches that take no more keys. */
  private full: OpenTicket[] = [];
  private woken = false;

  constructor({ variant, clock, estimates, deadlineAt }: DeparturesOptions) {
    this.variant = variant;
    this.clock = clock;
    this.estimates = estimates;
    this.deadlineAt = deadlineAt;
    this.waits = new WaitCounts(variant, this);
    this.lines = new Lines(variant);
    this.work = new OwnWork(this.waits, clock, estimates);
    this.waves = new Waves(variant);
  }

  hold(place: Place, endpoint: Endpoint, departure: Departure): OpenTicket {
    const ticket = openTicket(place, endpoint, departure);
    this.lines.add(ticket);
    // Even where it has to wait: the flush then sets the timer that bounds the wait.
    this.wake();
    return ticket;
  }

  close(ticket: OpenTicket): void {
    this.lines.remove(ticket);
    this.full.push(ticket);
    this.wake();
  }

  start(place: Place, endpoint: Endpoint, departure: Departure): OpenTicket {
    const ticket = openTicket(place, endpoint, departure);
    this.send(ticket);
    return ticket;
  }

  absorb(into: OpenTicket, from: OpenTicket): void {
    for (const position of from.marks) this.mark(into, position);
  }

  drop(ticket: OpenTicket): void {
    this.end(ticket);
    this.lines.remove(ticket);
  }

  settle(ticket: OpenTicket): void {
    if (ticket.done) return;
    const now = this.clock.now();
    this.estimates.observe(ticket.endpoint.id, ticket.endpoint.usualMs, now - ticket.sentAt);
    for (const position of ticket.marks) {
      this.waves.note(position, ticket);
      this.work.progress(position, now);
    }
    this.inFlight.delete(ticket);
    this.end(ticket);
  }

  demand(ticket: OpenTicket, keys: readonly string[]): Demand {
    ticket.told = true;
    const { wave, marks } = ticket;
    return { batchSize: keys.length, keys, wave, paths: () => marks.map(({ path }) => path) };
  }

  abort(error: Error): void {
    if (this.refusal !== null) return;
    this.refusal = error;
    this.stragglers?.stop();
    this.waits.close();
    const open = [...this.inFlight, ...this.held()];
    this.inFlight.clear();
    this.lines.clear();
    this.full = [];
    for (const ticket of open) {
      this.end(ticket);
      ticket.departure.fail(error);
    }
  }

  audit(): Audit {
    return {
      ...this.waits.total(),
      held: this.held().length,
      inFlight: this.inFlight.size,
      timers: this.stragglers?.armed ? 1 : 0,
    };
  }

  /** Nothing can add keys to what is held at this slot any more. */
  onFree(slot: number): void {
    if (this.lines.hasTickets(slot)) this.wake();
  }

  /** Sends what is full and what waits for nothing, and bounds the wait of what is left. */
  flush(): void {
    this.woken = false;
    const { full } = this;
    if (full.length > 0) {
      this.full = [];
      for (const ticket of full) this.leave(ticket);
    }
    for (let free = this.lines.takeFree(this.waits); free; free = this.lines.takeFree(this.waits)) {
      for (const ticket of free) this.leave(ticket);
    }
    if (this.stragglers === null && this.lines.isEmpty) return;
    this.stragglers ??= new Stragglers(this);
    this.stragglers.check();
  }

  /** Lets nothing wait for a call that is late, nor for the work that waits for it. */
  release(late: OpenTicket): void {
    this.uncount(late);
    for (const position of late.marks) this.work.release(position);
  }

  /** Notes that a position waits for a batch; null where nobody knows which position it is. */
  protected mark(ticket: OpenTicket, at: Position | null): void {
    if (at !== null && ticket.done) {
      this.waves.note(at, ticket);
      return;
    }
    if (at !== null && (ticket.marks.at(-1) === at || ticket.marks.includes(at))) return;
    if (!ticket.told) ticket.wave = Math.max(ticket.wave, this.waves.at(at));
    if (at === null) return;
    ticket.marks.push(at);
    if (!ticket.released) this.waits.add(at);
  }

  /** A place for loads of a position that it does not declare: they wait for what the position waits for. */
  protected openLine({ order, waitsFor }: Position, endpoint: Endpoint): Place {
    const place: Place = { slot: this.waits.open(waitsFor), order };
    this.lines.open(place, endpoint, waitsFor);
    return place;
  }

  /** Flushes after every microtask that is pending now, as DataLoader does: they may still add keys. */
  protected wake(): void {
    if (this.woken) return;
    this.woken = true;
    resolved.then(() => process.nextTick(flush, this));
  }

  private leave(ticket: OpenTicket): void {
    if (!ticket.held) return;
    this.send(ticket);
    ticket.departure.leave();
  }

  private send(ticket: OpenTicket): void {
    ticket.held = false;
    ticket.sentAt = this.clock.now();
    this.inFlight.add(ticket);
  }

  private end(ticket: OpenTicket): void {
    ticket.held = false;
    ticket.done = true;
    this.uncount(ticket);
  }

  /** Undoes a ticket's marks, once. */
  private uncount(ticket: OpenTicket): void {
    if (ticket.released) return;
    ticket.released = true;
    for (const position of ticket.marks) this.waits.remove(position);
  }

  private held(): OpenTicket[] {
    const held = this.full.filter((ticket) => ticket.held);
    for (const { tickets } of this.lines.holding()) held.push(...tickets);
    return held;
  }
}

/** What is queued behind it runs after every microtask that is pending. */
const resolved = Promise.resolve();

function flush(departures: Departures): void {
  departures.flush();
}
