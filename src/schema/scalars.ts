import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** What one scalar takes and gives: text that matches a pattern and, where that is not enough, a check. */
interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly pattern: RegExp;
  readonly example: string;
  readonly check?: (text: string) => boolean;
}

/** The number that two digits of a text write. */
const twoDigits = (text: string, at: number): number =>
  10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 11 * ZERO;

const ZERO = '0'.charCodeAt(0);

/** Of each month, in a year that is no leap year. */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether text that begins as YYYY-MM-DD names a day of the calendar. By hand: every date of every row comes by. */
const isRealDay = (text: string): boolean => {
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (day === 0 || day > 31 || month === 0 || month > 12) return false;
  if (month !== 2 || day !== 29) return day <= (DAYS[month - 1] ?? 0);
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
};

/** Whether text of the form of a moment names one: hours and offsets to 23:59, seconds to 59. */
const isRealMoment = (text: string): boolean => {
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (hour > 23 || minute > 59 || second > 59) return false;
  const { length } = text;
  return text.endsWith('Z') || (twoDigits(text, length - 5) <= 23 && twoDigits(text, length - 2) <= 59);
};

/**
 * A scalar that is text of one form, in and out.
 *
 * What a client sends in another form is its error; what a backend sends in another form is the backend's
 * (`UPSTREAM_BAD_RESPONSE`, as with GraphQL's own scalars), because a client must be able to trust the schema.
 */
function textScalar({ name, description, pattern, example, check }: TextScalar): GraphQLScalarType {
  const fits = (value: unknown): value is string =>
    typeof value === 'string' && pattern.test(value) && (check === undefined || check(value));
  const take = (value: unknown): string => {
    if (fits(value)) return value;
    throw new GraphQLError(`${name} expects text such as "${example}".`);
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => {
      if (fits(value)) return value;
      throw new GraphQLError(`${name} cannot represent this value.`);
    },
    parseValue: take,
    parseLiteral: (node: ValueNode) => take(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** The resolvers of our own scalars. */
export const scalars = {
  Date: textScalar({
    name: 'Date',
    description: 'A calendar day, YYYY-MM-DD, in the local time of the place it speaks of.',
    pattern: /^\d{4}-\d\d-\d\d$/,
    example: '2026-11-21',
    check: isRealDay,
  }),
  DateTime: textScalar({
    name: 'DateTime',
    description: 'A moment, as RFC 3339 writes it, with an offset.',
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/,
    example: '2026-11-21T09:30:00+01:00',
    check: (value) => isRealDay(value) && isRealMoment(value),
  }),
  Decimal: textScalar({
    name: 'Decimal',
    description: 'An exact decimal number in a string, such as "12.50".',
    pattern: /^-?\d{1,18}(?:\.\d{1,6})?$/,
    example: '12.50',
  }),
  CurrencyCode: textScalar({
    name: 'CurrencyCode',
    description: 'A currency, as ISO 4217 writes it, such as "EUR".',
    pattern: /^[A-Z]{3}$/,
    example: 'EUR',
  }),
};
