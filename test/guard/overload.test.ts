import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoopLoad } from '../../src/guard/event-loop.ts';
import { createOverload, type OverloadChange, overloadNumbers } from '../../src/guard/overload.ts';

const calm: LoopLoad = { busyShare: 0.5, busyMs: 25, turnMs: 1 };
const jam: LoopLoad = { busyShare: 1, busyMs: 50, turnMs: 6.25 };
const deepJam: LoopLoad = { busyShare: 1, busyMs: 50, turnMs: 1_000 };
/** Long turns, but with rest between them. */
const bursts: LoopLoad = { busyShare: 0.4, busyMs: 20, turnMs: 120 };

/** Turns as long as in a jam, but the operations take no more of them than they may. */
const busy: LoopLoad = { busyShare: 1, busyMs: 50, turnMs: 4.5 };

const numbers = { ...overloadNumbers, least: 10, first: 1000, most: 1000 };

describe('shedding load', () => {
  let load: LoopLoad;
  let changes: OverloadChange[];
  const open = () =>
    createOverload({
      numbers,
      load: () => load,
      onChange: (change) => changes.push(change),
      random: () => 0.99,
    });
  type Opened = ReturnType<typeof open>;

  /** Lets in as many as get in, up to a number; says how many that were. */
  const enter = (overload: Opened, wanted: number): number => {
    let entered = 0;
    for (let count = 0; count < wanted; count += 1) {
      try {
        overload.enter();
        entered += 1;
      } catch {
        break;
      }
    }
    return entered;
  };
  const leave = (overload: Opened, count: number): void => {
    for (let left = 0; left < count; left += 1) overload.leave();
  };
  const look = (times: number): void => {
    vi.advanceTimersByTime(times * numbers.lookEveryMs);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    load = calm;
    changes = [];
  });
  afterEach(() => vi.useRealTimers());

  it('lets in what fits into memory while nothing is jammed', () => {
    const overload = open();
    expect(enter(overload, 2000)).toBe(1000);
    expect(() => overload.check()).toThrow(
      expect.objectContaining({ code: 'OVERLOADED', detail: expect.objectContaining({ retryAfter: 3 }) }),
    );
  });

  it('takes as much less as turns are too long, once they have been for a while, and tells it once', () => {
    const overload = open();
    enter(overload, 500);
    load = jam;
    look(2);
    expect(overload.state().limit).toBe(1000);
    look(1);
    expect(overload.state()).toMatchObject({ limit: 400, inFlight: 500 });
    expect(enter(overload, 1)).toBe(0);
    look(1);
    expect(changes).toEqual([{ shedding: true, limit: 400, refused: 0 }]);
  });

  it('waits for what was let in before to end, before it takes less again', () => {
    const overload = open();
    enter(overload, 500);
    load = jam;
    look(30);
    expect(overload.state().limit).toBe(400);
    leave(overload, 100);
    look(3);
    expect(overload.state().limit).toBe(320);
  });

  it('takes less than half at once of what makes turns of a second', () => {
    const overload = open();
    enter(overload, 500);
    load = deepJam;
    look(3);
    expect(overload.state().limit).toBe(200);
  });

  it('grows slowly while the loop is busy, and soon while it rests', () => {
    const overload = open();
    enter(overload, 500);
    load = jam;
    look(3);
    load = busy;
    for (let count = 0; count < 5; count += 1) {
      enter(overload, 1);
      look(1);
    }
    expect(overload.state().limit).toBe(Math.floor(400 * numbers.growth ** 5));
    load = calm;
    look(7);
    expect(overload.state().limit).toBe(1000);
  });

  it('takes short rests for no reason to let more in', () => {
    const overload = createOverload({
      numbers: { ...numbers, first: 100 },
      load: () => load,
      onChange: (change) => changes.push(change),
    });
    for (let round = 0; round < 10; round += 1) {
      enter(overload, 500);
      load = calm;
      look(4);
      load = busy;
      look(1);
    }
    expect(overload.state().limit).toBe(100);
    load = calm;
    look(5);
    expect(overload.state().limit).toBe(150);
  });

  it('takes what refusals add to a turn for no reason to refuse more', () => {
    const overload = open();
    enter(overload, 1000);
    // Half of each turn, as far as our code sees it: with what node does for them, nearly all.
    load = { busyShare: 1, busyMs: 50, turnMs: 25 };
    for (let count = 0; count < 20; count += 1) {
      expect(overload.refusal()).not.toBeNull();
      overload.refusedIn(20);
      look(1);
    }
    expect(overload.state().limit).toBe(1000);
    // The same turns without a refusal are the operations' own.
    look(3);
    expect(overload.state().limit).toBe(400);
  });

  it('lets operations take four times what refusals take, however long turns are by that', () => {
    const overload = open();
    enter(overload, 1000);
    load = { busyShare: 1, busyMs: 50, turnMs: 50 };
    for (let count = 0; count < 20; count += 1) {
      expect(overload.refusal()).not.toBeNull();
      overload.refusedIn(5.5);
      look(1);
    }
    expect(overload.state().limit).toBe(1000);
  });

  it('takes only so many at once after a rest, and more when they are seen not to jam', () => {
    const overload = createOverload({
      numbers: { ...numbers, first: 100 },
      load: () => load,
      onChange: (change) => changes.push(change),
    });
    expect(enter(overload, 500)).toBe(100);
    look(5);
    expect(enter(overload, 500)).toBe(50);
    look(3);
    expect(overload.state().limit).toBe(337);
    load = busy;
    enter(overload, 500);
    look(10);
    expect(overload.state().limit).toBe(337);
    leave(overload, overload.state().inFlight);
    look(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(overload.state().limit).toBe(100);
  });

  it('keeps its limit where not even half of it is used', () => {
    const overload = createOverload({
      numbers: { ...numbers, first: 100 },
      load: () => load,
      onChange: (change) => changes.push(change),
    });
    enter(overload, 40);
    look(20);
    expect(overload.state().limit).toBe(100);
  });

  it('never takes less than the least', () => {
    const overload = open();
    enter(overload, 10);
    load = jam;
    look(100);
    leave(overload, 10);
    expect(enter(overload, 50)).toBe(10);
  });

  it.each([
    ['a single long turn', () => jam, 1],
    ['bursts with rest between them', () => bursts, 50],
  ])('is not moved by %s', (_, what, times) => {
    const overload = open();
    enter(overload, 500);
    for (let round = 0; round < 5; round += 1) {
      load = what();
      look(times);
      load = calm;
      look(1);
    }
    expect(overload.state().limit).toBe(1000);
  });

  it('takes everybody again within five seconds of the end of a jam, and then sleeps', () => {
    const overload = open();
    enter(overload, 500);
    load = jam;
    look(3);
    enter(overload, 1);
    leave(overload, 500);
    look(60);
    expect(overload.state().limit).toBe(10);
    load = calm;
    look(5_000 / numbers.lookEveryMs);
    expect(overload.state().limit).toBe(1000);
    expect(changes.map(({ shedding }) => shedding)).toEqual([true, false]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
