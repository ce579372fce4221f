import { randomUUID } from 'node:crypto';

/** Makes, straight at the backends, what sagas find there. Everything belongs to Ada, user 1. */
export interface Customer {
  /** A confirmed and paid order of one piece; answers its id. */
  buy(productId: string): Promise<string>;
  /** A confirmed and paid booking for one person; answers its id. */
  book(flightId: string): Promise<string>;
  /** A new account; answers its id. */
  register(): Promise<string>;
}

const price = { amount: 1250, currency: 'EUR' };

export async function createCustomer(urls: Readonly<Record<string, string>>): Promise<Customer> {
  const post = async (backend: string, path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${urls[backend]}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok)
      throw new Error(`${backend} answered ${answer.status} to ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const client = { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' };
  const { accessToken } = await post('users', '/tokens', client);
  const machine = { authorization: `Bearer ${accessToken}` };
  const ada = { ...machine, 'x-on-behalf-of': '1' };
  const pay = async (subject: string): Promise<string> => {
    const charge = { userId: '1', subject, amount: price, paymentToken: 'tok_ok' };
    return (await post('payments', '/charges', charge, ada)).id;
  };

  return {
    async buy(productId) {
      const items = [{ productId, quantity: 1 }];
      const { id: reservationId } = await post('inventory', '/reservations', { items }, ada);
      const priced = items.map((item) => ({ ...item, unitPrice: price }));
      const { id } = await post('orders', '/orders', { userId: '1', items: priced, reservationId }, ada);
      const paymentId = await pay(`orders/${id}`);
      await post('inventory', `/reservations/${reservationId}/confirm`, {}, ada);
      await post('orders', `/orders/${id}/confirm`, { paymentId }, ada);
      return id;
    },
    async book(flightId) {
      const booking = { userId: '1', flightId, passengers: [{ name: 'Ada Lovelace' }], total: price };
      const { id } = await post('bookings', '/bookings', booking, ada);
      await post('bookings', `/bookings/${id}/confirm`, { paymentId: await pay(`bookings/${id}`) }, ada);
      return id;
    },
    async register() {
      const email = `somebody-${randomUUID()}@example.com`;
      return (await post('users', '/users', { name: 'Somebody', email, password: 'waterfall' }, machine)).id;
    },
  };
}
