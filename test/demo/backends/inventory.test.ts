import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from '../open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'inventory'] });
});
afterAll(() => demo[Symbol.asyncDispose]());

const available = async (productId: string): Promise<number> =>
  (await demo.get('inventory', `/stock/${productId}`)).body.available;
const reserve = async (items: readonly [productId: string, quantity: number][], onBehalfOf = '1') =>
  demo.post(
    'inventory',
    '/reservations',
    { items: items.map(([productId, quantity]) => ({ productId, quantity })) },
    await demo.machine(onBehalfOf),
  );
const move = async (id: string, verb: string, onBehalfOf = '1') =>
  demo.post('inventory', `/reservations/${id}/${verb}`, {}, await demo.machine(onBehalfOf));

describe('a reservation', () => {
  it('takes its stock off the shelf at once, and gives it back when released, once', async () => {
    const [four, eight] = [await available('4'), await available('8')];
    const { status, body } = await reserve([
      ['4', 2],
      ['8', 3],
    ]);
    expect([status, body.status]).toEqual([201, 'HELD']);
    expect([await available('4'), await available('8')]).toEqual([four - 2, eight - 3]);
    expect((await move(body.id, 'release')).body.status).toBe('RELEASED');
    expect((await move(body.id, 'release')).body.status).toBe('RELEASED');
    expect([await available('4'), await available('8')]).toEqual([four, eight]);
  });

  it('is kept when confirmed, and can be given back after that too', async () => {
    const before = await available('4');
    const { body } = await reserve([['4', 2]]);
    expect((await move(body.id, 'confirm')).body).toMatchObject({ status: 'CONFIRMED', items: body.items });
    expect((await move(body.id, 'confirm')).status).toBe(200);
    expect(await available('4')).toBe(before - 2);
    expect((await move(body.id, 'release')).status).toBe(200);
    expect(await available('4')).toBe(before);
    const late = await move(body.id, 'confirm');
    expect([late.status, late.body.type, late.body.current]).toEqual([
      409,
      'https://weir.example/problems/invalid-transition',
      'RELEASED',
    ]);
  });

  it('takes all lines or none', async () => {
    const four = await available('4');
    const { status, body } = await reserve([
      ['4', 2],
      ['14', 4],
    ]);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      type: 'https://weir.example/problems/out-of-stock',
      productId: '14',
      available: 3,
    });
    expect(await available('4')).toBe(four);
  });

  it('adds up the lines of one product', async () => {
    expect(
      (
        await reserve([
          ['14', 2],
          ['14', 2],
        ])
      ).status,
    ).toBe(409);
    expect(await available('14')).toBe(3);
  });

  it('has nothing of a product that is not there', async () => {
    const { status, body } = await reserve([['no-such-product', 1]]);
    expect([status, body.productId, body.available]).toEqual([409, 'no-such-product', 0]);
  });

  it('never sells more than there is, whoever comes at once', async () => {
    const before = await available('39');
    expect(before).toBe(3);
    const answers = await Promise.all(Array.from({ length: 40 }, () => reserve([['39', 1]])));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(37);
    expect(await available('39')).toBe(0);
  });

  it('is nothing to a machine that acts for somebody else', async () => {
    const { body } = await reserve([['4', 1]], '1');
    expect((await move(body.id, 'release', '2')).status).toBe(404);
    expect((await move(body.id, 'confirm', '2')).status).toBe(404);
    expect((await move(body.id, 'confirm', '1')).status).toBe(200);
  });

  it('is found again by the key of its write, as it is now', async () => {
    const machine = { ...(await demo.machine('1')), 'idempotency-key': 'find me' };
    const { body } = await demo.post(
      'inventory',
      '/reservations',
      { items: [{ productId: '4', quantity: 1 }] },
      machine,
    );
    await move(body.id, 'confirm');
    const found = await demo.get(
      'inventory',
      '/reservations?idempotencyKey=find%20me',
      await demo.machine('1'),
    );
    expect(found.body.items).toEqual([{ ...body, status: 'CONFIRMED' }]);
    const others = await demo.get(
      'inventory',
      '/reservations?idempotencyKey=find%20me',
      await demo.machine('2'),
    );
    expect(others.body.items).toEqual([]);
  });
});
