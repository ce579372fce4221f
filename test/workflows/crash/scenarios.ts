import type { Scenario } from './kill-points.ts';

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

/** Every saga that moves money or goods, going well and going wrong. */
export async function scenarios(urls: Urls): Promise<readonly Scenario[]> {
  const productId = await plentiful(urls);
  const order = (paymentToken: string) => async () => ({ items: [{ productId, quantity: 1 }], paymentToken });
  const booking = (paymentToken: string) => async () => {
    const day = new Date(Date.now() + 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    const { items } = await get(`${urls.flights}/flights?origin=LHR&destination=JFK&date=${day}`);
    const flightId: string = items[0].id;
    const { token } = await get(`${urls.pricing}/offers/${flightId}?passengers=1`);
    return { flightId, offerToken: token, passengers: [{ name: 'Ada Lovelace' }], paymentToken };
  };
  return [
    { title: 'placeOrder', name: 'placeOrder', input: order('tok_ok'), status: 'SUCCEEDED' },
    {
      title: 'placeOrder, flaky payment',
      name: 'placeOrder',
      input: order('tok_flaky'),
      status: 'SUCCEEDED',
    },
    {
      title: 'placeOrder, declined',
      name: 'placeOrder',
      input: order('tok_declined'),
      status: 'COMPENSATED',
    },
    { title: 'bookFlight', name: 'bookFlight', input: booking('tok_ok'), status: 'SUCCEEDED' },
    {
      title: 'bookFlight, declined',
      name: 'bookFlight',
      input: booking('tok_declined'),
      status: 'COMPENSATED',
    },
  ];
}
