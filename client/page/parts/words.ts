import type { ProblemNoteFragment } from '../../src/generated/graphql.ts';
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

/** How long it takes from one moment to another: `7 h 35 min`. */
export function between(from: string, to: string): string {
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** A day as people write it. */
export function day(at: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(at));
}

const NAMES: Readonly<Record<string, string>> = {
  stock: 'how many are left',
  offer: 'some prices',
  payment: 'how it was paid',
  product: 'some products',
  products: 'the products',
  flight: 'flights of bookings',
  flights: 'the flights',
  order: 'the order',
  orders: 'your orders',
  bookings: 'your bookings',
  airports: 'the airports',
  origin: 'some airports',
  destination: 'some airports',
  running: 'what is under way',
  waiting: 'what is under way',
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

const DECLINED: Readonly<Record<string, string>> = {
  'card-declined': 'Your bank declined the card.',
  'unknown-token': 'We do not know this card.',
};

/** Why something was not done, as the person at the screen can act on it. */
export function problemWords(problem: ProblemNoteFragment): string {
  switch (problem.__typename) {
    case 'PaymentDeclined':
      return `${DECLINED[problem.reason] ?? 'The payment was declined.'} Nothing was charged. Try another card.`;
    case 'OutOfStock': {
      const name = problem.product?.name ?? 'This';
      return problem.available === 0
        ? `${name} has just been sold out.`
        : `${name}: only ${problem.available} left. Order ${problem.available} or fewer.`;
    }
    case 'OfferExpired':
      return 'This price has run out. Nothing was charged.';
    default:
      return problem.message;
  }
}

const WORKFLOWS: Readonly<Record<string, string>> = {
  placeOrder: 'Your order',
  bookFlight: 'Your booking',
  cancelOrder: 'Your cancellation',
  cancelBooking: 'Your cancellation',
};

const STEPS: Readonly<Record<string, string>> = {
  priceItems: 'Prices',
  reserveStock: 'Set aside for you',
  createOrder: 'Order taken',
  approve: 'Approval',
  charge: 'Payment',
  confirmReservation: 'Taken from the shelf',
  confirmOrder: 'Confirmation',
  verifyOffer: 'Price',
  holdSeats: 'Seats',
  confirmBooking: 'Confirmation',
  checkBooking: 'Whether it can still be stopped',
  cancelBooking: 'Booking called off',
  checkOrder: 'Whether it can still be stopped',
  cancelOrder: 'Order called off',
  refund: 'Money paid back',
  restock: 'Back on the shelf',
};

/** A workflow in the customer's words; one that this page does not know yet, by its name. */
export function workflowWords(name: string): string {
  return WORKFLOWS[name] ?? spelled(name);
}

/** A step in the customer's words. */
export function stepWords(name: string): string {
  return STEPS[name] ?? spelled(name);
}

const spelled = (name: string): string => name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
