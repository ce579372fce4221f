import { Booking, bookingQueries } from './bookings.ts';
import { Flight, flightQueries } from './flights.ts';
import type { Resolvers } from './generated/types.ts';
import { Money } from './money.ts';
import { Node, nodeQueries } from './node.ts';
import { Order, OrderItem, orderQueries, Payment } from './orders.ts';
import { Problem } from './problems.ts';
import { Product, productQueries } from './products.ts';
import { signInMutations } from './sign-in.ts';
import { User, userQueries } from './users.ts';

/** Every resolver of the house, by type. */
export const resolvers: Resolvers = {
  Query: {
    ...nodeQueries,
    ...userQueries,
    ...productQueries,
    ...orderQueries,
    ...flightQueries,
    ...bookingQueries,
  },
  Mutation: { ...signInMutations },
  Booking,
  Flight,
  Money,
  Node,
  Order,
  OrderItem,
  Payment,
  Problem,
  Product,
  User,
};
