import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededAirports } from '../../../demo/seed/airports.ts';
import { createLocalTime } from '../../../demo/seed/local-time.ts';

const localTime = createLocalTime();
const shownAt = (timeZone: string, day: string, minutes: number) =>
  localTime.format(timeZone, localTime.momentOf(timeZone, day, minutes));

describe('local time', () => {
  it.each([
    ['Europe/London', '2026-11-25', 570, '2026-11-25T09:30:00+00:00'],
    ['America/New_York', '2026-11-25', 570, '2026-11-25T09:30:00-05:00'],
    ['Asia/Kolkata', '2026-11-25', 390, '2026-11-25T06:30:00+05:30'],
    ['Pacific/Auckland', '2026-12-31', 1290, '2026-12-31T21:30:00+13:00'],
    // The morning after the clocks went on, and the one after they went back.
    ['Europe/London', '2027-03-27', 390, '2027-03-27T06:30:00+00:00'],
    ['Europe/London', '2027-03-28', 390, '2027-03-28T06:30:00+01:00'],
    ['America/New_York', '2026-10-31', 390, '2026-10-31T06:30:00-04:00'],
    ['America/New_York', '2026-11-01', 390, '2026-11-01T06:30:00-05:00'],
    // The evening before, when in UTC it is the day of the change already.
    ['America/Los_Angeles', '2026-10-31', 1290, '2026-10-31T21:30:00-07:00'],
    ['Australia/Sydney', '2026-10-04', 390, '2026-10-04T06:30:00+11:00'],
    ['Australia/Sydney', '2026-10-03', 1290, '2026-10-03T21:30:00+10:00'],
  ])('in %s on %s after %i minutes reads %s', (timeZone, day, minutes, expected) => {
    expect(shownAt(timeZone, day, minutes)).toBe(expected);
  });

  it('shows what was asked for, in every zone of the demo, on every day, between breakfast and midnight', () => {
    const zones = [...new Set(seededAirports().map(({ timeZone }) => timeZone))];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 240, max: 1439 }),
        (timeZone, days, minutes) => {
          const day = new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10);
          const clock = new Date(minutes * 60_000).toISOString().slice(11, 16);
          const shown = shownAt(timeZone, day, minutes);
          expect(shown.slice(0, 16)).toBe(`${day}T${clock}`);
          // What stands there is the very moment, offset and all.
          expect(Date.parse(shown)).toBe(localTime.momentOf(timeZone, day, minutes));
        },
      ),
      { numRuns: 2000, seed: 4106 },
    );
  });
});
