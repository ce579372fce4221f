import type { MoneyResolvers } from './generated/types.ts';

/** Currencies whose minor unit is not a hundredth (ISO 4217). */
const digitsOf: ReadonlyMap<string, number> = new Map([
  ['JPY', 0],
  ['KRW', 0],
  ['CLP', 0],
  ['ISK', 0],
  ['VND', 0],
  ['BHD', 3],
  ['JOD', 3],
  ['KWD', 3],
  ['OMR', 3],
  ['TND', 3],
]);

/** `12.50` from 1250 minor units: exact, without floating point. */
export function toDecimal(minorUnits: number, currency: string): string {
  if (!Number.isSafeInteger(minorUnits)) return String(minorUnits);
  const digits = digitsOf.get(currency) ?? 2;
  const text = String(Math.abs(minorUnits)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const sign = minorUnits < 0 ? '-' : '';
  return digits === 0 ? sign + whole : `${sign}${whole}.${text.slice(-digits)}`;
}

export const Money: MoneyResolvers = {
  amount: (money) => toDecimal(money.amount, money.currency),
};
