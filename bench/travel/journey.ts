/** The travel case: who asks for what, and what the backends take for it. */

/** How long a call takes where `DEMO_LATENCY` is `realistic`, in milliseconds. */
export const seeds = { signIn: 100, search: 500, offer: 200, hold: 300, pay: 400, confirm: 60, message: 150 };

/** From a client to a gateway and back, in milliseconds. */
export const WAY_MS = 50;
/** How many flights are priced. */
export const FLIGHTS = 5;

export const EMAIL = 'ada@example.com';
export const PASSWORD = 'waterfall';
export const PASSENGER = 'Ada Lovelace';
export const ORIGIN = 'LHR';
export const DESTINATION = 'JFK';

/** A flight at a price, as far as booking it needs it. */
export interface Offered {
  readonly flightId: string;
  readonly token: string;
}

/** One way to travel. */
export interface Traveller {
  /** Finds flights with their prices. Resolves with what can be booked. */
  search(date: string): Promise<readonly Offered[]>;
  /** Holds a seat, pays it and has it confirmed. */
  book(offer: Offered, key: string): Promise<void>;
}

/** The day so many days from now, as the backends write it. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
