import { over, wasCached } from './measured.js';

/** As many calls as browsers keep under way to one host. */
const SIDE_BY_SIDE = 6;

/**
 * An app over plain REST: a call an object, each asked for once, as many at a time as it may.
 *
 * `onCall` hears of each call when it begins; the bar that it is given changes as the call goes on.
 */
export function createRestApp({ token, distanceMs, serial, onCall }) {
  const beganAt = performance.now();
  const now = () => performance.now() - beganAt;
  const known = new Map();
  const waiting = [];
  let flying = 0;

  const pump = () => {
    while (flying < (serial ? 1 : SIDE_BY_SIDE) && waiting.length > 0) {
      flying += 1;
      waiting
        .shift()()
        .finally(() => {
          flying -= 1;
          pump();
        });
    }
  };

  const call = async (backend, path) => {
    const bar = { backend, label: `GET ${path}`, startMs: now(), endMs: null, cached: false, failed: false };
    onCall(bar);
    const address = `/race/rest/${backend}${path}`;
    try {
      const response = await over(distanceMs, () =>
        fetch(address, { headers: token ? { authorization: `Bearer ${token}` } : {} }),
      );
      if (!response.ok) throw new Error(`${backend} answers ${response.status}`);
      return await response.json();
    } catch (error) {
      bar.failed = true;
      throw error;
    } finally {
      bar.endMs = now();
      bar.cached = wasCached(address);
    }
  };

  /** The object at a path; the same path is asked for once. */
  const get = (backend, path) => {
    const key = `${backend} ${path}`;
    if (!known.has(key)) {
      known.set(
        key,
        new Promise((resolve, reject) => {
          waiting.push(() => call(backend, path).then(resolve, reject));
          pump();
        }),
      );
    }
    return known.get(key);
  };

  return { get, now };
}

/** The order page: the person, their orders with each product, their bookings with each flight. */
export async function restOrders(app, userId) {
  const [user, orders, bookings] = await Promise.all([
    app.get('users', `/users/${userId}`),
    app.get('orders', `/orders?userIds=${userId}&limit=10`).then(pageOf),
    app.get('bookings', `/bookings?userIds=${userId}&limit=5`).then(pageOf),
  ]);
  const products = new Set(orders.flatMap(({ items }) => items.map(({ productId }) => productId)));
  const flights = new Set(bookings.map(({ flightId }) => flightId));
  await Promise.all([
    // The few before the many: in the other order the flights would wait behind every product.
    ...[...flights].map((id) => app.get('flights', `/flights/${id}`)),
    ...[...products].map((id) => app.get('products', `/products/${id}`)),
  ]);
  return `${user.name}: ${orders.length} orders, ${products.size} products, ${bookings.length} bookings`;
}

/** The flight search: flights of a day, and for each of them an offer and its airports. */
export async function restFlights(app, { origin, destination, date }) {
  const search = new URLSearchParams({ origin, destination, date, limit: '5' });
  const { items } = await app.get('flights', `/flights?${search}`);
  await Promise.all(
    items.flatMap((flight) => [
      app.get('pricing', `/offers/${flight.id}?passengers=1`),
      app.get('flights', `/airports/${flight.origin}`),
      app.get('flights', `/airports/${flight.destination}`),
    ]),
  );
  return `${items.length} flights with their offers`;
}

/** The one page of a bulk answer for one user. */
const pageOf = ({ items }) => items[0]?.items ?? [];
