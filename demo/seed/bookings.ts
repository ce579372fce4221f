import { bookingReferenceOf } from './booking-reference.ts';
import { wholeOf } from './chance.ts';
import { baseFareOf } from './fares.ts';
import { ada, grace, root, userCount } from './people.ts';
import { createTimetable, dayAfter, todayInUtc } from './timetable.ts';

/** A booking as the demo begins with it. */
export interface SeededBooking {
  readonly id: string;
  /** Six letters and digits. */
  readonly reference: string;
  readonly userId: string;
  readonly flightId: string;
  readonly passengers: readonly { readonly name: string }[];
  /** For all passengers. */
  readonly total: { readonly amount: number; readonly currency: 'EUR' };
  readonly status: 'HELD' | 'CONFIRMED' | 'CANCELLED';
  /** The payment that it was confirmed with: still captured where it is CONFIRMED, refunded where CANCELLED. */
  readonly paymentId: string | null;
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
}

/** How many bookings those have who are not named below. */
const others = 1200;
const firstDay = -7;
const lastDay = 55;
const dayMs = 86_400_000;

const statuses = ['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'HELD', 'CANCELLED'] as const;

const givenNames =
  'Amara Björn Chiara Dmitri Elif Fatima Goran Hana Ines Jonas Kofi Leila Mateo Nadia Omar Priya';
const familyNames =
  'Almeida Brandt Castillo Dupont Eriksen Fischer Gallo Haddad Ivanova Jensen Kowalska Lindqvist Moreau Novak Okafor Petrov';

/**
 * The bookings that the demo begins with: five each for Ada and Grace, and 1,200 for others.
 *
 * The same at every call, but for their days: flights are up to a week before and eight after `today`
 * (`2026-11-25`), so that there is something to look forward to whenever the demo begins.
 */
export function seededBookings(today: string = todayInUtc()): SeededBooking[] {
  const timetable = createTimetable();
  const services = [...timetable.services.values()];
  const bookings: SeededBooking[] = [];

  const add = (userId: string, status: SeededBooking['status'], firstPassenger: string | null): void => {
    const number = bookings.length + 1;
    const service = services[wholeOf(0, services.length - 1, 'booked service', number)];
    if (!service) return;
    const days = wholeOf(firstDay, lastDay, 'booked day', number);
    const passengers = Array.from({ length: wholeOf(1, 3, 'passengers', number) }, (_, seat) => ({
      name: seat === 0 && firstPassenger !== null ? firstPassenger : nameOf(number, seat),
    }));
    const sinceMs = wholeOf(1, 60 * dayMs, 'booked since', number);
    bookings.push({
      id: String(number),
      reference: bookingReferenceOf(number),
      userId,
      flightId: timetable.departureOn(service, dayAfter(today, days)).id,
      passengers,
      total: { amount: baseFareOf(service) * passengers.length, currency: 'EUR' },
      status,
      paymentId: status === 'HELD' ? null : `pay_booking_${number}`,
      createdAt: new Date(Date.parse(dayAfter(today, Math.min(days, 0))) - sinceMs).toISOString(),
    });
  };

  for (const { id, name } of [ada, grace]) {
    for (const status of statuses) add(id, status, name);
  }
  for (let other = 0; other < others; other++) {
    const status = statuses[wholeOf(0, statuses.length - 1, 'booked status', other)] ?? 'CONFIRMED';
    add(String(wholeOf(Number(root.id) + 1, userCount, 'booked by', other)), status, null);
  }
  return bookings;
}

function nameOf(number: number, seat: number): string {
  const one = (names: string, kind: string) => {
    const list = names.split(' ');
    return list[wholeOf(0, list.length - 1, kind, number, seat)] ?? kind;
  };
  return `${one(givenNames, 'given name')} ${one(familyNames, 'family name')}`;
}
