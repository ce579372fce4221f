import type { User } from '../datasources/users/wire/types.gen.ts';

/**
 * A user as resolvers know one: the row, or only the id.
 *
 * `me` is known by the token alone, so that orders and bookings need not wait for the row.
 */
export type UserParent = User | { readonly id: string };

/** Money as backends send it: minor units. */
export interface WireMoney {
  readonly amount: number;
  readonly currency: string;
}
