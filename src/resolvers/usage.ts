import type { QueryResolvers, UsageRowResolvers } from './generated/types.ts';

/** The largest number that an `Int` can be. */
const MAX_INT = 2 ** 31 - 1;
const toInt = (value: number): number => Math.min(value, MAX_INT);

export const UsageRow: UsageRowResolvers = {
  requests: ({ requests }) => toInt(requests),
  errors: ({ errors }) => toInt(errors),
  upstreamCalls: ({ upstreamCalls }) => toInt(upstreamCalls),
  bytes: ({ bytes }) => toInt(bytes),
  exactBytes: ({ bytes }) => String(bytes),
};

export const usageQueries: Pick<QueryResolvers, 'usage'> = {
  usage: async (_, { from, to, by }, { usage }) => [...(await usage.usage(new Date(from), new Date(to), by))],
};
