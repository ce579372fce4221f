import type { Fence } from './cache/fence.ts';
import { marksOf } from './cache/marks.ts';
import { isPublicRead } from './cache/public-read.ts';
import type { Answer, Exchange, Layer } from './exchange.ts';
import { Flight, Passenger } from './join-flight.ts';
import type { Watch } from './watch.ts';

/** What joining needs of the process. */
export interface JoinParts {
  readonly watch: Watch;
  /** Nobody joins what was under way when its objects changed. */
  readonly fence: Fence;
}

/**
 * Joins identical public reads that are in flight, across operations: one call, and each of its callers gets the
 * answer, sees it in its own records, and may leave at any time. The call ends with its last caller.
 *
 * Two reads are identical where URL and validators are. Bulk reads are joined key by key, by `createBulkJoin`.
 */
export function createJoin({ watch, fence }: JoinParts): Layer {
  return (next) => {
    const flights = new Map<string, Flight>();

    const flightFor = (passenger: Passenger, exchange: Exchange): Flight => {
      const { endpoint, url, headers } = exchange;
      const name = [
        endpoint.id,
        url,
        headers['if-none-match'] ?? '',
        headers['if-modified-since'] ?? '',
      ].join('\n');
      const flying = flights.get(name);
      const joinable = flying && !flying.gone && fence.holds(flying.stamp, marksOf(endpoint, null));
      if (joinable) {
        passenger.board(flying);
        return flying;
      }
      const flight: Flight = new Flight(passenger, [], {
        url,
        stamp: fence.stamp(),
        next,
        onLanded: () => {
          if (flights.get(name) === flight) flights.delete(name);
        },
      });
      flights.set(name, flight);
      return flight;
    };

    const share = (exchange: Exchange): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const passenger = new Passenger(exchange, watch, reject);
        const flight = flightFor(passenger, exchange);
        flight.answer.then(
          (answer) => {
            passenger.leave();
            resolve(flight.seenBy(passenger, answer));
          },
          (error: unknown) => {
            passenger.leave();
            reject(error);
          },
        );
      });

    return (exchange) =>
      exchange.endpoint.bulk || !isPublicRead(exchange) ? next(exchange) : share(exchange);
  };
}
