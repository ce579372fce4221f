import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/backends.ts';
import type { Place } from '../../src/datasources/schedule.ts';
import { OwnWork } from '../../src/execution/own-work.ts';
import { OperationScheduler } from '../../src/execution/scheduler.ts';
import type { OpenTicket } from '../../src/execution/tickets.ts';
import { referenceOf } from './engine/reference.ts';
import { createRows } from './engine/rows.ts';
import { prepare, type RunOptions } from './engine/run.ts';
import { shapes } from './engine/shapes.ts';
import { callsTo, nothingLeft, uniformLaw } from './engine/trace.ts';

/** Something that must hold, with the scheduler that a run is to have. */
type Check = (schedulerOf: NonNullable<RunOptions['schedulerOf']>) => Promise<void>;

const fewestCalls: Check = async (schedulerOf) => {
  for (const source of Object.values(shapes)) {
    const operation = prepare(source);
    const reference = await referenceOf(operation.document);
    for (let seed = 0; seed < 10; seed += 1) {
      const latency = uniformLaw(seed);
      const ours = await operation.run({ latency, engine: 'jit', schedulerOf });
      expect(ours.data).toEqual(reference.data);
      expect(ours.calls.length).toBeLessThanOrEqual(reference.idealCalls);
      expect(ours.time).toBeLessThanOrEqual(reference.criticalPath(latency));
      expect(ours.audit).toEqual(nothingLeft);
    }
  }
};

/** A key is held at level 2 for the slow shelf, whose own product it is: that one is wanted at level 1. */
const crossedLevels: Check = async (schedulerOf) => {
  const rows = createRows();
  const friend = rows.find('peopleByIds', '5', undefined)?.friendId;
  const reviews = rows.find('reviewsByPersonIds', String(friend), undefined)?.nodes as {
    productId: string;
  }[];
  const key = String(reviews[0]?.productId);
  const { run } = prepare(`{
    person(id: "5") { friend { reviews { nodes { product { name } } } } }
    shelf(name: "just-${key}") { products { similar { name } } }
  }`);
  const ours = await run({ schedulerOf, latency: (endpoint) => (endpoint === 'shelf' ? 100 : 10) });
  expect(ours.errors).toEqual([]);
  const products = callsTo(ours.calls, 'productsByIds');
  expect(products.map(({ at }) => at)).toEqual([100, 110]);
  expect(products[0]?.keys).toContain(key);
  expect(ours.audit).toEqual(nothingLeft);
};

/**
 * A call with room takes the subjects of books along, which are held for the slow shelf. The makers must wait
 * for them, although the subjects of discs, which have another endpoint, are there before.
 */
const takenAlong: Check = async (schedulerOf) => {
  const { run } = prepare(`{
    feed(first: 2) { ... on Book { subject { maker { name } } } ... on Disc { subject { maker { name } } } }
    shelf(name: "a") { products { name } }
    person(id: "5") { friend { reviews { nodes { product { name } } } } }
  }`);
  const ms: Readonly<Record<string, number>> = { shelf: 400, productsByIds: 50, editionsByIds: 30 };
  const ours = await run({ schedulerOf, latency: (endpoint) => ms[endpoint] ?? 10 });
  expect(callsTo(ours.calls, 'productsByIds').map(({ at, keys }) => [at, keys.length])).toEqual([
    [20, 3],
    [400, 4],
  ]);
  expect(callsTo(ours.calls, 'makersByIds').map(({ at, keys }) => [at, keys.length])).toEqual([[70, 2]]);
  expect(ours.audit).toEqual(nothingLeft);
};

/** A backend hangs; what its siblings lead to is there when the operation is aborted at its deadline. */
const hungSibling: Check = async (schedulerOf) => {
  const { run } = prepare(`{
    good: shelf(name: "a") { products { name } }
    hung: shelf(name: "bb") { products { name } }
  }`);
  const ours = await run({
    schedulerOf,
    deadlineMs: 3000,
    latency: (_, keys) => (keys[0] === 'bb' ? Number.POSITIVE_INFINITY : 10),
  });
  expect(ours.data).toEqual({
    good: { products: Array.from({ length: 4 }, () => ({ name: expect.any(String) })) },
    hung: null,
  });
  expect(ours.time).toBe(3000);
  expect(ours.timersLeft).toBe(0);
};

/** What resolvers written by hand lead to is asked for in one call. */
const workByHand: Check = async (schedulerOf) => {
  const { run } = prepare(
    '{ a: legacy(id: "1") { product { name } } b: legacy(id: "2") { product { name } } }',
  );
  const ours = await run({ schedulerOf, latency: (_, [key = '']) => (key.endsWith('2') ? 90 : 10) });
  expect(callsTo(ours.calls, 'productsByIds')).toHaveLength(1);
  expect(ours.audit).toEqual(nothingLeft);
};

class WithoutMoving extends OperationScheduler {
  override place(endpoint: Endpoint): Place {
    return { slot: super.place(endpoint).slot, order: 0 };
  }
}

class WithoutMarksOfMovedKeys extends OperationScheduler {
  override absorb(): void {}
}

class WithoutMarks extends OperationScheduler {
  protected override mark(): void {}
}

class WithoutOneSettlement extends OperationScheduler {
  private settled = 0;
  override settle(ticket: OpenTicket): void {
    this.settled += 1;
    if (this.settled !== 2) super.settle(ticket);
  }
}

class WithoutDrainOfMicrotasks extends OperationScheduler {
  protected override wake(): void {
    queueMicrotask(() => this.flush());
  }
}

class WithoutAbort extends OperationScheduler {
  override abort(): void {}
}

class WithoutRelease extends OperationScheduler {
  override release(): void {}
}

class WithoutWatch extends OperationScheduler {
  override readonly work = new (class extends OwnWork {
    override watch(): void {}
  })(this.waits, this.clock, this.estimates);
}

class WithoutKeyFirst extends OperationScheduler {
  override loaded(): void {}
}

describe('each part of the scheduler is needed', () => {
  it.each<[string, typeof OperationScheduler, Check]>([
    ['a key moves to the lower level that wants it', WithoutMoving, crossedLevels],
    ['whoever waits for a key waits for the call that takes it along', WithoutMarksOfMovedKeys, takenAlong],
    ['a position waits for its batches', WithoutMarks, fewestCalls],
    ['every mark is undone', WithoutOneSettlement, fewestCalls],
    ['a batch leaves after every pending microtask', WithoutDrainOfMicrotasks, fewestCalls],
    ['the deadline rejects what is under way', WithoutAbort, hungSibling],
    ['what is late is not waited for', WithoutRelease, hungSibling],
    ['the work of resolvers written by hand is waited for', WithoutWatch, workByHand],
    ['what needs only a key starts with its parent', WithoutKeyFirst, fewestCalls],
  ])('%s', async (_name, Broken, check) => {
    await check((plan, options) => new OperationScheduler(plan, options));
    await expect(check((plan, options) => new Broken(plan, options))).rejects.toThrow();
  });
});
