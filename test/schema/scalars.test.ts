import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalars } from '../../src/schema/scalars.ts';

const { Date: Day, DateTime } = scalars;

const digits = (count: number) =>
  fc.integer({ min: 0, max: 10 ** count - 1 }).map((number) => String(number).padStart(count, '0'));
const day = fc.tuple(digits(4), digits(2), digits(2)).map((parts) => parts.join('-'));
/** Near the ends of months, where calendars differ. */
const likelyDay = fc
  .tuple(
    fc.constantFrom('1900', '2000', '2023', '2024'),
    fc.integer({ min: 0, max: 13 }),
    fc.integer({ min: 27, max: 32 }),
  )
  .map(([year, month, at]) => `${year}-${String(month).padStart(2, '0')}-${at}`);

/** What the platform's own calendar says. */
const isDay = (text: string): boolean => {
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
};

const accepts = (scalar: typeof Day, value: unknown): boolean => {
  try {
    return scalar.serialize(value) === value;
  } catch {
    return false;
  }
};

describe('a day', () => {
  it('is one of the calendar', () => {
    fc.assert(
      fc.property(fc.oneof(day, likelyDay), (text) => accepts(Day, text) === isDay(text)),
      { numRuns: 5_000, seed: 1 },
    );
  });
});

describe('a moment', () => {
  it('is one of the calendar and the clock, with an offset', () => {
    const time = fc.tuple(digits(2), digits(2), digits(2)).map((parts) => parts.join(':'));
    const offset = fc.oneof(
      fc.constant('Z'),
      fc.tuple(fc.constantFrom('+', '-'), digits(2), digits(2)).map(([sign, h, m]) => `${sign}${h}:${m}`),
    );
    const moment = fc.tuple(fc.oneof(day, likelyDay), time, offset);
    fc.assert(
      fc.property(moment, ([date, clock, zone]) => {
        const real =
          isDay(date) && !clock.startsWith('24') && !Number.isNaN(Date.parse(`${date}T${clock}${zone}`));
        return accepts(DateTime, `${date}T${clock}${zone}`) === real;
      }),
      { numRuns: 20_000, seed: 1 },
    );
  });

  it.each(['2026-11-21T09:30:00', '2026-11-21', 'now', 20261121, null, '2026-11-21T24:00:00Z'])(
    'is refused as %s',
    (value) => expect(accepts(DateTime, value)).toBe(false),
  );

  it.each(['2026-11-21T09:30:00+01:00', '2024-02-29T23:59:59.123456789Z'])('is taken as %s', (value) =>
    expect(accepts(DateTime, value)).toBe(true),
  );
});
