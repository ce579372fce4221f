import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Drift } from '../../src/http/decode.ts';
import { callOf, connect, errorOf, type RestClientOptions } from './rest-client.ts';
import { json, serve } from './rest-server.ts';

const page = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      price: z.object({ amount: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) }),
      imageUrl: z.string().nullable(),
      note: z.string().optional(),
    }),
  ),
  nextCursor: z.string().nullable(),
  total: z.int(),
});

const item = { id: '1', price: { amount: 5, currency: 'EUR' }, imageUrl: null };
const good = { items: [item, item], nextCursor: null, total: 2 };

/** What becomes of one answer, and what was said about it. */
async function outcomeOf(answer: unknown, options: RestClientOptions) {
  const drifts: Drift[] = [];
  await using server = await serve((_request, response) => json(response, answer));
  await using client = connect([server.url], {
    ...options,
    events: { drift: (drift) => drifts.push(drift) },
  });
  const request = { endpoint: client.endpoint('thingsByIds'), query: { ids: ['1'] }, decode: page };
  const outcome = await client.upstream.send(callOf(), request).catch((error: unknown) => error);
  return { outcome, drifts, log: client.log };
}

describe('checked in full', () => {
  it.each([
    ['a missing property', { ...good, total: undefined }, 'total: invalid_type'],
    ['a wrong type', { ...good, nextCursor: 7 }, 'nextCursor: invalid_type'],
    ['a wrong type deep inside', { ...good, items: [item, { ...item, id: 7 }] }, 'items.1.id: invalid_type'],
    [
      'a value that cannot be',
      { ...good, items: [{ ...item, price: { amount: 5, currency: 'euro' } }] },
      'items.0.price.currency: invalid_format',
    ],
  ])('%s is refused, and the operator learns where, but not what', async (_name, answer, issue) => {
    const { outcome, drifts, log } = await outcomeOf(answer, { checkShapes: 'always' });
    expect(outcome).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', detail: { backend: 'things' } });
    expect(drifts).toMatchObject([{ issues: [issue], refused: true }]);
    expect(log).toEqual([
      {
        level: 'warn',
        message: 'an answer breaks its contract',
        fields: { backend: 'things', route: 'GET /things?ids', issues: [issue], refused: true },
      },
    ]);
  });

  it('an answer that holds is decoded', async () => {
    const { outcome, drifts } = await outcomeOf({ ...good, more: 1 }, { checkShapes: 'always' });
    expect(outcome).toEqual(good);
    expect(drifts).toEqual([]);
  });
});

describe('checked by samples', () => {
  it.each([
    ['null', null],
    ['a list', [good]],
    ['something else', { identity: 1 }],
    ['a list that is none', { ...good, items: {} }],
    ['elements of another shape', { ...good, items: [{ sku: 1 }] }],
    ['an element without an object that it must have', { ...good, items: [{ ...item, price: null }] }],
    ['a missing total', { ...good, total: undefined }],
    ['a later element that is none', { ...good, items: [item, null] }],
    ['a later element without such an object', { ...good, items: [item, { ...item, price: null }] }],
    ['a later element whose key is no text', { ...good, items: [item, { ...item, id: 7 }] }],
  ])('%s is refused although no sample is taken', async (_name, answer) => {
    const { outcome, drifts } = await outcomeOf(answer, { checkShapes: 0 });
    expect(outcome).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(drifts).toMatchObject([{ issues: ['(outline)'], refused: true }]);
  });

  const drifted = { ...good, items: [item, { ...item, note: 7 }] };

  it('drift in detail is passed on, and reported when a sample meets it', async () => {
    const unseen = await outcomeOf(drifted, { checkShapes: 0.5, random: () => 0.9 });
    expect(unseen.outcome).toEqual(drifted);
    expect(unseen.drifts).toEqual([]);
    const seen = await outcomeOf(drifted, { checkShapes: 0.5, random: () => 0.1 });
    expect(seen.outcome).toEqual(drifted);
    expect(seen.drifts).toMatchObject([{ issues: ['items.1.note: invalid_type'], refused: false }]);
    expect(seen.log).toHaveLength(1);
  });

  it('the schema is not run where no sample is taken', async () => {
    let parsed = 0;
    await using server = await serve((_request, response) => json(response, good));
    await using client = connect([server.url], { checkShapes: 0.25, random: () => 0.5 });
    const decode = {
      parse: (value: unknown) => {
        parsed += 1;
        return page.parse(value);
      },
    };
    const request = { endpoint: client.endpoint('thingsByIds'), query: { ids: ['1'] }, decode };
    for (let count = 0; count < 5; count += 1) await client.upstream.send(callOf(), request);
    expect(parsed).toBe(0);
  });
});

it('an empty list has no element to look at', async () => {
  const empty = { items: [], nextCursor: null, total: 0 };
  const { outcome } = await outcomeOf(empty, { checkShapes: 0 });
  expect(outcome).toEqual(empty);
});

it('a body that is not an object is refused where a write answers it', async () => {
  await using server = await serve((_request, response) => json(response, 'ok', 201));
  await using client = connect([server.url], { checkShapes: 0 });
  const request = {
    endpoint: client.endpoint('createThing'),
    body: {},
    decode: z.object({ id: z.string() }),
  };
  expect((await errorOf(client.upstream.send(callOf(), request))).code).toBe('UPSTREAM_BAD_RESPONSE');
});
