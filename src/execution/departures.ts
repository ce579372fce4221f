import type { Endpoint } from '../backends.ts';
import type { Demand } from '../call.ts';
import type { Departure, Place } from '../datasources/schedule.ts';
import type { Clock } from './clock.ts';
import type { Estimates } from './estimates.ts';
import type { Position } from './positions.ts';
import { Stragglers } from './stragglers.ts';
import { type Line, type OpenTicket, USUAL_WORK_MS, type Work, workName } from './tickets.ts';
import type { Variant } from './variants.ts';
import { WaitCounts } from './wait-counts.ts';

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
  /** By slot. */
  readonly lines = new Map<number, Line>();
  readonly inFlight = new Set<OpenTicket>();
  readonly work = new Map<Position, Work>();
  /** Made when something is held for the first time. */
  private stragglers: Stragglers | null = null;
  /** Held batches that take no more keys. */
  private full: OpenTicket[] = [];
  private woken = false;
  /** By position: the wave of the deepest call that answered there. */
  private readonly waves: number[] = [];
  private deepest = 0;

  constructor({ variant, clock, estimates, deadlineAt }: DeparturesOptions) {
    this.variant = variant;
    this.clock = clock;
    this.estimates = estimates;
    this.deadlineAt = deadlineAt;
    this.waits = new WaitCounts(variant, this);
  }

  hold(place: Place, endpoint: Endpoint, departure: Departure): OpenTicket {
    const ticket = openTicket(place, endpoint, departure);
    this.lineAt(place, endpoint).tickets.push(ticket);
    // Even where it has to wait: the flush then sets the timer that bounds the wait.
    this.wake();
    return ticket;
  }

  close(ticket: OpenTicket): void {
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
    const line = this.lines.get(ticket.place.slot);
    if (line) line.tickets = line.tickets.filter((one) => one !== ticket);
  }

  settle(ticket: OpenTicket): void {
    if (ticket.done) return;
    const now = this.clock.now();
    this.estimates.observe(ticket.endpoint.id, ticket.endpoint.usualMs, now - ticket.sentAt);
    for (const position of ticket.marks) {
      this.noteWave(position, ticket.wave);
      const work = this.work.get(position);
      if (work !== undefined) work.since = now;
    }
    this.deepest = Math.max(this.deepest, ticket.wave);
    this.inFlight.delete(ticket);
    this.end(ticket);
  }

  demand(ticket: OpenTicket, keys: readonly string[]): Demand {
    ticket.told = true;
    const { wave, marks } = ticket;
    return { batchSize: keys.length, keys, wave, paths: () => marks.map(({ path }) => path) };
  }

  /** Rejects whatever is held or under way, and every load from now on. For a deadline or a client that left. */
  abort(error: Error): void {
    if (this.refusal !== null) return;
    this.refusal = error;
    this.stragglers?.stop();
    this.waits.close();
    const held = this.held();
    if (held.length === 0 && this.inFlight.size === 0) return;
    const open = [...this.inFlight, ...held];
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

  /** Notes that a position waits for a batch; null where nobody knows which position it is. */
  protected mark(ticket: OpenTicket, at: Position | null): void {
    if (at === null) {
      // Nobody knows which answers led here: all that have come are taken to.
      if (!ticket.told) ticket.wave = Math.max(ticket.wave, this.deepest + 1);
      return;
    }
    if (ticket.done) {
      this.noteWave(at, ticket.wave);
      return;
    }
    if (ticket.marks.at(-1) === at || ticket.marks.includes(at)) return;
    ticket.marks.push(at);
    if (!ticket.told) {
      for (const { index } of at.waitsFor) ticket.wave = Math.max(ticket.wave, (this.waves[index] ?? 0) + 1);
    }
    if (!ticket.released) this.waits.add(at);
  }

  /** Counts a promise that a resolver returned beside its loads. */
  protected watch(position: Position, promise: PromiseLike<unknown>): void {
    let work = this.work.get(position);
    if (work === undefined || work.released) {
      work = { position, count: 0, since: 0, released: false };
      this.work.set(position, work);
    }
    if (work.count === 0) work.since = this.clock.now();
    work.count += 1;
    this.waits.add(position);
    const counted = work;
    const done = (): void => {
      if (counted.released) return;
      counted.count -= 1;
      if (position.sources.length === 0) {
        this.estimates.observe(workName(position), USUAL_WORK_MS, this.clock.now() - counted.since);
      }
      this.waits.remove(position);
    };
    promise.then(done, done);
  }

  /** A place for loads of a position that it does not declare: they wait for what the position waits for. */
  protected openLine({ order, waitsFor }: Position, endpoint: Endpoint): Place {
    const place: Place = { slot: this.waits.open(waitsFor), order };
    this.lines.set(place.slot, { place, endpoint, waitsFor, tickets: [] });
    return place;
  }

  /** Flushes after every microtask that is pending now, as DataLoader does: they may still add keys. */
  protected wake(): void {
    if (this.woken) return;
    this.woken = true;
    resolved.then(() => process.nextTick(flush, this));
  }

  /** Nothing can add keys to what is held at this slot any more. */
  onFree(slot: number): void {
    if (this.lines.get(slot)?.tickets.length) this.wake();
  }

  /** Sends what is full and what waits for nothing, and bounds the wait of what is left. */
  flush(): void {
    this.woken = false;
    if (this.full.length > 0) {
      const full = this.full;
      this.full = [];
      for (const ticket of full) this.leave(ticket);
    }
    for (let line = this.firstFree(); line; line = this.firstFree()) {
      const { tickets } = line;
      line.tickets = [];
      for (const ticket of tickets) this.leave(ticket);
    }
    if (this.stragglers === null && !this.isHolding()) return;
    this.stragglers ??= new Stragglers(this);
    this.stragglers.check();
  }

  private isHolding(): boolean {
    for (const { tickets } of this.lines.values()) if (tickets.length > 0) return true;
    return false;
  }

  /** The line of the lowest order that has something to send and waits for nothing. */
  private firstFree(): Line | null {
    let first: Line | null = null;
    for (const line of this.lines.values()) {
      if (line.tickets.length === 0 || !this.waits.isFree(line.place.slot)) continue;
      if (first === null || line.place.order < first.place.order) first = line;
    }
    return first;
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

  /** Undoes a ticket's marks, once. */
  private end(ticket: OpenTicket): void {
    ticket.held = false;
    ticket.done = true;
    this.uncount(ticket);
  }

  private uncount(ticket: OpenTicket): void {
    if (ticket.released) return;
    ticket.released = true;
    for (const position of ticket.marks) this.waits.remove(position);
  }

  /** Lets nothing wait for what is late, nor for the promises that wait for it themselves. */
  release(late: OpenTicket | Work): void {
    if ('position' in late) {
      late.released = true;
      for (let i = 0; i < late.count; i += 1) this.waits.remove(late.position);
      return;
    }
    this.uncount(late);
    for (const position of late.marks) {
      const work = this.work.get(position);
      if (work !== undefined && !work.released) this.release(work);
    }
  }

  private lineAt(place: Place, endpoint: Endpoint): Line {
    let line = this.lines.get(place.slot);
    if (line === undefined) {
      const waitsFor = this.variant.groups[place.slot]?.waitsFor ?? [];
      line = { place, endpoint, waitsFor, tickets: [] };
      this.lines.set(place.slot, line);
    }
    return line;
  }

  private held(): OpenTicket[] {
    return [...this.lines.values()].flatMap((line) => line.tickets).filter((ticket) => ticket.held);
  }

  private noteWave({ index }: Position, wave: number): void {
    if (this.variant.awaited[index]) this.waves[index] = Math.max(this.waves[index] ?? 0, wave);
  }
}

/** What is queued behind it runs after every microtask that is pending. */
const resolved = Promise.resolve();

function flush(departures: Departures): void {
  departures.flush();
}

function openTicket(place: Place, endpoint: Endpoint, departure: Departure): OpenTicket {
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
