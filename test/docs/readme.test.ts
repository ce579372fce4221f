import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { greeting } from '../../demo/start/greeting.ts';
import { backends, endpointOf } from '../../src/backends.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { fencesOf, readProject } from './markdown.ts';

const readme = readProject('README.md');
const fences = fencesOf(readme);
const [signIn = '', orderPage = ''] = fences.flatMap(({ language, text }) =>
  language === 'graphql' ? [text] : [],
);

const waterfallShape = z.object({
  depth: z.number(),
  saved: z.object({ batched: z.number() }),
  calls: z.array(
    z.object({ backend: z.string(), route: z.string(), wave: z.number(), batchSize: z.number() }),
  ),
});

/** The calls as the picture shows them: `users GET /users?ids, step 1, 1 key`. */
const drawn = [
  ...readProject('docs/pictures/waterfall.svg').matchAll(
    /data-call="([^"]+)" data-step="(\d+)" data-keys="(\d+)"/g,
  ),
].map(([, call, step, keys]) => ({ call, step: Number(step), keys: Number(keys) }));

/** How long a call of each route takes in the demo, in milliseconds. */
const usualMs = new Map(
  Object.entries(backends).flatMap(([backend, { endpoints }]) =>
    Object.keys(endpoints)
      .map((name) => endpointOf(backends, backend, name))
      .map(({ route, usualMs }) => [route, usualMs] as const),
  ),
);

describe('the README', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir();
  });
  afterAll(async () => weir?.[Symbol.asyncDispose]());

  it('asks for the Node that package.json asks for', () => {
    const { engines } = z
      .object({ engines: z.object({ node: z.string() }) })
      .parse(JSON.parse(readProject('package.json')));
    expect(readme).toContain(`Node.js ${engines.node.replace('>=', '')} or newer`);
  });

  it('shows what npm start says', () => {
    const shown = fences.find(({ language }) => language === 'text')?.text.trim() ?? '';
    expect(shown).toMatch(/^Weir is ready/);
    expect(greeting('http://127.0.0.1:4000')).toContain(shown);
  });

  it('has people who can sign in', async () => {
    const people = [...new Set(readme.match(/\b\w+@example\.com/g))];
    expect(people).toHaveLength(3);
    for (const person of people) expect(await weir.signIn(person)).toMatch(/^ey/);
  });

  it('has queries that run, with the calls of its picture and its figures', async () => {
    const session = await weir.ask(signIn);
    expect(session.errors).toEqual([]);
    const token: unknown = session.data.signIn.accessToken;
    expect(token).toEqual(expect.any(String));
    const { data, errors, extensions } = await weir.ask(orderPage, {
      token: String(token),
      headers: { 'x-weir-trace': '1' },
    });
    expect(errors).toEqual([]);
    expect(data.me.orders.nodes).toHaveLength(10);
    const { depth, saved, calls } = waterfallShape.parse(extensions.waterfall);
    expect(
      calls.map(({ backend, route, wave, batchSize }) => ({
        call: `${backend} ${route}`,
        step: wave,
        keys: batchSize,
      })),
    ).toEqual(expect.arrayContaining(drawn));
    expect([depth, calls.length]).toEqual([2, drawn.length]);
    expect(readme).toContain('Six calls, two steps deep.');
    // The calls of a client without bulk reads, and what they take at the backends' usual times.
    expect(calls.length + saved.batched).toBe(60);
    expect(readme).toContain('would be 60');
    const serialMs = calls.reduce((sum, call) => sum + call.batchSize * (usualMs.get(call.route) ?? 0), 0);
    expect(serialMs).toBeGreaterThan(4_000);
    expect(readme).toContain('more than four seconds');
  });
});
