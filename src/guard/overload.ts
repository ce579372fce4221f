import { WeirError } from '../errors.ts';
import { createLoopMeter, type LoopLoad } from './event-loop.ts';

/** Every number of shedding load, each with its reason. */
export const overloadNumbers = {
  /** Short beside the second in which a client gives up, long beside one turn of the loop. */
  lookEveryMs: 50,
  /**
   * A turn longer than this is a queue. An operation needs about four turns (request, two waves of calls, answer), so
   * that at this length it has waited 100 ms for nothing but its turn.
   */
  turnMs: 25,
  /** Below this share the loop has rested between its turns: then they are long, but nothing piles up. */
  busyShare: 0.9,
  /** Long turns for so long make a jam: for less it is a garbage collection, or one large answer. */
  jamMs: 150,
  /** In a jam as much is cut as turns are too long, since both go together, but never more than this at once. */
  deepestCut: 0.4,
  /** Nor less: a tenth is felt. */
  leastCut: 0.9,
  /** How much more may be under way after a look without a jam, while somebody is refused: slowly to the edge. */
  growth: 1.02,
  /** And when nobody is: from the least to the most in two and a half seconds. */
  regrowth: 1.09,
  /**
   * So many are always taken: they cost no more than 64 times the work of one, and fewer would leave the processor
   * idle while they wait for backends.
   */
  least: 64,
  /** What stands in memory at most: at 50 kB an operation, 200 MB. */
  most: 4096,
  /** Who was refused is asked to come back after 1 to this many whole seconds, drawn, so that not all come at once. */
  retryAfterMaxS: 3,
} as const;

export type OverloadNumbers = { readonly [Name in keyof typeof overloadNumbers]: number };

/** A beginning or an end of shedding, for the log. */
export interface OverloadChange {
  readonly shedding: boolean;
  /** How many operations may be under way now. */
  readonly limit: number;
  /** How many were refused since the last beginning. */
  readonly refused: number;
}

export interface OverloadState {
  /** Operations under way. */
  readonly inFlight: number;
  /** How many may be. */
  readonly limit: number;
  /** How many were refused since the start. */
  readonly refused: number;
}

/** Says whether one more operation can be done in time. */
export interface Overload {
  /** Throws `OVERLOADED` where one more would be too many. To be asked before a request's body is read. */
  check(): void;
  /** Counts an operation as under way, or throws `OVERLOADED`. Whoever enters must leave, once. */
  enter(): void;
  leave(): void;
  state(): OverloadState;
  close(): void;
}

export interface OverloadOptions {
  readonly numbers?: OverloadNumbers;
  readonly onChange: (change: OverloadChange) => void;
  /** In place of the thread's own event loop. */
  readonly load?: () => LoopLoad;
  /** 0 up to 1; in place of `Math.random`. */
  readonly random?: () => number;
}

/**
 * Bounds the operations under way by what the processor can do.
 *
 * How many that are is not known beforehand: it depends on the operations and on how long backends take. So it is
 * found: while turns of the event loop are short, more may be under way; in a jam, fewer than were. An operation that
 * waits for a slow backend makes no turn longer, so that a slow backend alone never leads to a refusal here.
 *
 * Only what is under way is counted, not who is still sending: a thousand slow senders take nobody's place.
 */
export function createOverload(options: OverloadOptions): Overload {
  const { numbers = overloadNumbers, onChange, load = createLoopMeter(), random = Math.random } = options;
  let limit: number = numbers.most;
  let inFlight = 0;
  let peak = 0;
  let refused = 0;
  let refusedBefore = 0;
  let refusedAtLook = 0;
  let jammedMs = 0;
  let lookedAt = 0;
  let shedding = false;
  let timer: NodeJS.Timeout | null = null;

  const look = (): void => {
    const now = performance.now();
    const { busyShare, turnMs } = load();
    const jammed = busyShare > numbers.busyShare && turnMs > numbers.turnMs;
    jammedMs = jammed ? jammedMs + now - lookedAt : 0;
    lookedAt = now;
    const refuses = refused > refusedAtLook;
    refusedAtLook = refused;
    if (!jammed) limit = Math.min(numbers.most, limit * (refuses ? numbers.growth : numbers.regrowth));
    // What was let in before the last cut has to end before it can be told whether that was enough.
    else if (jammedMs >= numbers.jamMs && inFlight <= limit) {
      const cut = Math.min(numbers.leastCut, Math.max(numbers.deepestCut, numbers.turnMs / turnMs));
      limit = Math.max(numbers.least, Math.min(limit, peak) * cut);
      jammedMs = 0;
    }
    peak = inFlight;

    // It has ended when there is room for twice of what is there: before, it would begin anew with the next burst.
    if (shedding ? !refuses && limit > 2 * inFlight : refuses) tell();
    if (inFlight === 0 && limit === numbers.most) stop();
  };

  const tell = (): void => {
    shedding = !shedding;
    if (shedding) refusedBefore = refused;
    onChange({ shedding, limit: Math.floor(limit), refused: refused - refusedBefore });
  };

  // Only while there is work: a gateway that nobody asks sleeps.
  const start = (): void => {
    load();
    lookedAt = performance.now();
    timer = setInterval(look, numbers.lookEveryMs);
    timer.unref();
  };

  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    jammedMs = 0;
  };

  // Made once: a jam is no time to gather a stack for each refusal.
  const refusals = Array.from({ length: numbers.retryAfterMaxS }, (_, index) => toRefusal(index + 1));

  const check = (): void => {
    if (inFlight < limit) return;
    refused += 1;
    throw refusals[Math.floor(random() * refusals.length)] ?? toRefusal(1);
  };

  return {
    check,
    enter() {
      check();
      inFlight += 1;
      if (inFlight > peak) peak = inFlight;
      if (timer === null) start();
    },
    leave() {
      inFlight -= 1;
    },
    state: () => ({ inFlight, limit: Math.floor(limit), refused }),
    close: stop,
  };
}

function toRefusal(retryAfter: number): WeirError {
  return new WeirError('OVERLOADED', 'The gateway has more to do than it can do in time.', {
    hint: 'Wait for retryAfter seconds, and repeat.',
    retryAfter,
  });
}
