import type { Weir } from '../start-weir.ts';
import type { Known } from '../waterfall/operations.ts';

/** What one person can ask for by id: themselves, their own orders, bookings and payments, and some of the catalogue. */
export interface Objects extends Known {
  readonly user: string;
  readonly orders: readonly string[];
  readonly bookings: readonly string[];
  readonly payments: readonly string[];
  readonly products: readonly string[];
  readonly flights: readonly string[];
}

const idsIn = (list: { readonly nodes: readonly { readonly id: string }[] }): readonly string[] =>
  list.nodes.map(({ id }) => id);

/** Asks for them. */
export async function objectsOf(weir: Weir, token: string): Promise<Objects> {
  const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const { data } = await weir.ask(
    `{ me { id orders(first: 12) { nodes { id payment { id } } } bookings(first: 3) { nodes { id payment { id } } } }
       products(first: 12) { nodes { id } }
       flights(search: { origin: "LHR", destination: "JFK", date: "${date}" }, first: 4) { nodes { id } } }`,
    { token },
  );
  const paid: readonly { readonly payment: { readonly id: string } | null }[] = [
    ...data.me.orders.nodes,
    ...data.me.bookings.nodes,
  ];
  const objects = {
    user: data.me.id,
    orders: idsIn(data.me.orders),
    bookings: idsIn(data.me.bookings),
    payments: paid.flatMap(({ payment }) => (payment === null ? [] : [payment.id])),
    products: idsIn(data.products),
    flights: idsIn(data.flights),
  };
  const { user, ...lists } = objects;
  return { date, ...objects, ids: [user, ...Object.values(lists).flat()] };
}
