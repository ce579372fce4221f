import { AuditEntry, auditQueries } from './audit.ts';
import { Booking, bookingMutations, bookingQueries } from './bookings.ts';
import { Flight, flightQueries } from './flights.ts';
import type { Resolvers } from './generated/types.ts';
import { Money } from './money.ts';
import { Node, nodeQueries } from './node.ts';
import { Order, OrderItem, orderMutations, orderQueries, Payment } from './orders.ts';
import { OfferExpired, OutOfStock, Problem } from './problems.ts';
import { Product, productMutations, productQueries } from './products.ts';
import { signInMutations } from './sign-in.ts';
import { UsageRow, usageQueries } from './usage.ts';
import { User, userMutations, userQueries } from './users.ts';
import { userWebhooks, Webhook, webhookMutations } from './webhooks.ts';
import {
  userWorkflows,
  Workflow,
  workflowMutations,
  workflowQueries,
  workflowSubscriptions,
} from './workflows.ts';

/** Every resolver of the house, by type. */
export const resolvers: Resolvers = {
  Query: {
    ...nodeQueries,
    ...userQueries,
    ...productQueries,
    ...orderQueries,
    ...flightQueries,
    ...bookingQueries,
    ...workflowQueries,
    ...usageQueries,
    ...auditQueries,
  },
  Mutation: {
    ...signInMutations,
    ...userMutations,
    ...productMutations,
    ...orderMutations,
    ...bookingMutations,
    ...workflowMutations,
    ...webhookMutations,
  },
  Subscription: { ...workflowSubscriptions },
  AuditEntry,
  Booking,
  Flight,
  Money,
  Node,
  OfferExpired,
  Order,
  OrderItem,
  OutOfStock,
  Payment,
  Problem,
  Product,
  UsageRow,
  User: { ...User, ...userWorkflows, ...userWebhooks },
  Webhook,
  Workflow,
};
