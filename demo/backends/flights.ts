import { z } from 'zod';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { cursorParameter, keysParameter, limitParameter, pageOf, rowsByIds } from '../kit/paging.ts';
import { Problem } from '../kit/problem.ts';
import { noQuery, type Route, read } from '../kit/route.ts';
import type { Store } from '../kit/store.ts';
import { createTimetable, dayAfter, todayInUtc } from '../seed/timetable.ts';

const schema = `
  CREATE TABLE airport (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, time_zone TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE flight (
    id TEXT PRIMARY KEY, number TEXT NOT NULL, airline TEXT NOT NULL, origin TEXT NOT NULL,
    destination TEXT NOT NULL, day TEXT NOT NULL, departs_at_ms INTEGER NOT NULL, departs_at TEXT NOT NULL,
    arrives_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX flight_by_search ON flight (origin, destination, day, departs_at_ms, id);
  CREATE TABLE day_with_flights (day TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

const airportRow = z
  .object({ id: z.string(), name: z.string(), city: z.string(), time_zone: z.string() })
  .transform(({ id, time_zone, ...row }) => ({ id, body: { code: id, ...row, timeZone: time_zone } }));
const flightRow = z
  .object({
    id: z.string(),
    number: z.string(),
    airline: z.string(),
    origin: z.string(),
    destination: z.string(),
    departs_at: z.string(),
    arrives_at: z.string(),
  })
  .transform(({ departs_at, arrives_at, ...row }) => ({
    ...row,
    departsAt: departs_at,
    arrivesAt: arrives_at,
  }));
const dayRow = z.object({ day: z.string() });

const usualMs = 60;
const cacheControl = 'public, max-age=60, stale-if-error=3600';
const codeParameter = z.string().regex(/^[A-Z]{3}$/, 'expected an airport code such as LHR');

/** How many days of the timetable there are before and after today (in UTC), local days at every origin included. */
const daysBehind = 7;
const daysAhead = 61;

/** Airports and the timetable: everybody may read them, nobody writes. */
export function createFlights(options: BackendOptions): Promise<Backend> {
  return createBackend(
    {
      name: 'flights',
      version: 1,
      schema,
      loadSeed: async () => {
        const { seededAirports } = await import('../seed/airports.ts');
        return (store) => {
          for (const { code, name, city, timeZone } of seededAirports()) {
            store.run('INSERT INTO airport VALUES (?, ?, ?, ?)', code, name, city, timeZone);
          }
        };
      },
      setup: async (store) => {
        topUp(store);
        return { routes: routesOf(store) };
      },
    },
    options,
  );
}

function routesOf(store: Store): Route[] {
  const airportsByCodes = (codes: readonly string[]) =>
    rowsByIds(store, 'airport', codes, airportRow).map(({ body }) => body);

  return [
    read({
      path: '/airports',
      access: 'public',
      usualMs,
      cacheControl,
      query: noQuery,
      answer: () => ({
        items: store.all(airportRow, 'SELECT * FROM airport ORDER BY id').map(({ body }) => body),
      }),
    }),

    read({
      path: '/airports',
      by: 'codes',
      access: 'public',
      usualMs,
      cacheControl,
      query: z.strictObject({ codes: keysParameter }),
      answer: ({ query }) => ({ items: airportsByCodes(query.codes) }),
    }),

    read({
      path: '/airports/{code}',
      access: 'public',
      usualMs,
      cacheControl,
      query: noQuery,
      answer: ({ param }) => present(airportsByCodes([param('code')])[0]),
    }),

    read({
      path: '/flights',
      by: 'ids',
      access: 'public',
      usualMs,
      cacheControl,
      query: z.strictObject({ ids: keysParameter }),
      answer: ({ query }) => ({ items: rowsByIds(store, 'flight', query.ids, flightRow) }),
    }),

    read({
      path: '/flights/{id}',
      access: 'public',
      usualMs,
      cacheControl,
      query: noQuery,
      answer: ({ param }) => present(rowsByIds(store, 'flight', [param('id')], flightRow)[0]),
    }),

    read({
      path: '/flights',
      access: 'public',
      usualMs: 500,
      cacheControl,
      query: z.strictObject({
        origin: codeParameter,
        destination: codeParameter,
        date: z.iso.date(),
        cursor: cursorParameter,
        limit: limitParameter,
      }),
      answer: ({ query }) =>
        pageOf({
          store,
          table: 'flight',
          where: 'origin = ? AND destination = ? AND day = ?',
          values: [query.origin, query.destination, query.date],
          order: { name: 'departure', columns: ['departs_at_ms', 'id'], direction: 'ASC' },
          limit: query.limit,
          cursor: query.cursor,
          decoder: flightRow,
        }),
    }),
  ];
}

function present<T>(row: T | undefined): T {
  if (row === undefined) throw new Problem('not-found');
  return row;
}

/** Adds the days of the timetable that are not there yet; what is there stays, for those who have booked it. */
function topUp(store: Store): void {
  const timetable = createTimetable();
  const today = todayInUtc();
  store.transaction(() => {
    const there = new Set(store.all(dayRow, 'SELECT day FROM day_with_flights').map(({ day }) => day));
    for (let days = -daysBehind; days <= daysAhead; days++) {
      const day = dayAfter(today, days);
      if (there.has(day)) continue;
      store.run('INSERT INTO day_with_flights VALUES (?)', day);
      for (const service of timetable.services.values()) {
        const { id, departsAtMs, departsAt, arrivesAt } = timetable.departureOn(service, day);
        store.run(
          'INSERT INTO flight VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          id,
          service.number,
          service.airline,
          service.origin,
          service.destination,
          day,
          departsAtMs,
          departsAt,
          arrivesAt,
        );
      }
    }
  });
}
