/** Tells what clocks show in different places, daylight saving included. */
export interface LocalTime {
  /** The moment, in milliseconds since the epoch, when clocks there show this on this day (`2026-11-25`). */
  momentOf(timeZone: string, day: string, minutesAfterMidnight: number): number;
  /** The moment in RFC 3339, as clocks there show it: `2026-11-25T09:30:00+00:00`. */
  format(timeZone: string, moment: number): string;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Local times by the time zone database that comes with Node.
 *
 * Looking an offset up takes microseconds, and a timetable asks for tens of thousands of them. So they are
 * looked up and kept for the two ends of a day (in UTC), and in between only on the days when clocks change.
 */
export function createLocalTime(): LocalTime {
  const zones = new Map<string, (moment: number) => number>();

  const lookUpIn = (timeZone: string): ((moment: number) => number) => {
    const known = zones.get(timeZone);
    if (known) return known;
    const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    const kept = new Map<number, number>();
    const lookUp = (moment: number): number => {
      const offset = kept.get(moment) ?? toOffsetMinutes(format, moment);
      kept.set(moment, offset);
      return offset;
    };
    zones.set(timeZone, lookUp);
    return lookUp;
  };

  /** How far clocks there are ahead of UTC at that moment, in minutes. */
  const offsetMinutes = (timeZone: string, moment: number): number => {
    const lookUp = lookUpIn(timeZone);
    const dayStart = Math.floor(moment / dayMs) * dayMs;
    const offset = lookUp(dayStart);
    return offset === lookUp(dayStart + dayMs) ? offset : lookUp(moment);
  };

  return {
    momentOf: (timeZone, day, minutesAfterMidnight) => {
      const shown = Date.parse(`${day}T00:00:00Z`) + minutesAfterMidnight * minuteMs;
      // The first guess is wrong by an hour on the days around a change; asked again there, it is right.
      const guess = shown - offsetMinutes(timeZone, shown) * minuteMs;
      return shown - offsetMinutes(timeZone, guess) * minuteMs;
    },
    format: (timeZone, moment) => {
      const offset = offsetMinutes(timeZone, moment);
      const shown = new Date(moment + offset * minuteMs).toISOString().slice(0, 19);
      const ahead = Math.abs(offset);
      const twoDigits = (value: number) => String(value).padStart(2, '0');
      return `${shown}${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(ahead / 60))}:${twoDigits(ahead % 60)}`;
    },
  };
}

function toOffsetMinutes(format: Intl.DateTimeFormat, moment: number): number {
  const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0] = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
