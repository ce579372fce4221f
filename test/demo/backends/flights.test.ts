import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { zAirportList, zFlightList, zFlightPage } from '../../../src/datasources/flights/wire/zod.gen.ts';
import { createDemoClient, type DemoClient } from '../demo-client.ts';

let client: DemoClient;

beforeAll(async () => {
  client = await createDemoClient();
});

afterAll(() => client?.[Symbol.asyncDispose]());

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const get = async <T>(decoder: z.ZodType<T>, path: string): Promise<T> =>
  decoder.parse((await client.call('nobody', 'flights', path)).json());
const search = (query: string) => get(zFlightPage, `/flights?origin=LHR&destination=JFK&${query}`);

describe('the flights backend', () => {
  it('has 60 airports, by code', async () => {
    const { items } = await get(zAirportList, '/airports');
    const codes = items.map(({ code }) => code);
    expect(codes).toHaveLength(60);
    expect(codes).toEqual([...codes].sort());
  });

  it('flies from London to New York at least five times on each of the next 60 days', async () => {
    for (let days = 0; days <= 60; days++) {
      const { items, total } = await search(`date=${dayFromNow(days)}`);
      expect(total, dayFromNow(days)).toBeGreaterThanOrEqual(5);
      expect(items.every(({ departsAt }) => departsAt.startsWith(dayFromNow(days)))).toBe(true);
    }
  });

  it('turns pages that together are the whole list, by departure', async () => {
    const date = dayFromNow(7);
    const whole = await search(`date=${date}`);
    const turned: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await search(`date=${date}&limit=2${cursor}`);
      turned.push(...page.items.map(({ id }) => id));
      expect(page.total).toBe(whole.total);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(turned).toEqual(whole.items.map(({ id }) => id));
    const departures = whole.items.map(({ departsAt }) => Date.parse(departsAt));
    expect(departures).toEqual(departures.toSorted((one, other) => one - other));
    expect(whole.nextCursor).toBeNull();
  });

  it('answers ids in their order, without those that are none', async () => {
    const { items } = await search(`date=${dayFromNow(9)}`);
    const ids = items.map(({ id }) => id).reverse();
    expect(await get(zFlightList, `/flights?ids=none,${ids.join()}`)).toEqual({ items: items.reverse() });
  });

  it('finds nothing where nobody flies', async () => {
    const nowhere = await get(zFlightPage, `/flights?origin=KEF&destination=PER&date=${dayFromNow(3)}`);
    expect(nowhere).toEqual({ items: [], cursors: [], nextCursor: null, total: 0 });
  });

  it.each([
    'origin=LHR&destination=JFK',
    `origin=LHR&date=${dayFromNow(3)}`,
    `origin=lhr&destination=JFK&date=${dayFromNow(3)}`,
    'origin=LHR&destination=JFK&date=2026-02-30',
    `origin=LHR&destination=JFK&date=${dayFromNow(3)}&ids=a`,
    `origin=LHR&destination=JFK&date=${dayFromNow(3)}&limit=101`,
    `origin=LHR&destination=JFK&date=${dayFromNow(3)}&cursor=bm9uZQ`,
    `ids=${Array.from({ length: 101 }, (_, index) => `F${index}`).join()}`,
    'ids=',
    '',
  ])('refuses /flights?%s', async (query) => {
    const { status } = await client.call('nobody', 'flights', `/flights?${query}`);
    expect(status).toBe(400);
  });

  it('keeps its flights over a restart', async () => {
    const before = await search(`date=${dayFromNow(60)}`);
    await client.restart();
    expect(await search(`date=${dayFromNow(60)}`)).toEqual(before);
  });
});
