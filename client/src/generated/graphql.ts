/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How far a booking has come. */
export type BookingStatus =
  /** Called off; whatever was paid has been paid back. */
  | 'CANCELLED'
  /** Paid. */
  | 'CONFIRMED'
  /** The seats are held, nothing is paid yet. */
  | 'HELD';

/** From where to where, on which day. */
export type FlightSearch = {
  /** The day it leaves, where it leaves. */
  date: string;
  /** Where it ends, three letters. */
  destination: string;
  /** Where it starts, three letters. */
  origin: string;
};

/** A line of an order to be. */
export type OrderItemInput = {
  /** What to buy. */
  productId: string;
  /** How many, at least 1. */
  quantity: number;
};

/** How far an order has come. */
export type OrderStatus =
  /** Called off; whatever was paid has been paid back. */
  | 'CANCELLED'
  /** Paid. */
  | 'CONFIRMED'
  /** With the customer. */
  | 'DELIVERED'
  /** Placed, not paid yet. */
  | 'PENDING'
  /** On its way. */
  | 'SHIPPED';

/** Someone who is to fly. */
export type PassengerInput = {
  /** The name in the passport. */
  name: string;
};

/** What became of a payment. */
export type PaymentStatus =
  /** The money was taken. */
  | 'CAPTURED'
  /** The money was refused. */
  | 'DECLINED'
  /** The money was given back. */
  | 'REFUNDED';

/** An order in which products can stand. */
export type ProductSort =
  /** By name, A to Z. */
  | 'NAME'
  /** The newest first. */
  | 'NEWEST'
  /** The cheapest first. */
  | 'PRICE_ASC'
  /** The dearest first. */
  | 'PRICE_DESC';

/** How a step of a workflow stands. */
export type StepStatus =
  /** It was done, and has been taken back. */
  | 'COMPENSATED'
  /** It was refused, or was tried often enough. */
  | 'FAILED'
  /** It has not begun. */
  | 'PENDING'
  /** It is at work, or is tried again. */
  | 'RUNNING'
  /** It was not needed. */
  | 'SKIPPED'
  /** It did what it was to do. */
  | 'SUCCEEDED';

/** How a workflow stands. */
export type WorkflowStatus =
  /** A person said no, or the wait ran out; whatever was done has been taken back. */
  | 'CANCELLED'
  /** It could not go on, and whatever it had done has been taken back. */
  | 'COMPENSATED'
  /** It could not go on, and is taking back what it had done. */
  | 'COMPENSATING'
  /** It was refused, or failed, before anything was done. */
  | 'FAILED'
  /** It is at work. */
  | 'RUNNING'
  /** It did what it was to do. */
  | 'SUCCEEDED'
  /** It goes on when something happens outside: a person decides, or another system reports. */
  | 'WAITING';

export type OrderRowFragment = { id: string, status: OrderStatus, placedAt: string, total: { amount: string, currency: string }, items: Array<{ quantity: number, unitPrice: { amount: string, currency: string }, product: { id: string, name: string } | null }> };

export type OrderPaymentFragment = { payment: { id: string, status: PaymentStatus } | null };

export type BookingRowFragment = { id: string, reference: string, status: BookingStatus, total: { amount: string, currency: string }, passengers: Array<{ name: string }>, flight: { id: string, number: string, departsAt: string, origin: { code: string, city: string, timeZone: string } | null, destination: { code: string, city: string, timeZone: string } | null } | null };

export type AccountQueryVariables = Exact<{
  orders?: number;
  ordersAfter?: string | null | undefined;
}>;


export type AccountQuery = { me: { id: string, name: string | null, running: { nodes: Array<{ id: string, name: string, status: WorkflowStatus, revision: number, waitingFor: string | null, steps: Array<{ name: string, status: StepStatus, attempts: number, error: string | null }>, problems: Array<
          | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
          | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
          | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
          | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
          | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
          | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
          | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
          | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
          | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
          | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
          | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
        >, subject:
          | { __typename: 'Booking', id: string }
          | { __typename: 'Flight', id: string }
          | { __typename: 'Order', id: string }
          | { __typename: 'Payment', id: string }
          | { __typename: 'Product', id: string }
          | { __typename: 'User', id: string }
          | { __typename: 'Workflow', id: string }
         | null }> } | null, waiting: { nodes: Array<{ id: string, name: string, status: WorkflowStatus, revision: number, waitingFor: string | null, steps: Array<{ name: string, status: StepStatus, attempts: number, error: string | null }>, problems: Array<
          | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
          | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
          | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
          | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
          | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
          | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
          | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
          | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
          | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
          | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
          | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
        >, subject:
          | { __typename: 'Booking', id: string }
          | { __typename: 'Flight', id: string }
          | { __typename: 'Order', id: string }
          | { __typename: 'Payment', id: string }
          | { __typename: 'Product', id: string }
          | { __typename: 'User', id: string }
          | { __typename: 'Workflow', id: string }
         | null }> } | null, orders: { totalCount: number | null, nodes: Array<{ id: string, status: OrderStatus, placedAt: string, total: { amount: string, currency: string }, items: Array<{ quantity: number, unitPrice: { amount: string, currency: string }, product: { id: string, name: string } | null }> } & ({ payment: { id: string, status: PaymentStatus } | null } | { payment?: never })>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null, bookings: { nodes: Array<{ id: string, reference: string, status: BookingStatus, total: { amount: string, currency: string }, passengers: Array<{ name: string }>, flight: { id: string, number: string, departsAt: string, origin: { code: string, city: string, timeZone: string } | null, destination: { code: string, city: string, timeZone: string } | null } | null }> } | null } | null };

export type OrderScreenQueryVariables = Exact<{
  id: string;
}>;


export type OrderScreenQuery = { order: { id: string, status: OrderStatus, placedAt: string, total: { amount: string, currency: string }, items: Array<{ quantity: number, unitPrice: { amount: string, currency: string }, product: { id: string, name: string } | null }> } & ({ payment: { id: string, status: PaymentStatus } | null } | { payment?: never }) | null };

export type FlightRowFragment = { id: string, number: string, airline: string, departsAt: string, arrivesAt: string, origin: { code: string, city: string, timeZone: string } | null, destination: { code: string, city: string, timeZone: string } | null };

export type FlightOfferFragment = { offer: { seatsLeft: number, token: string, expiresAt: string, price: { amount: string, currency: string } } | null };

export type FlightSearchQueryVariables = Exact<{
  search: FlightSearch;
  passengers: number;
  after?: string | null | undefined;
}>;


export type FlightSearchQuery = { me: { id: string, name: string | null } | null, airports: Array<{ code: string, name: string, city: string }> | null, flights: { totalCount: number | null, nodes: Array<{ id: string, number: string, airline: string, departsAt: string, arrivesAt: string, origin: { code: string, city: string, timeZone: string } | null, destination: { code: string, city: string, timeZone: string } | null } & ({ offer: { seatsLeft: number, token: string, expiresAt: string, price: { amount: string, currency: string } } | null } | { offer?: never })>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type PriceFragment = { amount: string, currency: string };

export type SignInMutationVariables = Exact<{
  email: string;
  password: string;
}>;


export type SignInMutation = { signIn: { accessToken: string | null, expiresAt: string | null, user: { id: string, name: string | null } | null, problems: Array<
      | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
      | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
      | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
      | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
      | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
      | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
      | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
      | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
      | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
    > } };

export type RegisterMutationVariables = Exact<{
  name: string;
  email: string;
  password: string;
  idempotencyKey: string;
}>;


export type RegisterMutation = { register: { user: { id: string, name: string | null } | null, problems: Array<
      | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
      | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
      | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
      | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
      | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
      | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
      | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
      | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
      | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
    > } };

export type ProductCardFragment = { id: string, name: string, category: string, price: { amount: string, currency: string }, stock: { available: number } | null };

export type StorefrontQueryVariables = Exact<{
  search?: string | null | undefined;
  category?: string | null | undefined;
  sort: ProductSort;
  after?: string | null | undefined;
}>;


export type StorefrontQuery = { me: { id: string, name: string | null } | null, products: { totalCount: number | null, nodes: Array<{ id: string, name: string, category: string, price: { amount: string, currency: string }, stock: { available: number } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type ProductScreenQueryVariables = Exact<{
  id: string;
}>;


export type ProductScreenQuery = { me: { id: string, name: string | null } | null, product: { description: string, id: string, name: string, category: string, price: { amount: string, currency: string }, stock: { available: number } | null } | null };

type ProblemNote_AlreadyDecided_Fragment = { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> };

type ProblemNote_EmailTaken_Fragment = { __typename: 'EmailTaken', code: string, message: string, path: Array<string> };

type ProblemNote_IdempotencyConflict_Fragment = { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> };

type ProblemNote_InvalidCredentials_Fragment = { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> };

type ProblemNote_InvalidInput_Fragment = { __typename: 'InvalidInput', code: string, message: string, path: Array<string> };

type ProblemNote_NotCancellable_Fragment = { __typename: 'NotCancellable', code: string, message: string, path: Array<string> };

type ProblemNote_NotFound_Fragment = { __typename: 'NotFound', code: string, message: string, path: Array<string> };

type ProblemNote_OfferExpired_Fragment = { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null };

type ProblemNote_OutOfStock_Fragment = { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null };

type ProblemNote_PaymentDeclined_Fragment = { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> };

type ProblemNote_StepFailed_Fragment = { __typename: 'StepFailed', code: string, message: string, path: Array<string> };

export type ProblemNoteFragment =
  | ProblemNote_AlreadyDecided_Fragment
  | ProblemNote_EmailTaken_Fragment
  | ProblemNote_IdempotencyConflict_Fragment
  | ProblemNote_InvalidCredentials_Fragment
  | ProblemNote_InvalidInput_Fragment
  | ProblemNote_NotCancellable_Fragment
  | ProblemNote_NotFound_Fragment
  | ProblemNote_OfferExpired_Fragment
  | ProblemNote_OutOfStock_Fragment
  | ProblemNote_PaymentDeclined_Fragment
  | ProblemNote_StepFailed_Fragment
;

export type WorkflowStateFragment = { id: string, name: string, status: WorkflowStatus, revision: number, waitingFor: string | null, steps: Array<{ name: string, status: StepStatus, attempts: number, error: string | null }>, problems: Array<
    | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
    | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
    | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
    | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
    | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
    | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
    | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
    | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
    | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
    | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
    | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
  >, subject:
    | { __typename: 'Booking', id: string }
    | { __typename: 'Flight', id: string }
    | { __typename: 'Order', id: string }
    | { __typename: 'Payment', id: string }
    | { __typename: 'Product', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Workflow', id: string }
   | null };

export type PlaceOrderMutationVariables = Exact<{
  items: Array<OrderItemInput> | OrderItemInput;
  paymentToken: string;
  wait: boolean;
  idempotencyKey: string;
}>;


export type PlaceOrderMutation = { placeOrder: { order: { id: string, status: OrderStatus, placedAt: string, total: { amount: string, currency: string }, items: Array<{ quantity: number, unitPrice: { amount: string, currency: string }, product: { id: string, name: string } | null }> } | null, workflow: { id: string, name: string, status: WorkflowStatus, revision: number, waitingFor: string | null, steps: Array<{ name: string, status: StepStatus, attempts: number, error: string | null }>, problems: Array<
        | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
        | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
        | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
        | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
        | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
        | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
        | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
        | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
        | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
        | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
        | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
      >, subject:
        | { __typename: 'Booking', id: string }
        | { __typename: 'Flight', id: string }
        | { __typename: 'Order', id: string }
        | { __typename: 'Payment', id: string }
        | { __typename: 'Product', id: string }
        | { __typename: 'User', id: string }
        | { __typename: 'Workflow', id: string }
       | null } | null, problems: Array<
      | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
      | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
      | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
      | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
      | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
      | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
      | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
      | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
      | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
    > } };

export type BookFlightMutationVariables = Exact<{
  flightId: string;
  offerToken: string;
  passengers: Array<PassengerInput> | PassengerInput;
  paymentToken: string;
  wait: boolean;
  idempotencyKey: string;
}>;


export type BookFlightMutation = { bookFlight: { booking: { id: string, reference: string, status: BookingStatus, total: { amount: string, currency: string }, passengers: Array<{ name: string }>, flight: { id: string, number: string, departsAt: string, origin: { code: string, city: string, timeZone: string } | null, destination: { code: string, city: string, timeZone: string } | null } | null } | null, workflow: { id: string, name: string, status: WorkflowStatus, revision: number, waitingFor: string | null, steps: Array<{ name: string, status: StepStatus, attempts: number, error: string | null }>, problems: Array<
        | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
        | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
        | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
        | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
        | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
        | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
        | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
        | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
        | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
        | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
        | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
      >, subject:
        | { __typename: 'Booking', id: string }
        | { __typename: 'Flight', id: string }
        | { __typename: 'Order', id: string }
        | { __typename: 'Payment', id: string }
        | { __typename: 'Product', id: string }
        | { __typename: 'User', id: string }
        | { __typename: 'Workflow', id: string }
       | null } | null, problems: Array<
      | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
      | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
      | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
      | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
      | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
      | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
      | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
      | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
      | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
    > } };

export type CancelOrderMutationVariables = Exact<{
  orderId: string;
  idempotencyKey: string;
}>;


export type CancelOrderMutation = { cancelOrder: { order: { id: string, status: OrderStatus } | null, workflow: { id: string, name: string, status: WorkflowStatus, revision: number, waitingFor: string | null, steps: Array<{ name: string, status: StepStatus, attempts: number, error: string | null }>, problems: Array<
        | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
        | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
        | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
        | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
        | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
        | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
        | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
        | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
        | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
        | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
        | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
      >, subject:
        | { __typename: 'Booking', id: string }
        | { __typename: 'Flight', id: string }
        | { __typename: 'Order', id: string }
        | { __typename: 'Payment', id: string }
        | { __typename: 'Product', id: string }
        | { __typename: 'User', id: string }
        | { __typename: 'Workflow', id: string }
       | null } | null, problems: Array<
      | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
      | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
      | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
      | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
      | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
      | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
      | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
      | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
      | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
    > } };

export type WorkflowProgressSubscriptionVariables = Exact<{
  id: string;
}>;


export type WorkflowProgressSubscription = { workflow: { id: string, name: string, status: WorkflowStatus, revision: number, waitingFor: string | null, steps: Array<{ name: string, status: StepStatus, attempts: number, error: string | null }>, problems: Array<
      | { __typename: 'AlreadyDecided', code: string, message: string, path: Array<string> }
      | { __typename: 'EmailTaken', code: string, message: string, path: Array<string> }
      | { __typename: 'IdempotencyConflict', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidCredentials', code: string, message: string, path: Array<string> }
      | { __typename: 'InvalidInput', code: string, message: string, path: Array<string> }
      | { __typename: 'NotCancellable', code: string, message: string, path: Array<string> }
      | { __typename: 'NotFound', code: string, message: string, path: Array<string> }
      | { __typename: 'OfferExpired', code: string, message: string, path: Array<string>, offer: { token: string, expiresAt: string, price: { amount: string, currency: string } } | null }
      | { __typename: 'OutOfStock', available: number, code: string, message: string, path: Array<string>, product: { id: string, name: string } | null }
      | { __typename: 'PaymentDeclined', reason: string, code: string, message: string, path: Array<string> }
      | { __typename: 'StepFailed', code: string, message: string, path: Array<string> }
    >, subject:
      | { __typename: 'Booking', id: string }
      | { __typename: 'Flight', id: string }
      | { __typename: 'Order', id: string }
      | { __typename: 'Payment', id: string }
      | { __typename: 'Product', id: string }
      | { __typename: 'User', id: string }
      | { __typename: 'Workflow', id: string }
     | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PriceFragmentDoc = new TypedDocumentString(`
    fragment Price on Money {
  amount
  currency
}
    `, {"fragmentName":"Price"}) as unknown as TypedDocumentString<PriceFragment, unknown>;
export const OrderRowFragmentDoc = new TypedDocumentString(`
    fragment OrderRow on Order {
  id
  status
  placedAt
  total {
    ...Price
  }
  items {
    quantity
    unitPrice {
      ...Price
    }
    product {
      id
      name
    }
  }
}
    fragment Price on Money {
  amount
  currency
}`, {"fragmentName":"OrderRow"}) as unknown as TypedDocumentString<OrderRowFragment, unknown>;
export const OrderPaymentFragmentDoc = new TypedDocumentString(`
    fragment OrderPayment on Order {
  payment {
    id
    status
  }
}
    `, {"fragmentName":"OrderPayment"}) as unknown as TypedDocumentString<OrderPaymentFragment, unknown>;
export const BookingRowFragmentDoc = new TypedDocumentString(`
    fragment BookingRow on Booking {
  id
  reference
  status
  total {
    ...Price
  }
  passengers {
    name
  }
  flight {
    id
    number
    departsAt
    origin {
      code
      city
      timeZone
    }
    destination {
      code
      city
      timeZone
    }
  }
}
    fragment Price on Money {
  amount
  currency
}`, {"fragmentName":"BookingRow"}) as unknown as TypedDocumentString<BookingRowFragment, unknown>;
export const FlightRowFragmentDoc = new TypedDocumentString(`
    fragment FlightRow on Flight {
  id
  number
  airline
  departsAt
  arrivesAt
  origin {
    code
    city
    timeZone
  }
  destination {
    code
    city
    timeZone
  }
}
    `, {"fragmentName":"FlightRow"}) as unknown as TypedDocumentString<FlightRowFragment, unknown>;
export const FlightOfferFragmentDoc = new TypedDocumentString(`
    fragment FlightOffer on Flight {
  offer(passengers: $passengers) {
    price {
      ...Price
    }
    seatsLeft
    token
    expiresAt
  }
}
    fragment Price on Money {
  amount
  currency
}`, {"fragmentName":"FlightOffer"}) as unknown as TypedDocumentString<FlightOfferFragment, unknown>;
export const ProductCardFragmentDoc = new TypedDocumentString(`
    fragment ProductCard on Product {
  id
  name
  category
  price {
    ...Price
  }
  stock {
    available
  }
}
    fragment Price on Money {
  amount
  currency
}`, {"fragmentName":"ProductCard"}) as unknown as TypedDocumentString<ProductCardFragment, unknown>;
export const ProblemNoteFragmentDoc = new TypedDocumentString(`
    fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}
    fragment Price on Money {
  amount
  currency
}`, {"fragmentName":"ProblemNote"}) as unknown as TypedDocumentString<ProblemNoteFragment, unknown>;
export const WorkflowStateFragmentDoc = new TypedDocumentString(`
    fragment WorkflowState on Workflow {
  id
  name
  status
  revision
  waitingFor
  steps {
    name
    status
    attempts
    error
  }
  problems {
    ...ProblemNote
  }
  subject {
    __typename
    id
  }
}
    fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}`, {"fragmentName":"WorkflowState"}) as unknown as TypedDocumentString<WorkflowStateFragment, unknown>;
export const AccountDocument = new TypedDocumentString(`
    query Account($orders: Int! = 10, $ordersAfter: String) {
  me {
    id
    name
    running: workflows(first: 20, status: RUNNING) {
      nodes {
        ...WorkflowState
      }
    }
    waiting: workflows(first: 20, status: WAITING) {
      nodes {
        ...WorkflowState
      }
    }
    orders(first: $orders, after: $ordersAfter) {
      totalCount
      nodes {
        ...OrderRow
        ...OrderPayment @defer(label: "payment")
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    bookings(first: 5) {
      nodes {
        ...BookingRow
      }
    }
  }
}
    fragment OrderRow on Order {
  id
  status
  placedAt
  total {
    ...Price
  }
  items {
    quantity
    unitPrice {
      ...Price
    }
    product {
      id
      name
    }
  }
}
fragment OrderPayment on Order {
  payment {
    id
    status
  }
}
fragment BookingRow on Booking {
  id
  reference
  status
  total {
    ...Price
  }
  passengers {
    name
  }
  flight {
    id
    number
    departsAt
    origin {
      code
      city
      timeZone
    }
    destination {
      code
      city
      timeZone
    }
  }
}
fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}
fragment WorkflowState on Workflow {
  id
  name
  status
  revision
  waitingFor
  steps {
    name
    status
    attempts
    error
  }
  problems {
    ...ProblemNote
  }
  subject {
    __typename
    id
  }
}`, {"hash":"sha256:ace23c29ea09cb8b1ed13897a363e9b33f5b79a648def636fad5e1ccaed2af15","deferredFields":{"OrderPayment":["payment"]}}) as unknown as TypedDocumentString<AccountQuery, AccountQueryVariables>;
export const OrderScreenDocument = new TypedDocumentString(`
    query OrderScreen($id: ID!) {
  order(id: $id) {
    ...OrderRow
    ...OrderPayment @defer(label: "payment")
  }
}
    fragment OrderRow on Order {
  id
  status
  placedAt
  total {
    ...Price
  }
  items {
    quantity
    unitPrice {
      ...Price
    }
    product {
      id
      name
    }
  }
}
fragment OrderPayment on Order {
  payment {
    id
    status
  }
}
fragment Price on Money {
  amount
  currency
}`, {"hash":"sha256:57ca30e54b1297f57d188c821cdaae42a3b6afa76a335f3b482e5905fbf7e9a4","deferredFields":{"OrderPayment":["payment"]}}) as unknown as TypedDocumentString<OrderScreenQuery, OrderScreenQueryVariables>;
export const FlightSearchDocument = new TypedDocumentString(`
    query FlightSearch($search: FlightSearch!, $passengers: Int!, $after: String) {
  me {
    id
    name
  }
  airports {
    code
    name
    city
  }
  flights(search: $search, first: 10, after: $after) {
    totalCount
    nodes {
      ...FlightRow
      ...FlightOffer @defer(label: "offer")
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment FlightRow on Flight {
  id
  number
  airline
  departsAt
  arrivesAt
  origin {
    code
    city
    timeZone
  }
  destination {
    code
    city
    timeZone
  }
}
fragment FlightOffer on Flight {
  offer(passengers: $passengers) {
    price {
      ...Price
    }
    seatsLeft
    token
    expiresAt
  }
}
fragment Price on Money {
  amount
  currency
}`, {"hash":"sha256:12fdd3488c1ecf3d21a2297491fa1a423d3013ada648b3e2b255262daeedd402","deferredFields":{"FlightOffer":["offer"]}}) as unknown as TypedDocumentString<FlightSearchQuery, FlightSearchQueryVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password}) {
    accessToken
    expiresAt
    user {
      id
      name
    }
    problems {
      ...ProblemNote
    }
  }
}
    fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}`, {"hash":"sha256:75774a2690e84dde1e3216d06abd9a9ed4b274d16b233ea67f023e576102eb2e"}) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($name: String!, $email: String!, $password: String!, $idempotencyKey: String!) {
  register(
    input: {name: $name, email: $email, password: $password, idempotencyKey: $idempotencyKey}
  ) {
    user {
      id
      name
    }
    problems {
      ...ProblemNote
    }
  }
}
    fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}`, {"hash":"sha256:14c66fd11a46e3af5ad0c97f9dbc7427c8b3fa0ea5a79ab194deaa8b0caf6389"}) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const StorefrontDocument = new TypedDocumentString(`
    query Storefront($search: String, $category: String, $sort: ProductSort!, $after: String) {
  me {
    id
    name
  }
  products(
    first: 24
    after: $after
    search: $search
    category: $category
    sort: $sort
  ) {
    totalCount
    nodes {
      ...ProductCard
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Price on Money {
  amount
  currency
}
fragment ProductCard on Product {
  id
  name
  category
  price {
    ...Price
  }
  stock {
    available
  }
}`, {"hash":"sha256:d302fa6975e5870fc19eea9c70466876d4a02f18b639b0a76002f60c82bf91a1"}) as unknown as TypedDocumentString<StorefrontQuery, StorefrontQueryVariables>;
export const ProductScreenDocument = new TypedDocumentString(`
    query ProductScreen($id: ID!) {
  me {
    id
    name
  }
  product(id: $id) {
    ...ProductCard
    description
  }
}
    fragment Price on Money {
  amount
  currency
}
fragment ProductCard on Product {
  id
  name
  category
  price {
    ...Price
  }
  stock {
    available
  }
}`, {"hash":"sha256:a1654a033cc39b8c3ff7d606f69ad3eef5c8ba9e82c85b48db9531e738be2dd7"}) as unknown as TypedDocumentString<ProductScreenQuery, ProductScreenQueryVariables>;
export const PlaceOrderDocument = new TypedDocumentString(`
    mutation PlaceOrder($items: [OrderItemInput!]!, $paymentToken: String!, $wait: Boolean!, $idempotencyKey: String!) {
  placeOrder(
    input: {items: $items, paymentToken: $paymentToken, wait: $wait, idempotencyKey: $idempotencyKey}
  ) {
    order {
      ...OrderRow
    }
    workflow {
      ...WorkflowState
    }
    problems {
      ...ProblemNote
    }
  }
}
    fragment OrderRow on Order {
  id
  status
  placedAt
  total {
    ...Price
  }
  items {
    quantity
    unitPrice {
      ...Price
    }
    product {
      id
      name
    }
  }
}
fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}
fragment WorkflowState on Workflow {
  id
  name
  status
  revision
  waitingFor
  steps {
    name
    status
    attempts
    error
  }
  problems {
    ...ProblemNote
  }
  subject {
    __typename
    id
  }
}`, {"hash":"sha256:597404c68c445ed7a740f2594fdf746ce2627b58f3c78120ea554644f2b9347e"}) as unknown as TypedDocumentString<PlaceOrderMutation, PlaceOrderMutationVariables>;
export const BookFlightDocument = new TypedDocumentString(`
    mutation BookFlight($flightId: ID!, $offerToken: String!, $passengers: [PassengerInput!]!, $paymentToken: String!, $wait: Boolean!, $idempotencyKey: String!) {
  bookFlight(
    input: {flightId: $flightId, offerToken: $offerToken, passengers: $passengers, paymentToken: $paymentToken, wait: $wait, idempotencyKey: $idempotencyKey}
  ) {
    booking {
      ...BookingRow
    }
    workflow {
      ...WorkflowState
    }
    problems {
      ...ProblemNote
    }
  }
}
    fragment BookingRow on Booking {
  id
  reference
  status
  total {
    ...Price
  }
  passengers {
    name
  }
  flight {
    id
    number
    departsAt
    origin {
      code
      city
      timeZone
    }
    destination {
      code
      city
      timeZone
    }
  }
}
fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}
fragment WorkflowState on Workflow {
  id
  name
  status
  revision
  waitingFor
  steps {
    name
    status
    attempts
    error
  }
  problems {
    ...ProblemNote
  }
  subject {
    __typename
    id
  }
}`, {"hash":"sha256:ab40ca5b324b40651eacd115efe599fc29f30273432642942d916f1872c614b9"}) as unknown as TypedDocumentString<BookFlightMutation, BookFlightMutationVariables>;
export const CancelOrderDocument = new TypedDocumentString(`
    mutation CancelOrder($orderId: ID!, $idempotencyKey: String!) {
  cancelOrder(input: {orderId: $orderId, idempotencyKey: $idempotencyKey}) {
    order {
      id
      status
    }
    workflow {
      ...WorkflowState
    }
    problems {
      ...ProblemNote
    }
  }
}
    fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}
fragment WorkflowState on Workflow {
  id
  name
  status
  revision
  waitingFor
  steps {
    name
    status
    attempts
    error
  }
  problems {
    ...ProblemNote
  }
  subject {
    __typename
    id
  }
}`, {"hash":"sha256:c83abffce4dff2017f95013ab49265eca189aefd742873d60be2eb55be54ffc9"}) as unknown as TypedDocumentString<CancelOrderMutation, CancelOrderMutationVariables>;
export const WorkflowProgressDocument = new TypedDocumentString(`
    subscription WorkflowProgress($id: ID!) {
  workflow(id: $id) {
    ...WorkflowState
  }
}
    fragment Price on Money {
  amount
  currency
}
fragment ProblemNote on Problem {
  __typename
  code
  message
  path
  ... on OutOfStock {
    available
    product {
      id
      name
    }
  }
  ... on PaymentDeclined {
    reason
  }
  ... on OfferExpired {
    offer {
      price {
        ...Price
      }
      token
      expiresAt
    }
  }
}
fragment WorkflowState on Workflow {
  id
  name
  status
  revision
  waitingFor
  steps {
    name
    status
    attempts
    error
  }
  problems {
    ...ProblemNote
  }
  subject {
    __typename
    id
  }
}`, {"hash":"sha256:2ce00a86198c72eaa4c13741d76cf7706136a484cb003d33fc17ef1ccc575b4f"}) as unknown as TypedDocumentString<WorkflowProgressSubscription, WorkflowProgressSubscriptionVariables>;
