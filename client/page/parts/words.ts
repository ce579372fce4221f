import type { WeirError } from '../../src/index.ts';

/** An amount as people write it where they are. */
export function money({ amount, currency }: { readonly amount: string; readonly currency: string }): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(Number(amount));
}

/** The time of day at a place; the place's own, not the reader's. */
export function timeAt(at: string, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(at));
}

/** A day as people write it. */
export function day(at: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(at));
}

const NAMES: Readonly<Record<string, string>> = {
  stock: 'how many are left',
  offer: 'some prices',
  payment: 'payments',
  product: 'some products',
  flight: 'flights of bookings',
  orders: 'your orders',
  bookings: 'your bookings',
  airports: 'the airports',
  name: 'your name',
};

/** What is missing, in the words of the screen, each once. */
export function missing(errors: readonly WeirError[]): string {
  const fields = errors.map(({ path }) => path.findLast((key) => typeof key === 'string') ?? '');
  const names = [...new Set(fields.map((field) => NAMES[String(field)] ?? 'some of this'))];
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names);
}

/** What went wrong, for whoever only wanted to buy something. */
export function apology({ code, retryAfter }: WeirError): string {
  if (code === 'NETWORK_FAILED') return 'We cannot reach the shop. Are you online?';
  if (code === 'UNAUTHENTICATED') return 'You have been signed out. Sign in again to go on.';
  if (code === 'RATE_LIMITED' || code === 'OVERLOADED') {
    return `The shop is busy. Try again in ${Math.ceil(retryAfter ?? 5)} seconds.`;
  }
  if (code === 'WORKFLOWS_UNAVAILABLE') return 'Nothing can be ordered at the moment. Nothing was charged.';
  return 'Something did not work. It is on our side.';
}

/** `placeOrder` as words: `place order`. */
export function words(name: string): string {
  return name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
}
