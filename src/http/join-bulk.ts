import type { Endpoint } from '../backends.ts';
import { type BulkUrl, parseBulkUrl, toBulkUrl } from './cache/bulk-url.ts';
import { marksOf } from './cache/marks.ts';
import { isPublicRead } from './cache/public-read.ts';
import type { Answer, Exchange, Layer } from './exchange.ts';
import type { JoinParts } from './join.ts';
import { BulkFlight, isPoisoned, toOwnAnswer } from './join-bulk-flight.ts';
import { Passenger } from './join-flight.ts';

/** A read that waits for the flights that carry its keys. */
interface Reader {
  readonly passenger: Passenger;
  readonly url: BulkUrl;
  /** Keys that leave at the end of this turn. */
  readonly wanted: string[];
  readonly flights: Set<BulkFlight>;
  /** Called once all of its keys are under way. */
  readonly onAboard: () => void;
}

/** Reads that differ in nothing but their keys. */
interface Lane {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly flying: Map<string, BulkFlight>;
  /** Who waits for the end of this turn; null while nobody does. */
  waiting: Reader[] | null;
}

/**
 * Lets concurrent operations share the bulk reads of public objects: keys that are asked for within one turn of
 * the event loop leave in one call of at most `bulk.max`, and a key that is in flight is not asked for again.
 *
 * Each caller gets the rows of its own keys, sees the call in its own records, and may leave at any time. A call
 * ends with its last caller. Where one that several share is refused or cannot be read, one caller's key may
 * have poisoned it: then each makes its own.
 */
export function createBulkJoin({ watch, fence }: JoinParts): Layer {
  return (next) => {
    const lanes = new Map<string, Lane>();
    let departing: Lane[] = [];

    const laneOf = ({ endpoint }: Exchange, { before, after }: BulkUrl): Lane => {
      const name = `${endpoint.id}\n${before}\n${after}`;
      let lane = lanes.get(name);
      if (!lane) {
        lane = { name, endpoint, flying: new Map(), waiting: null };
        lanes.set(name, lane);
      }
      return lane;
    };

    const flightWith = ({ endpoint, flying }: Lane, key: string): BulkFlight | null => {
      const flight = flying.get(key);
      if (!flight || flight.gone) return null;
      return fence.holds(flight.stamp, marksOf(endpoint, key)) ? flight : null;
    };

    const launch = (lane: Lane, keys: readonly string[], readers: readonly Reader[]): void => {
      const [first, ...others] = readers;
      if (!first) return;
      const flight: BulkFlight = new BulkFlight(
        keys,
        first.passenger,
        others.map(({ passenger }) => passenger),
        {
          // The usual case: one caller, with all that it asked for.
          url: keys === first.url.keys ? first.passenger.exchange.url : toBulkUrl(first.url, keys),
          stamp: fence.stamp(),
          next,
          onLanded: () => {
            for (const key of keys) if (lane.flying.get(key) === flight) lane.flying.delete(key);
            if (lane.flying.size === 0 && lane.waiting === null) lanes.delete(lane.name);
          },
        },
      );
      for (const key of keys) lane.flying.set(key, flight);
      for (const reader of readers) reader.flights.add(flight);
    };

    /** Sends what was asked for in this turn. */
    const departAll = (): void => {
      const lanesOfTurn = departing;
      departing = [];
      for (const lane of lanesOfTurn) depart(lane);
    };

    const depart = (lane: Lane): void => {
      // Who has left meanwhile wants nothing any more.
      const readers = (lane.waiting ?? []).filter(
        ({ passenger }) => passenger.waits && !passenger.signal.aborted,
      );
      lane.waiting = null;
      const [first] = readers;
      const max = lane.endpoint.bulk?.max ?? 1;
      if (first && readers.length === 1 && first.wanted.length <= max) {
        const all = first.wanted.length === first.url.keys.length;
        launch(lane, all ? first.url.keys : first.wanted, readers);
      } else {
        const keys = [...new Set(readers.flatMap(({ wanted }) => wanted))];
        for (let from = 0; from < keys.length; from += max) {
          const chunk = keys.slice(from, from + max);
          const aboard = new Set(chunk);
          launch(
            lane,
            chunk,
            readers.filter(({ wanted }) => wanted.some((key) => aboard.has(key))),
          );
        }
      }
      for (const reader of readers) reader.onAboard();
      if (lane.flying.size === 0) lanes.delete(lane.name);
    };

    /** Boards what carries its keys already; the other keys wait for the end of the turn. */
    const board = (lane: Lane, reader: Reader): void => {
      for (const key of reader.url.keys) {
        const flight = flightWith(lane, key);
        if (!flight) reader.wanted.push(key);
        else if (!reader.flights.has(flight)) {
          reader.passenger.board(flight);
          reader.flights.add(flight);
        }
      }
      if (reader.wanted.length === 0) {
        reader.onAboard();
        return;
      }
      if (lane.waiting === null) {
        lane.waiting = [];
        if (departing.length === 0) setImmediate(departAll);
        departing.push(lane);
      }
      lane.waiting.push(reader);
    };

    const share = (exchange: Exchange, url: BulkUrl): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const passenger = new Passenger(exchange, watch, reject);
        const alone = (): void => {
          if (!passenger.waits) return;
          passenger.leave();
          next(exchange).then(resolve, reject);
        };
        const land = (flights: readonly BulkFlight[], answers: readonly Answer[]): void => {
          const own = toOwnAnswer(passenger, url.keys, flights, answers);
          if (!own) alone();
          else {
            passenger.leave();
            resolve(own);
          }
        };
        const crash = (flights: readonly BulkFlight[], error: unknown): void => {
          if (isPoisoned(error) && flights.some(({ joint }) => joint)) alone();
          else {
            passenger.leave();
            reject(error);
          }
        };
        const onAboard = (): void => {
          const flights = [...reader.flights];
          Promise.all(flights.map(({ answer }) => answer)).then(
            (answers) => land(flights, answers),
            (error: unknown) => crash(flights, error),
          );
        };
        const reader: Reader = { passenger, url, wanted: [], flights: new Set(), onAboard };
        board(laneOf(exchange, url), reader);
      });

    return (exchange) => {
      const url = isPublicRead(exchange) ? parseBulkUrl(exchange.endpoint, exchange.url) : null;
      return url ? share(exchange, url) : next(exchange);
    };
  };
}
