import { WeirError } from '../errors.ts';
import { createLoopMeter, type LoopLoad } from './event-loop.ts';

/** Every number of shedding load, each with its reason. */
export const overloadNumbers = {
  /** Short beside the second in which a client gives up, long beside one turn of the loop. */
  lookEveryMs: 50,
  /**
   * Operations that take this much of a turn are a queue. One of four calls in two waves needs about twenty turns
   * (bytes of each side come in pieces), so that at this length it has waited a tenth of a second for its turns. And
   * what stands in memory for longer costs more: the garbage collector has to carry it.
   */
  turnMs: 5,
  /**
   * But they may take so many times of what refusals take of a turn. Else a flood would make turns long by its
   * refusals alone, and the fewer were taken in, the more there would be to refuse.
   */
  workShare: 4,
  /** Before our code tells a refusal, node has read it, and cleans up behind it: as long again. */
  refusalFactor: 2,
  /** Below this share the loop has rested between its turns: then they are long, but nothing piles up. */
  busyShare: 0.9,
  /** Long turns for so long make a jam: for less it is a garbage collection, or one large answer. */
  jamMs: 150,
  /**
   * The loop rests for so long before more is taken in for it. Shorter rests come in any flood, when all wait for the same
   * backends: what is taken in for those would only wait with the others, until the queues of the backends are full.
   */
  restMs: 250,
  /** In a jam as much is cut as turns are too long, since both go together, but never more than this at once. */
  deepestCut: 0.4,
  /** Nor less: a tenth is felt. */
  leastCut: 0.9,
  /** How much more may be under way after a look without a jam, while the loop is busy: slowly to the edge. */
  growth: 1.05,
  /** And while it rests: what is refused then is refused for nothing. From the least to the most in half a second of rest. */
  restedGrowth: 1.5,
  /**
   * So many are always taken: they cost no more than 64 times the work of one, and fewer would leave the processor
   * idle while they wait for backends.
   */
  least: 64,
  /** So many at once after a rest: a burst of more would stand in the queues of the backends and fill them. */
  first: 256,
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
  /** Why one more is refused, or null where it is not. To be asked before a request's body is read. */
  refusal(): WeirError | null;
  /** Hears how long it took to tell a refusal, in milliseconds: that much of a turn was no work. */
  refusedIn(ms: number): void;
  /** Throws the refusal, where there is one. */
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
 * found: while operations make the turns of the event loop short, more may be under way; in a jam, fewer than were.
 * An operation that waits for a slow backend makes no turn longer, so that a slow backend alone never leads to a
 * refusal here; and what refusals add to a turn is no reason to refuse more.
 *
 * Only what is under way is counted, not who is still sending: a thousand slow senders take nobody's place.
 */
export function createOverload(options: OverloadOptions): Overload {
  const { numbers = overloadNumbers, onChange, load = createLoopMeter(), random = Math.random } = options;
  const first = Math.min(numbers.first, numbers.most);
  let limit: number = first;
  let inFlight = 0;
  let peak = 0;
  let refused = 0;
  let refusedBefore = 0;
  let refusedAtLook = 0;
  let refusingMs = 0;
  let jammedMs = 0;
  let restedMs = 0;
  let lookedAt = 0;
  let shedding = false;
  let timer: NodeJS.Timeout | null = null;

  const look = (): void => {
    const now = performance.now();
    const { busyShare, busyMs, turnMs } = load();
    const refusalsMs = turnMs * Math.min(1, (refusingMs * numbers.refusalFactor) / busyMs);
    const workMs = turnMs - refusalsMs;
    const allowedMs = Math.max(numbers.turnMs, refusalsMs * numbers.workShare);
    const isBusy = busyShare > numbers.busyShare;
    const jammed = isBusy && workMs > allowedMs;
    jammedMs = jammed ? jammedMs + now - lookedAt : 0;
    restedMs = isBusy ? 0 : restedMs + now - lookedAt;
    lookedAt = now;
    refusingMs = 0;
    const refuses = refused > refusedAtLook;
    refusedAtLook = refused;
    if (!jammed) {
      // What is not used is not needed, and would let a burst in that has not been seen yet.
      const isUsed = refuses || peak > limit / 2 || limit < first;
      if (isUsed && restedMs >= numbers.restMs) limit = Math.min(numbers.most, limit * numbers.restedGrowth);
      // More than that is for waiting for slow backends, not for a busy loop.
      else if (isUsed && limit < first) limit = Math.min(first, limit * numbers.growth);
    } else if (jammedMs >= numbers.jamMs && inFlight <= limit) {
      // What was let in before the last cut has ended: only now it can be told whether that was enough.
      const cut = Math.min(numbers.leastCut, Math.max(numbers.deepestCut, allowedMs / workMs));
      limit = Math.max(Math.min(numbers.least, numbers.most), Math.min(limit, peak) * cut);
      jammedMs = 0;
    }
    peak = inFlight;

    // It has ended when there is room for twice of what is there: before, it would begin anew with the next burst.
    if (shedding ? !refuses && limit > 2 * inFlight : refuses) tell();
    if (inFlight === 0 && limit >= first) stop();
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
    restedMs = 0;
    limit = first;
  };

  // Made once: a jam is no time to gather a stack for each refusal.
  const refusals = Array.from({ length: numbers.retryAfterMaxS }, (_, index) => toRefusal(index + 1));

  const refusal = (): WeirError | null => {
    if (inFlight < limit) return null;
    refused += 1;
    return refusals[Math.floor(random() * refusals.length)] ?? toRefusal(1);
  };

  const check = (): void => {
    const error = refusal();
    if (error !== null) throw error;
  };

  return {
    refusal,
    refusedIn(ms) {
      refusingMs += ms;
    },
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
