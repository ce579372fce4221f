import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WorkflowState } from '../../src/workflows/state.ts';
import { eventually } from './eventually.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';
import { inTurn, refusedAs, silent, startToys, unavailable, viewer } from './toy.ts';

let database: TestDatabase;
let toys: ReturnType<typeof startToys>;
let url: string;

beforeAll(async () => {
  database = await startTestDatabase();
}, 60_000);
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  url = await database.fresh();
  toys = startToys(url);
  await toys.workflows.ready;
}, 30_000);
afterEach(() => toys[Symbol.asyncDispose]());

const stepsOf = (workflow: WorkflowState | null | undefined) =>
  workflow?.steps.map(({ name, status, attempts }) => `${name} ${status} ${attempts}`);
const callsOf = (name: string) => toys.backend.calls.filter((call) => call.startsWith(`${name} `));

describe('a workflow that goes well', () => {
  test('runs its steps in order, each once, under a key of workflow and step, and then what follows', async () => {
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow).toMatchObject({
      name: 'toy',
      status: 'SUCCEEDED',
      subject: { type: 'Order', id: 'a' },
      result: { taken: 'take done' },
      problems: [],
      startedBy: '7',
    });
    expect(stepsOf(workflow)).toEqual([
      'take SUCCEEDED 1',
      'approve SKIPPED 0',
      'make SUCCEEDED 1',
      'end SUCCEEDED 1',
    ]);
    const { id } = workflow ?? {};
    await eventually(() => expect(toys.backend.calls).toHaveLength(4));
    expect(toys.backend.calls).toEqual([
      `take ${id}:take`,
      `make ${id}:make`,
      `end ${id}:end`,
      `tell ${id}-tell:tell`,
    ]);
  });

  test('tries what fails in passing again, under the same key, and shows how often', async () => {
    toys.backend.faults.set('make', inTurn(unavailable, unavailable, undefined));
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow?.status).toBe('SUCCEEDED');
    expect(stepsOf(workflow)?.[2]).toBe('make SUCCEEDED 3');
    expect(new Set(callsOf('make')).size).toBe(1);
  });

  test('asks for an outcome that is not known before it decides, and goes on with what it finds', async () => {
    toys.backend.faults.set('make', silent);
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow?.status).toBe('SUCCEEDED');
    expect(callsOf('find')).toEqual([`find make ${workflow?.id}:make`]);
  });
});

describe('a workflow that cannot go on', () => {
  test('has FAILED where nothing was done, with the problem', async () => {
    toys.backend.faults.set('take', refusedAs(409, 'out-of-stock', { productId: '9', available: 2 }));
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow).toMatchObject({
      status: 'FAILED',
      result: null,
      problems: [{ type: 'OutOfStock', code: 'OUT_OF_STOCK', productId: '9', available: 2 }],
    });
    expect(stepsOf(workflow)).toEqual([
      'take FAILED 1',
      'approve SKIPPED 0',
      'make SKIPPED 0',
      'end SKIPPED 0',
    ]);
    expect(callsOf('undo')).toEqual([]);
  });

  test('is undone in reverse where something was done', async () => {
    toys.backend.faults.set('end', refusedAs(409, 'invalid-transition'));
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow).toMatchObject({
      status: 'COMPENSATED',
      problems: [{ type: 'StepFailed', step: 'end' }],
    });
    expect(stepsOf(workflow)).toEqual([
      'take COMPENSATED 1',
      'approve SKIPPED 0',
      'make COMPENSATED 1',
      'end FAILED 1',
    ]);
    const id = workflow?.id;
    expect(callsOf('undo')).toEqual([`undo make ${id}:undo-make`, `undo take ${id}:undo-take`]);
  });

  test('gives up after its attempts, and does not ask about what certainly did not happen', async () => {
    toys.backend.faults.set('make', unavailable);
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow).toMatchObject({
      status: 'COMPENSATED',
      problems: [{ type: 'StepFailed', step: 'make' }],
    });
    expect(stepsOf(workflow)?.[2]).toBe('make FAILED 3');
    expect(callsOf('find')).toEqual([]);
  });

  test('looks once more, when it can no longer happen, for what may have happened', async () => {
    toys.backend.faults.set('make', silent);
    toys.backend.faults.set('absent make', () => undefined);
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow?.status).toBe('COMPENSATED');
    const late = toys.backend.calls.slice(
      toys.backend.calls.findIndex((call) => call.startsWith('undo take')),
    );
    expect(late).toEqual([`undo take ${workflow?.id}:undo-take`, `find make ${workflow?.id}:make`]);
  });

  test('takes back what turns out to have happened after all', async () => {
    toys.backend.faults.set('make', silent);
    toys.backend.faults.set('find make', inTurn(silent, silent, silent, undefined));
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow?.status).toBe('COMPENSATED');
    expect(callsOf('undo')).toContain(`undo make ${workflow?.id}:undo-make`);
  });

  test('is undone until it works, shows it, and alerts', async () => {
    toys.backend.faults.set('make', refusedAs(409, 'invalid-transition'));
    let healed = false;
    toys.backend.faults.set('undo take', () => (healed ? undefined : unavailable()));
    const { workflow } = await toys.start({ word: 'a', secret: '' }, 'a', 300);
    expect(workflow?.status).toBe('COMPENSATING');
    expect(workflow?.steps[0]?.error).toBe('Taking it back: toys is not available');
    expect(toys.alerts[0]).toMatchObject({ workflow: 'toy', step: 'take', attempts: 2 });
    healed = true;
    const ended = await toys.workflows.wait(workflow?.id ?? '', AbortSignal.timeout(5000));
    expect(ended).toMatchObject({
      status: 'COMPENSATED',
      steps: [{ status: 'COMPENSATED', error: null }, {}, {}, {}],
    });
  });

  test('is undone where our own code is at fault, and alerts', async () => {
    toys.backend.faults.set('end', () => {
      throw new TypeError('a bug');
    });
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect(workflow?.status).toBe('COMPENSATED');
    expect(JSON.stringify(workflow)).not.toContain('a bug');
    expect(toys.alerts[0]).toMatchObject({ step: 'end', message: 'TypeError: a bug' });
  });
});

describe('an idempotency key', () => {
  test('begins one workflow, however many ask at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, () => toys.start({ word: 'a', secret: 's' }, 'k')),
    );
    expect(new Set(all.map(({ workflow }) => workflow?.id)).size).toBe(1);
    expect(all.every(({ workflow }) => workflow?.status === 'SUCCEEDED')).toBe(true);
    expect(callsOf('make')).toHaveLength(1);
  });

  test('gives the same answer again, and is refused with another input, secrets included', async () => {
    const first = await toys.start({ word: 'a', secret: 's' }, 'k');
    expect(await toys.start({ word: 'a', secret: 's' }, 'k')).toEqual(first);
    expect(await toys.start({ word: 'b', secret: 's' }, 'k')).toEqual({ workflow: null, conflict: true });
    expect(await toys.start({ word: 'a', secret: 'z' }, 'k')).toEqual({ workflow: null, conflict: true });
    expect(callsOf('make')).toHaveLength(1);
  });

  test('is each viewer’s own', async () => {
    const options = { key: 'k', waitUntil: AbortSignal.timeout(5000) };
    const mine = await toys.workflows.start(
      'toy',
      { word: 'a', secret: '' },
      { ...options, scope: 'viewer:1', startedBy: '1' },
    );
    const theirs = await toys.workflows.start(
      'toy',
      { word: 'a', secret: '' },
      { ...options, scope: 'viewer:2', startedBy: '2' },
    );
    expect(mine.workflow?.id).not.toBe(theirs.workflow?.id);
  });

  test('keeps secrets encrypted wherever they are written', async () => {
    await toys.start({ word: 'a', secret: 'tok_very_secret' }, 'k');
    expect(callsOf('saw')).toHaveLength(1);
    const tables = await ask(
      url,
      "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('weir', 'dbos')",
    );
    for (const { name } of tables as { name: string }[]) {
      expect(JSON.stringify(await ask(url, `select * from ${name}`)), name).not.toContain('tok_very_secret');
    }
  });
});

describe('waiting', () => {
  test('answers at once where nobody waits, and with the running workflow when the time is up', async () => {
    let go: (() => void) | null = null;
    toys.backend.faults.set(
      'make',
      () =>
        new Promise<void>((resolve) => {
          go = resolve;
        }),
    );
    const { workflow } = await toys.start({ word: 'a', secret: '' }, 'a', null);
    expect(workflow?.status).toBe('RUNNING');
    const later = await toys.workflows.wait(workflow?.id ?? '', AbortSignal.timeout(100));
    expect(later?.status).toBe('RUNNING');
    await eventually(() => expect(go).not.toBe(null));
    (go as (() => void) | null)?.();
    const ended = await toys.workflows.wait(workflow?.id ?? '', AbortSignal.timeout(5000));
    expect(ended?.status).toBe('SUCCEEDED');
  });

  test('asks the database no more than it has to, however many wait', async () => {
    const transactions = async () => {
      // What sessions have done is counted with a delay of up to a second.
      await delay(1200);
      const [row] = (await ask(
        url,
        'select xact_commit::integer as count from pg_stat_database where datname = current_database()',
      )) as { count: number }[];
      return row?.count ?? 0;
    };
    const within = async () => {
      const before = await transactions();
      await delay(2000);
      return (await transactions()) - before;
    };
    const { workflow } = await toys.start({ word: 'big', secret: '' });
    const alone = await within();
    const until = new AbortController();
    const waiting = Array.from({ length: 100 }, () => toys.workflows.wait(workflow?.id ?? '', until.signal));
    await transactions();
    const crowded = await within();
    until.abort();
    for (const state of await Promise.all(waiting)) expect(state?.status).toBe('WAITING');
    expect(crowded).toBeLessThan(alone + 50);
  });

  test('a decision is waited for; a yes goes on, and the first answer counts', async () => {
    const root = viewer('1', 'admin');
    const { workflow } = await toys.start({ word: 'big', secret: '' });
    expect(workflow).toMatchObject({ status: 'WAITING', waitingFor: 'a yes' });
    const id = workflow?.id ?? '';
    const waiting = await toys.workflows.list({
      startedBy: null,
      status: 'WAITING',
      name: null,
      first: 10,
      after: null,
    });
    expect(waiting.items.map((item) => item.id)).toEqual([id]);
    expect((await toys.workflows.decide(root, id, true, null)).problems).toEqual([]);
    expect((await toys.workflows.wait(id, AbortSignal.timeout(5000)))?.status).toBe('SUCCEEDED');
    expect((await toys.workflows.decide(root, id, true, null)).problems).toEqual([]);
    expect((await toys.workflows.decide(root, id, false, null)).problems).toMatchObject([
      { type: 'AlreadyDecided' },
    ]);
  });

  test('a no undoes what was done', async () => {
    const { workflow } = await toys.start({ word: 'big', secret: '' });
    await toys.workflows.decide(viewer('1', 'admin'), workflow?.id ?? '', false, 'too dear');
    const ended = await toys.workflows.wait(workflow?.id ?? '', AbortSignal.timeout(5000));
    expect(ended).toMatchObject({
      status: 'CANCELLED',
      problems: [{ code: 'NOT_APPROVED', message: 'too dear' }],
    });
    expect(callsOf('undo')).toEqual([`undo take ${workflow?.id}:undo-take`]);
  });

  test('no answer in time undoes what was done', async () => {
    const { workflow } = await toys.start({ word: 'short', secret: '' });
    const ended = await toys.workflows.wait(workflow?.id ?? '', AbortSignal.timeout(5000));
    expect(ended).toMatchObject({ status: 'CANCELLED', problems: [{ code: 'NOT_DECIDED' }] });
    expect(callsOf('undo')).toHaveLength(1);
  });

  test('a decision gets through in seconds also where its notification was lost', {
    timeout: 30_000,
  }, async () => {
    const { workflow } = await toys.start({ word: 'big', secret: '' });
    await ask(url, 'alter table dbos.notifications disable trigger user');
    const { problems } = await toys.workflows.decide(viewer('1', 'admin'), workflow?.id ?? '', true, null);
    await ask(url, 'alter table dbos.notifications enable trigger user');
    expect(problems).toEqual([]);
    const ended = await toys.workflows.wait(workflow?.id ?? '', AbortSignal.timeout(20_000));
    expect(ended?.status).toBe('SUCCEEDED');
  });

  test('what does not wait for a decision, or is not there, cannot be decided', async () => {
    const root = viewer('1', 'admin');
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    expect((await toys.workflows.decide(root, workflow?.id ?? '', true, null)).problems).toMatchObject([
      { type: 'InvalidInput' },
    ]);
    expect(await toys.workflows.decide(root, 'nothing', true, null)).toMatchObject({
      workflow: null,
      problems: [{ type: 'NotFound' }],
    });
    expect((await toys.workflows.decide(viewer('8'), workflow?.id ?? '', true, null)).workflow).toBe(null);
  });
});

describe('seeing', () => {
  test('is for whoever started it and for administrators', async () => {
    const { workflow } = await toys.start({ word: 'a', secret: '' });
    const id = workflow?.id ?? '';
    expect((await toys.workflows.byId(viewer('7'), id))?.id).toBe(id);
    expect((await toys.workflows.byId(viewer('1', 'admin'), id))?.id).toBe(id);
    expect(await toys.workflows.byId(viewer('8'), id)).toBe(null);
    expect(await toys.workflows.byId(null, id)).toBe(null);
    for await (const state of toys.workflows.subscribe(viewer('8'), id)) expect(state).toBe(null);
  });

  test('a subscription gives the state, then each change, with rising revisions, and ends', async () => {
    const { workflow } = await toys.start({ word: 'big', secret: '' });
    const id = workflow?.id ?? '';
    const seen: WorkflowState[] = [];
    for await (const state of toys.workflows.subscribe(viewer('7'), id)) {
      if (state) seen.push(state);
      if (seen.length === 1) await toys.workflows.decide(viewer('1', 'admin'), id, true, null);
    }
    expect(seen[0]?.status).toBe('WAITING');
    expect(seen.at(-1)?.status).toBe('SUCCEEDED');
    const revisions = seen.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  });

  test('a subscription that is left ends at once, though nothing changes', async () => {
    const { workflow } = await toys.start({ word: 'big', secret: '' });
    const stream = toys.workflows.subscribe(viewer('7'), workflow?.id ?? '');
    expect((await stream.next()).value?.status).toBe('WAITING');
    const waiting = stream.next();
    await stream.return?.();
    expect((await waiting).done).toBe(true);
    expect((await stream.next()).done).toBe(true);
  });

  test('lists are newest first, in pages, without gaps or repeats', async () => {
    for (const word of ['a', 'b', 'c', 'd', 'e']) await toys.start({ word, secret: '' });
    await eventually(() => expect(callsOf('tell')).toHaveLength(5));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await toys.workflows.list({ startedBy: '7', status: null, name: null, first: 3, after });
      seen.push(...page.items.map(({ subject, name }) => subject?.id ?? name));
      after = page.nextCursor;
    } while (after !== null);
    expect(seen.filter((id) => id !== 'tell')).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(seen).toHaveLength(10);
    await expect(
      toys.workflows.list({ startedBy: null, status: null, name: null, first: 3, after: 'x' }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(
      await toys.workflows.list({ startedBy: '8', status: null, name: null, first: 3, after: null }),
    ).toMatchObject({
      items: [],
      total: 0,
    });
  });
});
