import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** What one scalar takes and gives: text that matches a pattern and, where that is not enough, a check. */
interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly pattern: RegExp;
  readonly example: string;
  readonly check?: (text: string) => boolean;
}

const isRealDay = (text: string): boolean => {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
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
    check: (value) => isRealDay(value) && !Number.isNaN(Date.parse(value)),
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
