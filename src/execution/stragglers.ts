import type { Clock } from './clock.ts';
import type { Estimates } from './estimates.ts';
import type { Line, Lines } from './lines.ts';
import type { OwnWork } from './own-work.ts';
import type { Position } from './positions.ts';
import type { OpenTicket } from './tickets.ts';
import type { Variant } from './variants.ts';
import type { WaitCounts } from './wait-counts.ts';

/** What stragglers need to know of the operation whose batches are held. */
export interface Holding {
  readonly variant: Variant;
  readonly waits: WaitCounts;
  readonly clock: Clock;
  readonly estimates: Estimates;
  /** When the operation's budget ends, on the clock. */
  readonly deadlineAt: number;
  readonly inFlight: ReadonlySet<OpenTicket>;
  readonly work: OwnWork;
  readonly lines: Lines;
  /** Lets nothing wait for it any more. */
  release(late: OpenTicket): void;
}

/**
 * Bounds how long held batches wait for calls that do not answer.
 *
 * A call that is late for its endpoint stops counting, and so does one for which a held batch would wait until
 * too little of the budget is left for itself and for what comes after it. The batch leaves then with the keys
 * it has; keys that come with the late answer make a batch of their own.
 */
export class Stragglers {
  private readonly holding: Holding;
  private cancel: (() => void) | null = null;
  private dueAt = Number.POSITIVE_INFINITY;

  constructor(holding: Holding) {
    this.holding = holding;
  }

  /** Whether a timer is set. */
  get armed(): boolean {
    return this.cancel !== null;
  }

  /** Releases what is late, and sets the timer for what will be next. To be called after batches have left. */
  check(): void {
    const blocking = this.blocking();
    if (blocking.size === 0) {
      this.stop();
      return;
    }
    const { inFlight, work, clock } = this.holding;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const ticket of [...inFlight]) {
      const latest = ticket.released ? null : latestOf(ticket.marks, blocking);
      if (latest === null) continue;
      const dueAt = Math.min(this.lateAt(ticket), latest);
      if (dueAt <= now) this.holding.release(ticket);
      else next = Math.min(next, dueAt);
    }
    for (const { position, lateAt } of [...work.unfinished()]) {
      const latest = blocking.get(position);
      if (latest === undefined) continue;
      const dueAt = Math.min(lateAt, latest);
      if (dueAt <= now) work.release(position);
      else next = Math.min(next, dueAt);
    }
    this.arm(next, now);
  }

  /** Cancels the timer. */
  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.dueAt = Number.POSITIVE_INFINITY;
  }

  private arm(dueAt: number, now: number): void {
    if (dueAt === this.dueAt) return;
    this.stop();
    if (dueAt === Number.POSITIVE_INFINITY) return;
    this.dueAt = dueAt;
    this.cancel = this.holding.clock.after(Math.max(0, dueAt - now), () => {
      this.cancel = null;
      this.dueAt = Number.POSITIVE_INFINITY;
      this.check();
    });
  }

  /** The positions that a held batch waits for, each with the latest moment until which the budget allows it. */
  private blocking(): Map<Position, number> {
    const { lines, waits, deadlineAt } = this.holding;
    const blocking = new Map<Position, number>();
    const rests = new Map<number, number>();
    for (const line of lines.holding()) {
      if (waits.isFree(line.place.slot)) continue;
      const latest =
        deadlineAt === Number.POSITIVE_INFINITY ? deadlineAt : deadlineAt - this.restMs(line, rests);
      for (const position of line.waitsFor) {
        if (waits.outstandingAt(position) === 0) continue;
        blocking.set(position, Math.min(blocking.get(position) ?? Number.POSITIVE_INFINITY, latest));
      }
    }
    return blocking;
  }

  private restMs({ place, endpoint }: Line, rests: Map<number, number>): number {
    const { estimates, variant } = this.holding;
    return place.slot < variant.groups.length
      ? restOf(place.slot, variant, estimates, rests)
      : estimates.expectedMs(endpoint.id, endpoint.usualMs);
  }

  private lateAt({ endpoint, sentAt }: OpenTicket): number {
    return sentAt + this.holding.estimates.lateMs(endpoint.id, endpoint.usualMs);
  }
}

function latestOf(marks: readonly Position[], blocking: ReadonlyMap<Position, number>): number | null {
  let latest: number | null = null;
  for (const position of marks) {
    const until = blocking.get(position);
    if (until !== undefined) latest = latest === null ? until : Math.min(latest, until);
  }
  return latest;
}

/** How long a group's call and the longest chain of calls after it are expected to take, in milliseconds. */
function restOf(slot: number, variant: Variant, estimates: Estimates, known: Map<number, number>): number {
  const before = known.get(slot);
  if (before !== undefined) return before;
  const group = variant.groups[slot];
  if (group === undefined) return 0;
  let after = 0;
  for (const follower of variant.followers[slot] ?? []) {
    after = Math.max(after, restOf(follower, variant, estimates, known));
  }
  const rest = after + estimates.expectedMs(group.endpoint.id, group.endpoint.usualMs);
  known.set(slot, rest);
  return rest;
}
