import type { Clock } from './clock.ts';
import type { Estimates } from './estimates.ts';
import type { Position } from './positions.ts';
import type { WaitCounts } from './wait-counts.ts';

/** Promises that resolvers of one position returned beside their loads. */
export interface Work {
  readonly position: Position;
  count: number;
  /** When the first of them was returned, or when a load of the position last made progress. */
  since: number;
  released: boolean;
}

/** How long a resolver written by hand usually takes until it was measured, in milliseconds. */
const USUAL_WORK_MS = 100;

/** Counts what resolvers do beside their loads, so that what it leads to is waited for as well. */
export class OwnWork {
  private readonly waits: WaitCounts;
  private readonly clock: Clock;
  private readonly estimates: Estimates;
  private readonly byPosition = new Map<Position, Work>();

  constructor(waits: WaitCounts, clock: Clock, estimates: Estimates) {
    this.waits = waits;
    this.clock = clock;
    this.estimates = estimates;
  }

  /** Counts a promise that a resolver of this position returned, until it is settled. */
  watch(position: Position, promise: PromiseLike<unknown>): void {
    let known = this.byPosition.get(position);
    if (known === undefined || known.released) {
      known = { position, count: 0, since: 0, released: false };
      this.byPosition.set(position, known);
    }
    const work = known;
    if (work.count === 0) work.since = this.clock.now();
    work.count += 1;
    this.waits.add(position);
    const done = (): void => {
      if (work.released) return;
      work.count -= 1;
      if (position.sources.length === 0) {
        this.estimates.observe(nameOf(position), USUAL_WORK_MS, this.clock.now() - work.since);
      }
      this.waits.remove(position);
    };
    promise.then(done, done);
  }

  /** A load of the position has been answered: what waited for it works on from now. */
  progress(position: Position, now: number): void {
    const work = this.byPosition.get(position);
    if (work !== undefined) work.since = now;
  }

  /** Lets nothing wait for the work of a position that is under way now. */
  release(position: Position): void {
    const work = this.byPosition.get(position);
    if (work === undefined || work.released) return;
    work.released = true;
    for (let i = 0; i < work.count; i += 1) this.waits.remove(position);
  }

  /**
   * Work that is under way and waits for no load of its position, each with the moment at which it is late. A
   * promise whose load is held, or under way, is not late as long as that is not.
   */
  *unfinished(): Iterable<{ readonly position: Position; readonly lateAt: number }> {
    for (const { position, count, since, released } of this.byPosition.values()) {
      if (released || count === 0 || this.waits.outstandingAt(position) > count) continue;
      const usualMs = position.sources[0]?.usualMs ?? USUAL_WORK_MS;
      yield { position, lateAt: since + this.estimates.lateMs(nameOf(position), usualMs) };
    }
  }
}

/** The name under which the time of a position's work is remembered: its endpoint, or its field. */
function nameOf({ sources, step }: Position): string {
  const at = step.fields[0];
  return sources[0]?.id ?? `${at?.parentType.name}.${at?.field.name}`;
}
