/** The day in so many days from now, in UTC: `2026-11-25`. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A flight from London to New York in so many days from now. */
export function flightIdFromNow(days: number): string {
  return `WR101-${dayFromNow(days).replaceAll('-', '')}`;
}
