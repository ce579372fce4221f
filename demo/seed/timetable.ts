import { type SeededAirport, seededAirports } from './airports.ts';
import { chanceOf, wholeOf } from './chance.ts';
import { createLocalTime } from './local-time.ts';
import { seededRoutes } from './routes.ts';

/** What flies every day under one number. */
export interface Service {
  /** `WR101`. Odd numbers fly out, the even number after it flies back. */
  readonly number: string;
  readonly airline: string;
  readonly origin: string;
  readonly destination: string;
  /** When it leaves, in minutes after the midnight of the origin. */
  readonly departureMinutes: number;
  /** From gate to gate. */
  readonly blockMinutes: number;
  readonly distanceKm: number;
}

/** One service on one day. */
export interface Departure {
  /** `WR101-20261125`: the number, and the day at the origin. */
  readonly id: string;
  readonly service: Service;
  /** The local day at the origin: `2026-11-25`. */
  readonly day: string;
  /** In milliseconds since the epoch. */
  readonly departsAtMs: number;
  /** RFC 3339, in the local time of the origin. */
  readonly departsAt: string;
  /** RFC 3339, in the local time of the destination. */
  readonly arrivesAt: string;
}

/** What flies when: the same every day, in the local time of each origin. */
export interface Timetable {
  /** By number. */
  readonly services: ReadonlyMap<string, Service>;
  /** A service on a day (`2026-11-25`) of its origin. */
  departureOn(service: Service, day: string): Departure;
  /** The departure with this id, whenever it is; null where no service has the number, or there is no such day. */
  departureById(id: string): Departure | null;
}

const airlines = [
  ['WR', 'Weir Air'],
  ['SL', 'Sluice Airways'],
  ['ML', 'Millrace'],
] as const;
const firstNumber = 101;
const firstDeparture = 6 * 60 + 30;
const lastDeparture = 21 * 60 + 30;

/** The day a number of days after another, both as `2026-11-25`. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Today in UTC, as `2026-11-25`. */
export function todayInUtc(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Works the timetable out from the routes; the same at every start. */
export function createTimetable(): Timetable {
  const airports = new Map(seededAirports().map((airport) => [airport.code, airport]));
  const airportOf = (code: string): SeededAirport => {
    const airport = airports.get(code);
    if (!airport) throw new Error(`a route names ${code}, which is no airport of the demo`);
    return airport;
  };
  const services = new Map(toServices(airportOf).map((service) => [service.number, service]));
  const localTime = createLocalTime();

  const departureOn = (service: Service, day: string): Departure => {
    const origin = airportOf(service.origin).timeZone;
    const departsAtMs = localTime.momentOf(origin, day, service.departureMinutes);
    const arrivesAtMs = departsAtMs + service.blockMinutes * 60_000;
    return {
      id: `${service.number}-${day.replaceAll('-', '')}`,
      service,
      day,
      departsAtMs,
      departsAt: localTime.format(origin, departsAtMs),
      arrivesAt: localTime.format(airportOf(service.destination).timeZone, arrivesAtMs),
    };
  };

  return {
    services,
    departureOn,
    departureById: (id) => {
      const [, number = '', year, month, date] = /^([A-Z]{2}\d+)-(\d{4})(\d{2})(\d{2})$/.exec(id) ?? [];
      const service = services.get(number);
      const day = `${year}-${month}-${date}`;
      if (!service || Number.isNaN(Date.parse(day)) || dayAfter(day, 0) !== day) return null;
      return departureOn(service, day);
    },
  };
}

function toServices(airportOf: (code: string) => SeededAirport): Service[] {
  const services: Service[] = [];
  let number = firstNumber;
  for (const { from, to, daily } of seededRoutes()) {
    const [code, airline] = airlineOf(from, to);
    const distanceKm = distanceBetween(airportOf(from), airportOf(to));
    for (let turn = 0; turn < daily; turn++) {
      for (const [origin, destination] of [
        [from, to],
        [to, from],
      ] as const) {
        services.push({
          number: `${code}${number}`,
          airline,
          origin,
          destination,
          departureMinutes: departureMinutesOf(number, turn, daily),
          blockMinutes: blockMinutesOf(distanceKm, airportOf(origin), airportOf(destination)),
          distanceKm,
        });
        number++;
      }
    }
  }
  return services;
}

function airlineOf(from: string, to: string) {
  const own = airlines[0];
  if (from === 'LHR' && to === 'JFK') return own;
  return airlines[wholeOf(0, airlines.length - 1, 'airline', from, to)] ?? own;
}

/** Spreads the departures of a route over the day, at full five minutes, and never two close together. */
function departureMinutesOf(number: number, turn: number, daily: number): number {
  const part = (lastDeparture - firstDeparture) / daily;
  return Math.round((firstDeparture + part * (turn + 0.8 * chanceOf('departure', number))) / 5) * 5;
}

/** Half an hour on the ground, the rest at 830 km/h, or 780 against the wind that blows from the west. */
function blockMinutesOf(distanceKm: number, origin: SeededAirport, destination: SeededAirport): number {
  const eastward = ((destination.longitude - origin.longitude + 540) % 360) - 180;
  const speed = eastward < 0 ? 780 : 830;
  return Math.round((30 + (distanceKm / speed) * 60) / 5) * 5;
}

/** Along the great circle, in kilometres. */
function distanceBetween(one: SeededAirport, other: SeededAirport): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const haversine = (angle: number) => Math.sin(angle / 2) ** 2;
  const chord =
    haversine(radians(other.latitude - one.latitude)) +
    Math.cos(radians(one.latitude)) *
      Math.cos(radians(other.latitude)) *
      haversine(radians(other.longitude - one.longitude));
  return Math.round(2 * 6371 * Math.asin(Math.sqrt(chord)));
}
