const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const imfFixdate = /^[a-z]{3}, (\d\d) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) gmt$/;
const rfc850 = /^[a-z]{6,9}, (\d\d)-([a-z]{3})-(\d\d) (\d\d):(\d\d):(\d\d) gmt$/;
const asctime = /^[a-z]{3} ([a-z]{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/**
 * Reads an HTTP date in any of its three forms (RFC 9110, section 5.6.7), in milliseconds since the epoch.
 *
 * Anything else is null, which for `Expires` means "in the past": `0`, a missing zone, two dates on two lines.
 */
export function parseHttpDate(text: string | undefined, now = Date.now()): number | null {
  if (!text) return null;
  const lower = text.trim().toLowerCase();
  const fixed = imfFixdate.exec(lower);
  if (fixed) return toTime(fixed[3], fixed[2], fixed[1], fixed[4], fixed[5], fixed[6]);
  const dashed = rfc850.exec(lower);
  if (dashed) {
    return toTime(fullYear(Number(dashed[3]), now), dashed[2], dashed[1], dashed[4], dashed[5], dashed[6]);
  }
  const ansi = asctime.exec(lower);
  if (ansi) return toTime(ansi[6], ansi[1], ansi[2], ansi[3], ansi[4], ansi[5]);
  return null;
}

/** A two-digit year that would be more than 50 years ahead was the last one with these digits. */
function fullYear(year: number, now: number): string {
  const thisYear = new Date(now).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + year;
  return String(inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury);
}

type Part = string | undefined;

function toTime(
  year: Part,
  month: Part,
  day: Part,
  hours: Part,
  minutes: Part,
  seconds: Part,
): number | null {
  const monthIndex = months.indexOf(month ?? '');
  if (monthIndex < 0) return null;
  const time = Date.UTC(
    Number(year),
    monthIndex,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  return Number.isNaN(time) ? null : time;
}
