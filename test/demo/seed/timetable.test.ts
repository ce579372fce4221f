import { describe, expect, it } from 'vitest';
import { seededAirports } from '../../../demo/seed/airports.ts';
import { createTimetable } from '../../../demo/seed/timetable.ts';

const timetable = createTimetable();
const services = [...timetable.services.values()];
const codes = new Set(seededAirports().map(({ code }) => code));

describe('the timetable', () => {
  it('knows 60 airports, each with a time zone that exists, and flies to all of them', () => {
    expect(codes.size).toBe(60);
    for (const { timeZone } of seededAirports()) {
      expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
    }
    expect(new Set(services.map(({ origin }) => origin))).toEqual(codes);
  });

  it('flies every route both ways, as often there as back', () => {
    const daily = (origin: string, destination: string) =>
      services.filter((service) => service.origin === origin && service.destination === destination).length;
    for (const { origin, destination } of services) {
      expect(daily(destination, origin), `${origin} ${destination}`).toBe(daily(origin, destination));
    }
    expect(daily('LHR', 'JFK')).toBeGreaterThanOrEqual(5);
  });

  it('is the same at every start', () => {
    expect([...createTimetable().services]).toEqual([...timetable.services]);
  });

  it('lands after it took off, by the time that it takes', () => {
    for (const service of services) {
      // Over the days on which Europe, America and Australia change their clocks.
      for (const day of ['2026-11-25', '2027-03-14', '2027-03-28', '2027-04-04']) {
        const { departsAtMs, departsAt, arrivesAt } = timetable.departureOn(service, day);
        expect(departsAt.slice(0, 10)).toBe(day);
        expect(Date.parse(departsAt)).toBe(departsAtMs);
        expect((Date.parse(arrivesAt) - departsAtMs) / 60_000).toBe(service.blockMinutes);
      }
      expect(service.blockMinutes).toBeGreaterThan(30);
      expect(service.blockMinutes).toBeLessThan(18 * 60);
    }
  });

  it('finds a departure by its id, and none by what is no id', () => {
    expect(timetable.departureById('WR101-20261125')).toMatchObject({
      id: 'WR101-20261125',
      day: '2026-11-25',
      service: { number: 'WR101', origin: 'LHR', destination: 'JFK' },
    });
    for (const id of ['WR101', 'WR101-20261131', 'WR101-20269999', 'WR999-20261125', 'WR101-2026112', '']) {
      expect(timetable.departureById(id), id).toBeNull();
    }
  });
});
