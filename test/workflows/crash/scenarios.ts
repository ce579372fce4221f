import { randomUUID } from 'node:crypto';
import { ask } from '../test-database.ts';
import { createCustomer } from './customer.ts';
import type { Word } from './replica.ts';
import type { Scenario } from './scenario.ts';

type Urls = Readonly<Record<string, string>>;

async function get(url: string) {
  return (await fetch(url)).json();
}

/** A product of which there is a lot. */
export async function plentiful(urls: Urls): Promise<string> {
  const { items } = await get(`${urls.products}/products?sort=PRICE_ASC&limit=100`);
  for (const { id } of items) {
    const { available } = await get(`${urls.inventory}/stock/${id}`);
    if (available > 1000) return id;
  }
  throw new Error('nothing is plentiful');
}

/** What the warehouse says, by what waits for it. */
export const warehouse: ReadonlyMap<string, Omit<Word, 'workflowId'>> = new Map([
  ['the warehouse to ship the order', { topic: 'fulfilment', message: 'shipped' }],
  ['the warehouse to deliver the order', { topic: 'fulfilment', message: 'delivered' }],
]);

/** Every saga, and those that can be refused halfway going wrong as well. */
export async function scenarios(urls: Urls): Promise<readonly Scenario[]> {
  const productId = await plentiful(urls);
  const customer = await createCustomer(urls);
  const order = (paymentToken: string) => async () => ({
    input: { items: [{ productId, quantity: 1 }], paymentToken },
  });
  const booking = (paymentToken: string) => async () => {
    const flightId = await flightOf(urls);
    const { token } = await get(`${urls.pricing}/offers/${flightId}?passengers=1`);
    return { input: { flightId, offerToken: token, passengers: [{ name: 'Ada Lovelace' }], paymentToken } };
  };
  return [
    { title: 'placeOrder', name: 'placeOrder', begin: order('tok_ok'), status: 'SUCCEEDED' },
    {
      title: 'placeOrder, flaky payment',
      name: 'placeOrder',
      begin: order('tok_flaky'),
      status: 'SUCCEEDED',
    },
    {
      title: 'placeOrder, declined',
      name: 'placeOrder',
      begin: order('tok_declined'),
      status: 'COMPENSATED',
    },
    { title: 'bookFlight', name: 'bookFlight', begin: booking('tok_ok'), status: 'SUCCEEDED' },
    {
      title: 'bookFlight, declined',
      name: 'bookFlight',
      begin: booking('tok_declined'),
      status: 'COMPENSATED',
    },
    {
      title: 'cancelOrder',
      name: 'cancelOrder',
      begin: async () => ({ input: { orderId: await customer.buy(productId), ownerId: '1' } }),
      status: 'SUCCEEDED',
    },
    {
      title: 'cancelBooking',
      name: 'cancelBooking',
      begin: async () => ({ input: { bookingId: await customer.book(await flightOf(urls)), ownerId: '1' } }),
      status: 'SUCCEEDED',
    },
    {
      title: 'register',
      name: 'register',
      begin: async () => ({ startedBy: await customer.register(), input: { name: 'Somebody' } }),
      status: 'SUCCEEDED',
    },
    {
      title: 'importProducts',
      name: 'importProducts',
      begin: async (url) => ({ input: { uploadId: await upload(url, 450) } }),
      status: 'SUCCEEDED',
      writes: 450,
      alone: true,
    },
    {
      title: 'fulfilOrder',
      name: 'fulfilOrder',
      begin: async () => ({ input: { orderId: await customer.buy(productId) } }),
      says: warehouse,
      status: 'SUCCEEDED',
    },
  ];
}

/** A flight with seats. */
async function flightOf(urls: Urls): Promise<string> {
  const day = new Date(Date.now() + 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  const { items } = await get(`${urls.flights}/flights?origin=LHR&destination=JFK&date=${day}`);
  return items[Math.floor(Math.random() * items.length)].id;
}

/** Puts a catalogue of this many new products where an import finds it. */
async function upload(url: string, rows: number): Promise<string> {
  const id = `up-${randomUUID()}`;
  const lines = Array.from(
    { length: rows },
    (_, index) => `${id}-${index},Thing ${index},Things,${index}.50`,
  );
  const csv = ['id,name,category,price', ...lines].join('\n');
  await ask(url, 'insert into weir.uploads (id, owner, body) values ($1, $2, $3)', [id, '1', csv]);
  return id;
}
