import { over } from './measured.js';

export const queries = {
  orders: `query OrderPage {
  me {
    name
    orders(first: 10) {
      nodes {
        total { amount currency }
        items { quantity product { name price { amount } } }
      }
    }
    bookings(first: 5) {
      nodes { reference flight { number departsAt } }
    }
  }
}`,
  flights: `query FlightSearch($search: FlightSearch!) {
  flights(search: $search, first: 5) {
    nodes {
      number departsAt arrivesAt
      origin { name }
      destination { name }
      offer { price { amount currency } seatsLeft }
    }
  }
}`,
};

/** Sends one query; resolves with what it brought, and the calls that Weir made for it as bars. */
export async function askWeir({ query, variables, token, distanceMs, beganAt }) {
  const { data, errors, extensions } = await over(distanceMs, async () => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-weir-trace': '1',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  });
  const tookMs = performance.now() - beganAt;
  if (errors?.length > 0) throw new Error(errors[0].message);
  const { waterfall } = extensions;
  // Where the gateway's clock stands on ours: what the request took beside its work lies evenly around it.
  const offsetMs = Math.max(0, (tookMs - waterfall.totalMs) / 2);
  const bars = waterfall.calls.map((call) => ({
    backend: call.backend,
    label: call.batchSize > 1 ? `${call.route} (${call.batchSize} keys)` : call.route,
    startMs: offsetMs + call.startMs,
    endMs: offsetMs + call.startMs + call.durationMs,
    cached: call.source === 'cache' || call.source === 'stale',
    failed: call.error !== null,
  }));
  return { data, tookMs, bars, depth: waterfall.depth };
}

export function sayOrders({ me }) {
  const orders = me.orders.nodes;
  const products = new Set(orders.flatMap(({ items }) => items.map(({ product }) => product?.name)));
  return `${me.name}: ${orders.length} orders, ${products.size} products, ${me.bookings.nodes.length} bookings`;
}

export const sayFlights = ({ flights }) => `${flights.nodes.length} flights with their offers`;
