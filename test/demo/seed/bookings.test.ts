import { describe, expect, it } from 'vitest';
import { seededBookings } from '../../../demo/seed/bookings.ts';
import { createTimetable } from '../../../demo/seed/timetable.ts';

describe('the seeded bookings', () => {
  const today = '2026-11-25';
  const bookings = seededBookings(today);

  it('are the same at every call', () => {
    expect(seededBookings(today)).toEqual(bookings);
  });

  it('keep all but their days on another day', () => {
    const timeless = (on: string) =>
      seededBookings(on).map(({ flightId, createdAt: _when, ...rest }) => [flightId.split('-')[0], rest]);
    expect(timeless('2027-06-01')).toEqual(timeless(today));
  });

  it('give Ada and Grace at least three each, over all statuses', () => {
    for (const userId of ['1', '2']) {
      const own = bookings.filter((booking) => booking.userId === userId);
      expect(own.length).toBeGreaterThanOrEqual(3);
      expect(new Set(own.map(({ status }) => status))).toEqual(new Set(['HELD', 'CONFIRMED', 'CANCELLED']));
    }
  });

  it('are on flights that there are, made before they leave and before now', () => {
    const timetable = createTimetable();
    for (const { flightId, createdAt } of bookings) {
      const departure = timetable.departureById(flightId);
      expect(departure?.day.localeCompare('2026-11-17')).toBeGreaterThan(0);
      expect(departure?.day.localeCompare('2027-01-24')).toBeLessThan(0);
      expect(Date.parse(createdAt)).toBeLessThan(departure?.departsAtMs ?? 0);
      expect(createdAt < today).toBe(true);
    }
  });

  it('have a reference each, and a payment where they were ever confirmed', () => {
    expect(new Set(bookings.map(({ reference }) => reference)).size).toBe(bookings.length);
    for (const { reference, status, paymentId } of bookings) {
      expect(reference).toMatch(/^[A-Z2-9]{6}$/);
      expect(paymentId === null).toBe(status === 'HELD');
    }
  });
});
