import { chanceOf } from './chance.ts';
import type { Service } from './timetable.ts';

/** How many seats every aircraft of the demo has. */
export const seatsOfAircraft = 180;

/** What a seat on a service costs before anything was sold, in minor units of EUR. */
export function baseFareOf(service: Service): number {
  return toWholeEuros(3900 + service.distanceKm * 7 * (0.9 + 0.2 * chanceOf('fare', service.number)));
}

/** Rounds an amount in minor units to whole euros. */
export function toWholeEuros(amount: number): number {
  return Math.round(amount / 100) * 100;
}
