import * as z from 'zod';
import { DESTINATION, EMAIL, FLIGHTS, type Offered, ORIGIN, PASSENGER, PASSWORD } from './journey.ts';

const sessionShape = z.object({ accessToken: z.string(), user: z.object({ id: z.string() }) });
const tokenShape = z.object({ accessToken: z.string() });
const pageShape = z.object({ items: z.array(z.object({ id: z.string() })) });
const offerShape = z.object({
  flightId: z.string(),
  token: z.string(),
  price: z.object({ amount: z.number(), currency: z.string() }),
});
const madeShape = z.object({ id: z.string() });

export type RestOffer = z.infer<typeof offerShape>;

/** The calls of the journey, as anybody would make them with `fetch`. */
export interface RestBackends {
  /** Resolves with the user's id. */
  signIn(): Promise<string>;
  searchFlights(date: string): Promise<readonly string[]>;
  offer(flightId: string): Promise<RestOffer>;
  hold(userId: string, offer: Offered & Pick<RestOffer, 'price'>, key: string): Promise<string>;
  pay(userId: string, bookingId: string, price: RestOffer['price'], key: string): Promise<string>;
  confirm(bookingId: string, paymentId: string, key: string): Promise<void>;
  tell(userId: string, bookingId: string, key: string): Promise<void>;
}

/** Opens the demo's backends. Writes carry the gateway's own token, which is fetched here, before anything counts. */
export async function openRestBackends(urls: Readonly<Record<string, string>>): Promise<RestBackends> {
  const call = async <T>(
    shape: z.ZodType<T>,
    backend: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> => {
    const response = await fetch(`${urls[backend]}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Error(`${backend}${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return shape.parse(answer);
  };
  const { accessToken } = await call(tokenShape, 'users', '/tokens', {
    clientId: 'weir-gateway',
    clientSecret: 'weir-demo-secret',
  });
  const write = (userId: string, key: string) => ({
    authorization: `Bearer ${accessToken}`,
    'x-on-behalf-of': userId,
    'idempotency-key': key,
  });
  return {
    signIn: async () =>
      (await call(sessionShape, 'users', '/sessions', { email: EMAIL, password: PASSWORD })).user.id,
    searchFlights: async (date) => {
      const query = `origin=${ORIGIN}&destination=${DESTINATION}&date=${date}&limit=${FLIGHTS}`;
      return (await call(pageShape, 'flights', `/flights?${query}`)).items.map(({ id }) => id);
    },
    offer: (flightId) => call(offerShape, 'pricing', `/offers/${flightId}?passengers=1`),
    hold: async (userId, { flightId, price }, key) => {
      const booking = { userId, flightId, passengers: [{ name: PASSENGER }], total: price };
      return (await call(madeShape, 'bookings', '/bookings', booking, write(userId, `${key}-hold`))).id;
    },
    pay: async (userId, bookingId, amount, key) => {
      const charge = { userId, subject: `bookings/${bookingId}`, amount, paymentToken: 'tok_ok' };
      return (await call(madeShape, 'payments', '/charges', charge, write(userId, `${key}-pay`))).id;
    },
    confirm: async (bookingId, paymentId, key) => {
      await call(
        madeShape,
        'bookings',
        `/bookings/${bookingId}/confirm`,
        { paymentId },
        write('1', `${key}-confirm`),
      );
    },
    tell: async (userId, bookingId, key) => {
      const message = { userId, template: 'booking-confirmed', data: { bookingId } };
      await call(madeShape, 'notifications', '/messages', message, write(userId, `${key}-tell`));
    },
  };
}
