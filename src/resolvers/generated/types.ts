import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { UserParent, WireMoney } from '../parents.ts';
import type { Product as ProductRow } from '../../datasources/products/wire/types.gen.ts';
import type { Stock as StockRow } from '../../datasources/inventory/wire/types.gen.ts';
import type { Order as OrderRow, OrderItem as OrderItemRow } from '../../datasources/orders/wire/types.gen.ts';
import type { Payment as PaymentRow } from '../../datasources/payments/wire/types.gen.ts';
import type { Airport as AirportRow, Flight as FlightRow } from '../../datasources/flights/wire/types.gen.ts';
import type { Offer as OfferRow } from '../../datasources/pricing/wire/types.gen.ts';
import type { Booking as BookingRow } from '../../datasources/bookings/wire/types.gen.ts';
import type { NodeParent } from '../node.ts';
import type { WorkflowState } from '../../workflows/state.ts';
import type { UsageRow as UsageRowParent } from '../../usage/usage-rows.ts';
import type { Webhook as WebhookRow } from '../../workflows/webhook-store.ts';
import type { AuditLine } from '../../audit/audit-line.ts';
import type { ProblemParent, ProblemOf } from '../problems.ts';
import type { Context } from '../../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A currency, as ISO 4217 writes it, such as "EUR". */
  CurrencyCode: { input: string; output: string; }
  /** A calendar day, YYYY-MM-DD, in the local time of the place it speaks of. */
  Date: { input: string; output: string; }
  /** A moment, as RFC 3339 writes it, with an offset. */
  DateTime: { input: string; output: string; }
  /** An exact decimal number in a string, such as "12.50". */
  Decimal: { input: string; output: string; }
};

/** A place where flights start and end. */
export type Airport = {
  readonly __typename?: 'Airport';
  /** The city it belongs to. */
  readonly city: Scalars['String']['output'];
  /** Its three letters, as IATA gives them. */
  readonly code: Scalars['String']['output'];
  /** What it is called. */
  readonly name: Scalars['String']['output'];
  /** Its time zone, as the IANA database names it. */
  readonly timeZone: Scalars['String']['output'];
};

/** Somebody else has decided this, or decided otherwise before. */
export type AlreadyDecided = Problem & {
  readonly __typename?: 'AlreadyDecided';
  /** Always `ALREADY_DECIDED`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** A page of the audit log. */
export type AuditConnection = {
  readonly __typename?: 'AuditConnection';
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<AuditEdge>;
  /** The entries alone. */
  readonly nodes: ReadonlyArray<AuditEntry>;
  /** Where the page stands in the log. */
  readonly pageInfo: PageInfo;
};

/** An entry in a page. */
export type AuditEdge = {
  readonly __typename?: 'AuditEdge';
  /** Leads to what follows this entry. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: AuditEntry;
};

/** A mutation that somebody made, or the end of a workflow that somebody started. */
export type AuditEntry = {
  readonly __typename?: 'AuditEntry';
  /** The mutation, such as `placeOrder`, or for a workflow's end `workflow.placeOrder`. */
  readonly action: Scalars['String']['output'];
  /** Who did it; null for the anonymous. */
  readonly actor?: Maybe<User>;
  /** When it ended. */
  readonly at: Scalars['DateTime']['output'];
  /** The entry's id. */
  readonly id: Scalars['ID']['output'];
  /** `SUCCEEDED`; codes of problems, separated by commas; the code of an error; or a workflow's status. */
  readonly outcome: Scalars['String']['output'];
  /** The id of the request, or of the workflow. */
  readonly requestId: Scalars['String']['output'];
  /**
   * The objects that its input named and those that came of it. `Account:` and a hash stand for an account that somebody
   * tried to open and could not.
   */
  readonly subjects: ReadonlyArray<Scalars['ID']['output']>;
};

/** A booking to be. */
export type BookFlightInput = {
  /** Which flight. */
  readonly flightId: Scalars['ID']['input'];
  /** 1 to 255 characters of the client's choice: a repeat with the same key is answered, not done again. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The `token` of an offer for this flight and as many passengers. */
  readonly offerToken: Scalars['String']['input'];
  /** Who flies: 1 to 9 people. */
  readonly passengers: ReadonlyArray<PassengerInput>;
  /** What to pay with; see `PlaceOrderInput`. */
  readonly paymentToken: Scalars['String']['input'];
  /** True: answer when it has ended, or is still running when the time is up. False: answer at once. */
  readonly wait?: Scalars['Boolean']['input'];
};

/** What came of a booking. */
export type BookFlightPayload = {
  readonly __typename?: 'BookFlightPayload';
  /** The booking, once there is one. */
  readonly booking?: Maybe<Booking>;
  /** Why there is no booking. */
  readonly problems: ReadonlyArray<Problem>;
  /** What is doing it. */
  readonly workflow?: Maybe<Workflow>;
};

/** Seats on a flight. */
export type Booking = Node & {
  readonly __typename?: 'Booking';
  /** Which flight. */
  readonly flight?: Maybe<Flight>;
  /** The booking's id. */
  readonly id: Scalars['ID']['output'];
  /** Who flies. */
  readonly passengers: ReadonlyArray<Passenger>;
  /** How it was paid; null until it is. */
  readonly payment?: Maybe<Payment>;
  /** What the traveller says at the desk: six letters and digits. */
  readonly reference: Scalars['String']['output'];
  /** How far it has come. */
  readonly status: BookingStatus;
  /** What all seats cost together. */
  readonly total: Money;
  /** Who booked. */
  readonly user?: Maybe<User>;
};

/** A page of bookings. */
export type BookingConnection = {
  readonly __typename?: 'BookingConnection';
  /** The bookings with their cursors. */
  readonly edges: ReadonlyArray<BookingEdge>;
  /** The bookings alone. */
  readonly nodes: ReadonlyArray<Booking>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many there are on all pages together. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** A booking in a list. */
export type BookingEdge = {
  readonly __typename?: 'BookingEdge';
  /** Leads to what follows this booking. */
  readonly cursor: Scalars['String']['output'];
  /** The booking. */
  readonly node: Booking;
};

/** How far a booking has come. */
export type BookingStatus =
  /** Called off; whatever was paid has been paid back. */
  | 'CANCELLED'
  /** Paid. */
  | 'CONFIRMED'
  /** The seats are held, nothing is paid yet. */
  | 'HELD';

/** A booking to cancel. */
export type CancelBookingInput = {
  /** The booking's id. */
  readonly bookingId: Scalars['ID']['input'];
  /** 1 to 255 characters of the client's choice: a repeat with the same key is answered, not done again. */
  readonly idempotencyKey: Scalars['String']['input'];
};

/** What came of a cancellation. */
export type CancelBookingPayload = {
  readonly __typename?: 'CancelBookingPayload';
  /** The booking, cancelled. */
  readonly booking?: Maybe<Booking>;
  /** Why it was not cancelled. */
  readonly problems: ReadonlyArray<Problem>;
  /** What is doing it. */
  readonly workflow?: Maybe<Workflow>;
};

/** An order to cancel. */
export type CancelOrderInput = {
  /** 1 to 255 characters of the client's choice: a repeat with the same key is answered, not done again. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The order's id. */
  readonly orderId: Scalars['ID']['input'];
};

/** What came of a cancellation. */
export type CancelOrderPayload = {
  readonly __typename?: 'CancelOrderPayload';
  /** The order, cancelled. */
  readonly order?: Maybe<Order>;
  /** Why it was not cancelled. */
  readonly problems: ReadonlyArray<Problem>;
  /** What is doing it. */
  readonly workflow?: Maybe<Workflow>;
};

/** A decision. */
export type DecideInput = {
  /** Yes or no. */
  readonly approve: Scalars['Boolean']['input'];
  /** Why; whoever started the workflow gets to read it. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /** The workflow that waits for it. */
  readonly workflowId: Scalars['ID']['input'];
};

/** What came of a decision. */
export type DecidePayload = {
  readonly __typename?: 'DecidePayload';
  /** Why the decision does not count. */
  readonly problems: ReadonlyArray<Problem>;
  /** The workflow, as it goes on. */
  readonly workflow?: Maybe<Workflow>;
};

/** There is an account with this e-mail address already. */
export type EmailTaken = Problem & {
  readonly __typename?: 'EmailTaken';
  /** Always `EMAIL_TAKEN`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** A flight on one day. */
export type Flight = Node & {
  readonly __typename?: 'Flight';
  /** Who flies it. */
  readonly airline: Scalars['String']['output'];
  /** When it arrives, in the local time of where it ends. */
  readonly arrivesAt: Scalars['DateTime']['output'];
  /** When it leaves, in the local time of where it starts. */
  readonly departsAt: Scalars['DateTime']['output'];
  /** Where it ends. */
  readonly destination?: Maybe<Airport>;
  /** The flight's id. */
  readonly id: Scalars['ID']['output'];
  /** Its number, such as `WR101`. */
  readonly number: Scalars['String']['output'];
  /** What it costs now, and a token that holds the price for a while; null where it is not sold. */
  readonly offer?: Maybe<Offer>;
  /** Where it starts. */
  readonly origin?: Maybe<Airport>;
};


/** A flight on one day. */
export type FlightOfferArgs = {
  passengers?: Scalars['Int']['input'];
};

/** A page of flights. */
export type FlightConnection = {
  readonly __typename?: 'FlightConnection';
  /** The flights with their cursors. */
  readonly edges: ReadonlyArray<FlightEdge>;
  /** The flights alone. */
  readonly nodes: ReadonlyArray<Flight>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many there are on all pages together. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** A flight in a list. */
export type FlightEdge = {
  readonly __typename?: 'FlightEdge';
  /** Leads to what follows this flight. */
  readonly cursor: Scalars['String']['output'];
  /** The flight. */
  readonly node: Flight;
};

/** From where to where, on which day. */
export type FlightSearch = {
  /** The day it leaves, where it leaves. */
  readonly date: Scalars['Date']['input'];
  /** Where it ends, three letters. */
  readonly destination: Scalars['String']['input'];
  /** Where it starts, three letters. */
  readonly origin: Scalars['String']['input'];
};

/** The idempotency key was used before, with another input. */
export type IdempotencyConflict = Problem & {
  readonly __typename?: 'IdempotencyConflict';
  /** Always `IDEMPOTENCY_CONFLICT`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** A catalogue: `csv` or `uploadId`, one of the two. Columns: name, category, price, and if wanted id, description, imageUrl. */
export type ImportProductsInput = {
  /** The file itself. */
  readonly csv?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 255 characters of the client's choice: a repeat with the same key is answered, not done again. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What `POST /uploads` answered. */
  readonly uploadId?: InputMaybe<Scalars['String']['input']>;
};

/** What comes of an import: watch the workflow's progress. */
export type ImportProductsPayload = {
  readonly __typename?: 'ImportProductsPayload';
  /** Why it did not begin. Bad rows are problems of the workflow. */
  readonly problems: ReadonlyArray<Problem>;
  /** What is doing it. */
  readonly workflow?: Maybe<Workflow>;
};

/** No account has this e-mail address with this password. */
export type InvalidCredentials = Problem & {
  readonly __typename?: 'InvalidCredentials';
  /** Always `INVALID_CREDENTIALS`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** Empty: which of the two was wrong is not told. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** Something in the input cannot be what it says. */
export type InvalidInput = Problem & {
  readonly __typename?: 'InvalidInput';
  /** Always `INVALID_INPUT`. */
  readonly code: Scalars['String']['output'];
  /** What is wrong with it. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** An amount of money. */
export type Money = {
  readonly __typename?: 'Money';
  /** How much, in units of the currency. */
  readonly amount: Scalars['Decimal']['output'];
  /** Of which currency. */
  readonly currency: Scalars['CurrencyCode']['output'];
};

/** Everything that can be done. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Books seats at the price of an offer. They are held first, and given back where they cannot be paid. */
  readonly bookFlight: BookFlightPayload;
  /** Gives seats back, and pays them back. */
  readonly cancelBooking: CancelBookingPayload;
  /** Calls an order off that is not on its way yet, and pays it back. */
  readonly cancelOrder: CancelOrderPayload;
  /** A person's yes or no to a workflow that waits for one. */
  readonly decide: DecidePayload;
  /** Administrators: a catalogue as CSV, by upload address or in the input (up to 1 MB). */
  readonly importProducts: ImportProductsPayload;
  /** Buys. What is bought is held back first; nothing is left behind where it cannot be paid. */
  readonly placeOrder: PlaceOrderPayload;
  /** Makes an account. */
  readonly register: RegisterPayload;
  /** Registers an address that hears of the viewer's workflows; for administrators of everybody's. */
  readonly registerWebhook: RegisterWebhookPayload;
  /** Exchanges an e-mail address and a password for an access token. */
  readonly signIn: SignInPayload;
};


/** Everything that can be done. */
export type MutationBookFlightArgs = {
  input: BookFlightInput;
};


/** Everything that can be done. */
export type MutationCancelBookingArgs = {
  input: CancelBookingInput;
};


/** Everything that can be done. */
export type MutationCancelOrderArgs = {
  input: CancelOrderInput;
};


/** Everything that can be done. */
export type MutationDecideArgs = {
  input: DecideInput;
};


/** Everything that can be done. */
export type MutationImportProductsArgs = {
  input: ImportProductsInput;
};


/** Everything that can be done. */
export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};


/** Everything that can be done. */
export type MutationRegisterArgs = {
  input: RegisterInput;
};


/** Everything that can be done. */
export type MutationRegisterWebhookArgs = {
  input: RegisterWebhookInput;
};


/** Everything that can be done. */
export type MutationSignInArgs = {
  input: SignInInput;
};

/** Anything that can be asked for again by its id alone. */
export type Node = {
  /** Unique over the whole graph. Opaque: keep it, compare it, send it back. */
  readonly id: Scalars['ID']['output'];
};

/** It is too late to cancel this. */
export type NotCancellable = Problem & {
  readonly __typename?: 'NotCancellable';
  /** Always `NOT_CANCELLABLE`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** There is no such object, or none that the viewer may see. */
export type NotFound = Problem & {
  readonly __typename?: 'NotFound';
  /** Always `NOT_FOUND`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** A price that is held for a while. */
export type Offer = {
  readonly __typename?: 'Offer';
  /** Until when the price is held. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** For all passengers together. */
  readonly price: Money;
  /** How many seats are left. */
  readonly seatsLeft: Scalars['Int']['output'];
  /** Signed by the pricing backend: binds flight, passengers, price and expiry. `bookFlight` takes it. */
  readonly token: Scalars['String']['output'];
};

/** The offer does not hold any more, or not for this. */
export type OfferExpired = Problem & {
  readonly __typename?: 'OfferExpired';
  /** Always `OFFER_EXPIRED`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** What the flight costs now, for as many passengers. */
  readonly offer?: Maybe<Offer>;
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** What a customer bought at one time. */
export type Order = Node & {
  readonly __typename?: 'Order';
  /** Whose order it is. */
  readonly customer?: Maybe<User>;
  /** The order's id. */
  readonly id: Scalars['ID']['output'];
  /** What was bought. */
  readonly items: ReadonlyArray<OrderItem>;
  /** How it was paid; null until it is. */
  readonly payment?: Maybe<Payment>;
  /** When it was placed. */
  readonly placedAt: Scalars['DateTime']['output'];
  /** How far it has come. */
  readonly status: OrderStatus;
  /** What all of it cost. */
  readonly total: Money;
};

/** A page of orders. */
export type OrderConnection = {
  readonly __typename?: 'OrderConnection';
  /** The orders with their cursors. */
  readonly edges: ReadonlyArray<OrderEdge>;
  /** The orders alone. */
  readonly nodes: ReadonlyArray<Order>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many there are on all pages together. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** An order in a list. */
export type OrderEdge = {
  readonly __typename?: 'OrderEdge';
  /** Leads to what follows this order. */
  readonly cursor: Scalars['String']['output'];
  /** The order. */
  readonly node: Order;
};

/** A line of an order. */
export type OrderItem = {
  readonly __typename?: 'OrderItem';
  /** What was bought, as it is sold today. */
  readonly product?: Maybe<Product>;
  /** How many. */
  readonly quantity: Scalars['Int']['output'];
  /** What one of it cost when it was ordered. */
  readonly unitPrice: Money;
};

/** A line of an order to be. */
export type OrderItemInput = {
  /** What to buy. */
  readonly productId: Scalars['ID']['input'];
  /** How many, at least 1. */
  readonly quantity: Scalars['Int']['input'];
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

/** There is less of a product than was wanted. */
export type OutOfStock = Problem & {
  readonly __typename?: 'OutOfStock';
  /** How many there are. */
  readonly available: Scalars['Int']['output'];
  /** Always `OUT_OF_STOCK`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
  /** The product. */
  readonly product?: Maybe<Product>;
};

/** Where a page stands in its list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the page's last item: give it as `after` to get the next page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether more follows after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether something comes before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the page's first item. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** Someone who flies. */
export type Passenger = {
  readonly __typename?: 'Passenger';
  /** The name in the passport. */
  readonly name: Scalars['String']['output'];
};

/** Someone who is to fly. */
export type PassengerInput = {
  /** The name in the passport. */
  readonly name: Scalars['String']['input'];
};

/** A payment for an order or a booking. */
export type Payment = Node & {
  readonly __typename?: 'Payment';
  /** How much. */
  readonly amount: Money;
  /** The payment's id. */
  readonly id: Scalars['ID']['output'];
  /** What became of it. */
  readonly status: PaymentStatus;
};

/** The payment was not taken. */
export type PaymentDeclined = Problem & {
  readonly __typename?: 'PaymentDeclined';
  /** Always `PAYMENT_DECLINED`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** The input at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
  /** Why, as the payment provider names it. */
  readonly reason: Scalars['String']['output'];
};

/** What became of a payment. */
export type PaymentStatus =
  /** The money was taken. */
  | 'CAPTURED'
  /** The money was refused. */
  | 'DECLINED'
  /** The money was given back. */
  | 'REFUNDED';

/** An order to be. */
export type PlaceOrderInput = {
  /** 1 to 255 characters of the client's choice: a repeat with the same key is answered, not done again. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What to buy: 1 to 100 lines. */
  readonly items: ReadonlyArray<OrderItemInput>;
  /** What to pay with. The demo takes `tok_ok`; `tok_declined` is declined; `tok_flaky` fails twice and then works. */
  readonly paymentToken: Scalars['String']['input'];
  /** True: answer when it has ended, or is still running when the time is up. False: answer at once. */
  readonly wait?: Scalars['Boolean']['input'];
};

/** What came of an order. */
export type PlaceOrderPayload = {
  readonly __typename?: 'PlaceOrderPayload';
  /** The order, once there is one. */
  readonly order?: Maybe<Order>;
  /** Why there is no order. */
  readonly problems: ReadonlyArray<Problem>;
  /** What is doing it. */
  readonly workflow?: Maybe<Workflow>;
};

/** An expected failure of a mutation: something the person at the screen can act on. */
export type Problem = {
  /** What kind of problem it is, in capitals: stable, for programs. */
  readonly code: Scalars['String']['output'];
  /** What went wrong, in a sentence for people. */
  readonly message: Scalars['String']['output'];
  /** Leads to the input at fault, such as ["items", "0", "quantity"]; empty where no input is. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
};

/** Something that is sold. */
export type Product = Node & {
  readonly __typename?: 'Product';
  /** The shelf it stands on, such as `Books`. */
  readonly category: Scalars['String']['output'];
  /** What there is to say about it. */
  readonly description: Scalars['String']['output'];
  /** The product's id. */
  readonly id: Scalars['ID']['output'];
  /** Where a picture of it is. */
  readonly imageUrl?: Maybe<Scalars['String']['output']>;
  /** What it is called. */
  readonly name: Scalars['String']['output'];
  /** What one of it costs today. */
  readonly price: Money;
  /** How many there are, from the inventory. */
  readonly stock?: Maybe<Stock>;
};

/** A page of products. */
export type ProductConnection = {
  readonly __typename?: 'ProductConnection';
  /** The products with their cursors. */
  readonly edges: ReadonlyArray<ProductEdge>;
  /** The products alone. */
  readonly nodes: ReadonlyArray<Product>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many there are on all pages together. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** A product in a list. */
export type ProductEdge = {
  readonly __typename?: 'ProductEdge';
  /** Leads to what follows this product. */
  readonly cursor: Scalars['String']['output'];
  /** The product. */
  readonly node: Product;
};

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

/** How far something is. */
export type Progress = {
  readonly __typename?: 'Progress';
  /** How many are done. */
  readonly done: Scalars['Int']['output'];
  /** How many there are. */
  readonly total: Scalars['Int']['output'];
};

/** Everything that can be read. */
export type Query = {
  readonly __typename?: 'Query';
  /** Every airport. */
  readonly airports?: Maybe<ReadonlyArray<Airport>>;
  /** Administrators: who did what, newest first. */
  readonly auditLog?: Maybe<AuditConnection>;
  /** A booking by id: the viewer's own, or anyone's for administrators. */
  readonly booking?: Maybe<Booking>;
  /** A flight by id. */
  readonly flight?: Maybe<Flight>;
  /** Flights between two airports on a day, earliest first. */
  readonly flights?: Maybe<FlightConnection>;
  /** Whoever the token speaks of; null without one. */
  readonly me?: Maybe<User>;
  /** Any object by its id; null if there is none, or none for this viewer. */
  readonly node?: Maybe<Node>;
  /** Many objects by their ids, in the order asked for, with null where `node` would be null. */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
  /** An order by id: the viewer's own, or anyone's for administrators. */
  readonly order?: Maybe<Order>;
  /** A product by id. */
  readonly product?: Maybe<Product>;
  /** The catalogue, a page at a time. */
  readonly products?: Maybe<ProductConnection>;
  /** Administrators: what was used, by whom, of which backend. At most 1,000 rows, busiest first. */
  readonly usage?: Maybe<ReadonlyArray<UsageRow>>;
  /** A user by id. */
  readonly user?: Maybe<User>;
  /** A workflow by id: the viewer's own, or anyone's for administrators. */
  readonly workflow?: Maybe<Workflow>;
  /** Administrators: everybody's, for example those that wait for a decision. */
  readonly workflows?: Maybe<WorkflowConnection>;
};


/** Everything that can be read. */
export type QueryAuditLogArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** Everything that can be read. */
export type QueryBookingArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryFlightArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryFlightsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  search: FlightSearch;
};


/** Everything that can be read. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** Everything that can be read. */
export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryProductArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryProductsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  category?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  search?: InputMaybe<Scalars['String']['input']>;
  sort?: ProductSort;
};


/** Everything that can be read. */
export type QueryUsageArgs = {
  by?: ReadonlyArray<UsageDimension>;
  from: Scalars['DateTime']['input'];
  to: Scalars['DateTime']['input'];
};


/** Everything that can be read. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryWorkflowArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryWorkflowsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<WorkflowStatus>;
};

/** Who registers. */
export type RegisterInput = {
  /** The address they will sign in with. */
  readonly email: Scalars['String']['input'];
  /** 1 to 255 characters of the client's choice: a repeat with the same key is answered, not done again. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** How they are called. */
  readonly name: Scalars['String']['input'];
  /** At least 8 characters. */
  readonly password: Scalars['String']['input'];
};

/** What came of a registration. */
export type RegisterPayload = {
  readonly __typename?: 'RegisterPayload';
  /** Why nobody was registered. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whoever was registered. */
  readonly user?: Maybe<User>;
  /** What welcomes them. Seen by whoever is signed in as them. */
  readonly workflow?: Maybe<Workflow>;
};

/** An address and what it is to hear of. */
export type RegisterWebhookInput = {
  /** `workflow.*`, or statuses such as `workflow.succeeded`. */
  readonly events: ReadonlyArray<Scalars['String']['input']>;
  /** A public https address. */
  readonly url: Scalars['String']['input'];
};

/** What came of a registration. */
export type RegisterWebhookPayload = {
  readonly __typename?: 'RegisterWebhookPayload';
  /** The webhook's id. */
  readonly id?: Maybe<Scalars['ID']['output']>;
  /** Why it was not registered. */
  readonly problems: ReadonlyArray<Problem>;
  /** What messages are signed with: told this once, kept encrypted. */
  readonly secret?: Maybe<Scalars['String']['output']>;
};

/** Who signs in. */
export type SignInInput = {
  /** The account's e-mail address. */
  readonly email: Scalars['String']['input'];
  /** The account's password. */
  readonly password: Scalars['String']['input'];
};

/** A token, or why there is none. */
export type SignInPayload = {
  readonly __typename?: 'SignInPayload';
  /** Send it as `authorization: Bearer <token>`. */
  readonly accessToken?: Maybe<Scalars['String']['output']>;
  /** When the token ends. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why there is no token. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whose token it is. */
  readonly user?: Maybe<User>;
};

/** A step of the workflow could not be taken; whatever was done before it has been taken back. */
export type StepFailed = Problem & {
  readonly __typename?: 'StepFailed';
  /** `STEP_FAILED`, or what kind of failure it is, such as `SOLD_OUT`. */
  readonly code: Scalars['String']['output'];
  /** What went wrong. */
  readonly message: Scalars['String']['output'];
  /** Empty: no input is at fault. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
  /** The step, as the workflow names it. */
  readonly step: Scalars['String']['output'];
};

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

/** What the inventory knows of a product. */
export type Stock = {
  readonly __typename?: 'Stock';
  /** How many can be ordered now. */
  readonly available: Scalars['Int']['output'];
};

/** What can be listened to. */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /** Its state now, then each change; ends with the workflow. Null, once, for what the viewer may not see. */
  readonly workflow?: Maybe<Workflow>;
};


/** What can be listened to. */
export type SubscriptionWorkflowArgs = {
  id: Scalars['ID']['input'];
};

/** What usage can be told apart by. */
export type UsageDimension =
  /** The REST backend that was called. */
  | 'BACKEND'
  /** The token's `client_id`. */
  | 'CLIENT'
  /** The operation's name. */
  | 'OPERATION'
  /** The backend's endpoint, such as `GET /products?ids`. */
  | 'ROUTE';

/**
 * What was used, of one combination of the dimensions that were asked for. By BACKEND or ROUTE it tells of REST calls,
 * otherwise of operations. A call that served several callers is shared out among them, so that rows add up to what was
 * really called.
 */
export type UsageRow = {
  readonly __typename?: 'UsageRow';
  /** The backend's name. */
  readonly backend?: Maybe<Scalars['String']['output']>;
  /** Bytes of the bodies of REST answers. Numbers stop at 2,147,483,647, the largest `Int`; `exactBytes` does not. */
  readonly bytes: Scalars['Int']['output'];
  /** The token's `client_id`: `(gateway)` for the gateway's own calls, null for requests without a token. */
  readonly client?: Maybe<Scalars['String']['output']>;
  /** Of the operations, those that did not end well; by BACKEND or ROUTE, attempts that failed. */
  readonly errors: Scalars['Int']['output'];
  /** The same, however large. */
  readonly exactBytes: Scalars['Decimal']['output'];
  /** The operation's name, `workflow <name>` for the steps of a workflow, null where it has none. */
  readonly operation?: Maybe<Scalars['String']['output']>;
  /** How long 95 in 100 took at most, in milliseconds, to about a tenth; null where nothing was timed. */
  readonly p95Ms?: Maybe<Scalars['Float']['output']>;
  /** Operations; by BACKEND or ROUTE, how often it was asked, answers from a cache included. */
  readonly requests: Scalars['Int']['output'];
  /** The backend's endpoint. */
  readonly route?: Maybe<Scalars['String']['output']>;
  /** How long it took in all, in milliseconds. The time that a subscription is open does not count. */
  readonly totalMs: Scalars['Float']['output'];
  /** REST calls that were sent, repeats included. */
  readonly upstreamCalls: Scalars['Int']['output'];
};

/** A person with an account. */
export type User = Node & {
  readonly __typename?: 'User';
  /** Their bookings, newest first. Only for themselves and administrators. */
  readonly bookings?: Maybe<BookingConnection>;
  /** When the account was made. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** The address they sign in with. Only for themselves and administrators. */
  readonly email?: Maybe<Scalars['String']['output']>;
  /** The person's id. */
  readonly id: Scalars['ID']['output'];
  /** The person's name, as they wrote it. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Their orders, newest first. Only for themselves and administrators. */
  readonly orders?: Maybe<OrderConnection>;
  /** Their addresses, newest first. Only for themselves and administrators. */
  readonly webhooks?: Maybe<ReadonlyArray<Webhook>>;
  /** What they started, newest first. Only for themselves and administrators. */
  readonly workflows?: Maybe<WorkflowConnection>;
};


/** A person with an account. */
export type UserBookingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** A person with an account. */
export type UserOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  status?: InputMaybe<OrderStatus>;
};


/** A person with an account. */
export type UserWorkflowsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  status?: InputMaybe<WorkflowStatus>;
};

/** An address that hears of workflows. Messages are signed after Standard Webhooks, and tried for a day. */
export type Webhook = {
  readonly __typename?: 'Webhook';
  /** When it was registered. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The newest messages. */
  readonly deliveries?: Maybe<ReadonlyArray<WebhookDelivery>>;
  /** What it hears of: `workflow.succeeded` and its like, or `workflow.*`. */
  readonly events: ReadonlyArray<Scalars['String']['output']>;
  /** The webhook's id. */
  readonly id: Scalars['ID']['output'];
  /** Where messages go. */
  readonly url: Scalars['String']['output'];
};


/** An address that hears of workflows. Messages are signed after Standard Webhooks, and tried for a day. */
export type WebhookDeliveriesArgs = {
  first?: Scalars['Int']['input'];
};

/** A message to a webhook. */
export type WebhookDelivery = {
  readonly __typename?: 'WebhookDelivery';
  /** How often it was tried. */
  readonly attempts: Scalars['Int']['output'];
  /** When there was something to tell. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it arrived. */
  readonly deliveredAt?: Maybe<Scalars['DateTime']['output']>;
  /** What went wrong last. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** What it tells of. */
  readonly event: Scalars['String']['output'];
  /** The message's id: the same at every attempt, in the header `webhook-id`. */
  readonly id: Scalars['ID']['output'];
  /** How it stands. */
  readonly status: WebhookDeliveryStatus;
};

/** How a message stands. */
export type WebhookDeliveryStatus =
  /** It has arrived. */
  | 'DELIVERED'
  /** It was tried for a day. */
  | 'FAILED'
  /** It is to be sent, or sent again. */
  | 'PENDING';

/**
 * A write over several backends that ends as a whole or is taken back, whatever happens on the way. Only whoever
 * started it and administrators can see it.
 */
export type Workflow = Node & {
  readonly __typename?: 'Workflow';
  /** When it ended; null until then. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The workflow's id. */
  readonly id: Scalars['ID']['output'];
  /** What it does, such as `placeOrder`. */
  readonly name: Scalars['String']['output'];
  /** Why it did not do what it was to do, or what it left out. */
  readonly problems: ReadonlyArray<Problem>;
  /** How far it is, where it works on many things. */
  readonly progress?: Maybe<Progress>;
  /** Grows by one at each change; a client keeps the highest it has seen. */
  readonly revision: Scalars['Int']['output'];
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Who started it. */
  readonly startedBy?: Maybe<User>;
  /** How it stands. */
  readonly status: WorkflowStatus;
  /** Its steps, in order. */
  readonly steps: ReadonlyArray<WorkflowStep>;
  /** The order, booking or other object that it is about. */
  readonly subject?: Maybe<Node>;
  /** What a WAITING workflow waits for, in words. */
  readonly waitingFor?: Maybe<Scalars['String']['output']>;
};

/** A page of workflows. */
export type WorkflowConnection = {
  readonly __typename?: 'WorkflowConnection';
  /** The workflows with their cursors. */
  readonly edges: ReadonlyArray<WorkflowEdge>;
  /** The workflows alone. */
  readonly nodes: ReadonlyArray<Workflow>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many there are on all pages together. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** A workflow in a list. */
export type WorkflowEdge = {
  readonly __typename?: 'WorkflowEdge';
  /** Leads to what follows this workflow. */
  readonly cursor: Scalars['String']['output'];
  /** The workflow. */
  readonly node: Workflow;
};

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

/** A step of a workflow. */
export type WorkflowStep = {
  readonly __typename?: 'WorkflowStep';
  /** How often it was tried. */
  readonly attempts: Scalars['Int']['output'];
  /** What went wrong last. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** When it ended, well or not. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** What it does, such as `charge`. */
  readonly name: Scalars['String']['output'];
  /** When it was first tried. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** How it stands. */
  readonly status: StepStatus;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Airport: ResolverTypeWrapper<AirportRow>;
  AlreadyDecided: ResolverTypeWrapper<AlreadyDecided>;
  AuditConnection: ResolverTypeWrapper<Omit<AuditConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['AuditEdge']>, nodes: ReadonlyArray<ResolversTypes['AuditEntry']> }>;
  AuditEdge: ResolverTypeWrapper<Omit<AuditEdge, 'node'> & { node: ResolversTypes['AuditEntry'] }>;
  AuditEntry: ResolverTypeWrapper<AuditLine>;
  BookFlightInput: BookFlightInput;
  BookFlightPayload: ResolverTypeWrapper<Omit<BookFlightPayload, 'booking' | 'problems' | 'workflow'> & { booking?: Maybe<ResolversTypes['Booking']>, problems: ReadonlyArray<ResolversTypes['Problem']>, workflow?: Maybe<ResolversTypes['Workflow']> }>;
  Booking: ResolverTypeWrapper<BookingRow>;
  BookingConnection: ResolverTypeWrapper<Omit<BookingConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['BookingEdge']>, nodes: ReadonlyArray<ResolversTypes['Booking']> }>;
  BookingEdge: ResolverTypeWrapper<Omit<BookingEdge, 'node'> & { node: ResolversTypes['Booking'] }>;
  BookingStatus: BookingStatus;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CancelBookingInput: CancelBookingInput;
  CancelBookingPayload: ResolverTypeWrapper<Omit<CancelBookingPayload, 'booking' | 'problems' | 'workflow'> & { booking?: Maybe<ResolversTypes['Booking']>, problems: ReadonlyArray<ResolversTypes['Problem']>, workflow?: Maybe<ResolversTypes['Workflow']> }>;
  CancelOrderInput: CancelOrderInput;
  CancelOrderPayload: ResolverTypeWrapper<Omit<CancelOrderPayload, 'order' | 'problems' | 'workflow'> & { order?: Maybe<ResolversTypes['Order']>, problems: ReadonlyArray<ResolversTypes['Problem']>, workflow?: Maybe<ResolversTypes['Workflow']> }>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DecideInput: DecideInput;
  DecidePayload: ResolverTypeWrapper<Omit<DecidePayload, 'problems' | 'workflow'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, workflow?: Maybe<ResolversTypes['Workflow']> }>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  EmailTaken: ResolverTypeWrapper<EmailTaken>;
  Flight: ResolverTypeWrapper<FlightRow>;
  FlightConnection: ResolverTypeWrapper<Omit<FlightConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['FlightEdge']>, nodes: ReadonlyArray<ResolversTypes['Flight']> }>;
  FlightEdge: ResolverTypeWrapper<Omit<FlightEdge, 'node'> & { node: ResolversTypes['Flight'] }>;
  FlightSearch: FlightSearch;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  IdempotencyConflict: ResolverTypeWrapper<IdempotencyConflict>;
  ImportProductsInput: ImportProductsInput;
  ImportProductsPayload: ResolverTypeWrapper<Omit<ImportProductsPayload, 'problems' | 'workflow'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, workflow?: Maybe<ResolversTypes['Workflow']> }>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  InvalidCredentials: ResolverTypeWrapper<InvalidCredentials>;
  InvalidInput: ResolverTypeWrapper<InvalidInput>;
  Money: ResolverTypeWrapper<WireMoney>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<NodeParent>;
  NotCancellable: ResolverTypeWrapper<NotCancellable>;
  NotFound: ResolverTypeWrapper<NotFound>;
  Offer: ResolverTypeWrapper<OfferRow>;
  OfferExpired: ResolverTypeWrapper<ProblemOf<'OfferExpired'>>;
  Order: ResolverTypeWrapper<OrderRow>;
  OrderConnection: ResolverTypeWrapper<Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversTypes['Order']> }>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  OrderItem: ResolverTypeWrapper<OrderItemRow>;
  OrderItemInput: OrderItemInput;
  OrderStatus: OrderStatus;
  OutOfStock: ResolverTypeWrapper<ProblemOf<'OutOfStock'>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Passenger: ResolverTypeWrapper<Passenger>;
  PassengerInput: PassengerInput;
  Payment: ResolverTypeWrapper<PaymentRow>;
  PaymentDeclined: ResolverTypeWrapper<PaymentDeclined>;
  PaymentStatus: PaymentStatus;
  PlaceOrderInput: PlaceOrderInput;
  PlaceOrderPayload: ResolverTypeWrapper<Omit<PlaceOrderPayload, 'order' | 'problems' | 'workflow'> & { order?: Maybe<ResolversTypes['Order']>, problems: ReadonlyArray<ResolversTypes['Problem']>, workflow?: Maybe<ResolversTypes['Workflow']> }>;
  Problem: ResolverTypeWrapper<ProblemParent>;
  Product: ResolverTypeWrapper<ProductRow>;
  ProductConnection: ResolverTypeWrapper<Omit<ProductConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ProductEdge']>, nodes: ReadonlyArray<ResolversTypes['Product']> }>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
  ProductSort: ProductSort;
  Progress: ResolverTypeWrapper<Progress>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RegisterInput: RegisterInput;
  RegisterPayload: ResolverTypeWrapper<Omit<RegisterPayload, 'problems' | 'user' | 'workflow'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, user?: Maybe<ResolversTypes['User']>, workflow?: Maybe<ResolversTypes['Workflow']> }>;
  RegisterWebhookInput: RegisterWebhookInput;
  RegisterWebhookPayload: ResolverTypeWrapper<Omit<RegisterWebhookPayload, 'problems'> & { problems: ReadonlyArray<ResolversTypes['Problem']> }>;
  SignInInput: SignInInput;
  SignInPayload: ResolverTypeWrapper<Omit<SignInPayload, 'problems' | 'user'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, user?: Maybe<ResolversTypes['User']> }>;
  StepFailed: ResolverTypeWrapper<StepFailed>;
  StepStatus: StepStatus;
  Stock: ResolverTypeWrapper<StockRow>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  UsageDimension: UsageDimension;
  UsageRow: ResolverTypeWrapper<UsageRowParent>;
  User: ResolverTypeWrapper<UserParent>;
  Webhook: ResolverTypeWrapper<WebhookRow>;
  WebhookDelivery: ResolverTypeWrapper<WebhookDelivery>;
  WebhookDeliveryStatus: WebhookDeliveryStatus;
  Workflow: ResolverTypeWrapper<WorkflowState>;
  WorkflowConnection: ResolverTypeWrapper<Omit<WorkflowConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['WorkflowEdge']>, nodes: ReadonlyArray<ResolversTypes['Workflow']> }>;
  WorkflowEdge: ResolverTypeWrapper<Omit<WorkflowEdge, 'node'> & { node: ResolversTypes['Workflow'] }>;
  WorkflowStatus: WorkflowStatus;
  WorkflowStep: ResolverTypeWrapper<WorkflowStep>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Airport: AirportRow;
  AlreadyDecided: AlreadyDecided;
  AuditConnection: Omit<AuditConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['AuditEdge']>, nodes: ReadonlyArray<ResolversParentTypes['AuditEntry']> };
  AuditEdge: Omit<AuditEdge, 'node'> & { node: ResolversParentTypes['AuditEntry'] };
  AuditEntry: AuditLine;
  BookFlightInput: BookFlightInput;
  BookFlightPayload: Omit<BookFlightPayload, 'booking' | 'problems' | 'workflow'> & { booking?: Maybe<ResolversParentTypes['Booking']>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, workflow?: Maybe<ResolversParentTypes['Workflow']> };
  Booking: BookingRow;
  BookingConnection: Omit<BookingConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['BookingEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Booking']> };
  BookingEdge: Omit<BookingEdge, 'node'> & { node: ResolversParentTypes['Booking'] };
  Boolean: Scalars['Boolean']['output'];
  CancelBookingInput: CancelBookingInput;
  CancelBookingPayload: Omit<CancelBookingPayload, 'booking' | 'problems' | 'workflow'> & { booking?: Maybe<ResolversParentTypes['Booking']>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, workflow?: Maybe<ResolversParentTypes['Workflow']> };
  CancelOrderInput: CancelOrderInput;
  CancelOrderPayload: Omit<CancelOrderPayload, 'order' | 'problems' | 'workflow'> & { order?: Maybe<ResolversParentTypes['Order']>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, workflow?: Maybe<ResolversParentTypes['Workflow']> };
  CurrencyCode: Scalars['CurrencyCode']['output'];
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  DecideInput: DecideInput;
  DecidePayload: Omit<DecidePayload, 'problems' | 'workflow'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, workflow?: Maybe<ResolversParentTypes['Workflow']> };
  Decimal: Scalars['Decimal']['output'];
  EmailTaken: EmailTaken;
  Flight: FlightRow;
  FlightConnection: Omit<FlightConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['FlightEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Flight']> };
  FlightEdge: Omit<FlightEdge, 'node'> & { node: ResolversParentTypes['Flight'] };
  FlightSearch: FlightSearch;
  Float: Scalars['Float']['output'];
  ID: Scalars['ID']['output'];
  IdempotencyConflict: IdempotencyConflict;
  ImportProductsInput: ImportProductsInput;
  ImportProductsPayload: Omit<ImportProductsPayload, 'problems' | 'workflow'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, workflow?: Maybe<ResolversParentTypes['Workflow']> };
  Int: Scalars['Int']['output'];
  InvalidCredentials: InvalidCredentials;
  InvalidInput: InvalidInput;
  Money: WireMoney;
  Mutation: Record<PropertyKey, never>;
  Node: NodeParent;
  NotCancellable: NotCancellable;
  NotFound: NotFound;
  Offer: OfferRow;
  OfferExpired: ProblemOf<'OfferExpired'>;
  Order: OrderRow;
  OrderConnection: Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Order']> };
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  OrderItem: OrderItemRow;
  OrderItemInput: OrderItemInput;
  OutOfStock: ProblemOf<'OutOfStock'>;
  PageInfo: PageInfo;
  Passenger: Passenger;
  PassengerInput: PassengerInput;
  Payment: PaymentRow;
  PaymentDeclined: PaymentDeclined;
  PlaceOrderInput: PlaceOrderInput;
  PlaceOrderPayload: Omit<PlaceOrderPayload, 'order' | 'problems' | 'workflow'> & { order?: Maybe<ResolversParentTypes['Order']>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, workflow?: Maybe<ResolversParentTypes['Workflow']> };
  Problem: ProblemParent;
  Product: ProductRow;
  ProductConnection: Omit<ProductConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ProductEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Product']> };
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
  Progress: Progress;
  Query: Record<PropertyKey, never>;
  RegisterInput: RegisterInput;
  RegisterPayload: Omit<RegisterPayload, 'problems' | 'user' | 'workflow'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, user?: Maybe<ResolversParentTypes['User']>, workflow?: Maybe<ResolversParentTypes['Workflow']> };
  RegisterWebhookInput: RegisterWebhookInput;
  RegisterWebhookPayload: Omit<RegisterWebhookPayload, 'problems'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']> };
  SignInInput: SignInInput;
  SignInPayload: Omit<SignInPayload, 'problems' | 'user'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, user?: Maybe<ResolversParentTypes['User']> };
  StepFailed: StepFailed;
  Stock: StockRow;
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  UsageRow: UsageRowParent;
  User: UserParent;
  Webhook: WebhookRow;
  WebhookDelivery: WebhookDelivery;
  Workflow: WorkflowState;
  WorkflowConnection: Omit<WorkflowConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['WorkflowEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Workflow']> };
  WorkflowEdge: Omit<WorkflowEdge, 'node'> & { node: ResolversParentTypes['Workflow'] };
  WorkflowStep: WorkflowStep;
};

export type DeferDirectiveArgs = {
  if?: Scalars['Boolean']['input'];
  label?: Maybe<Scalars['String']['input']>;
};

export type DeferDirectiveResolver<Result, Parent, ContextType = Context, Args = DeferDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type StreamDirectiveArgs = {
  if?: Scalars['Boolean']['input'];
  initialCount?: Scalars['Int']['input'];
  label?: Maybe<Scalars['String']['input']>;
};

export type StreamDirectiveResolver<Result, Parent, ContextType = Context, Args = StreamDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AirportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Airport'] = ResolversParentTypes['Airport']> = {
  city?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AlreadyDecidedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AlreadyDecided'] = ResolversParentTypes['AlreadyDecided']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AuditConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditConnection'] = ResolversParentTypes['AuditConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AuditEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['AuditEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AuditEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEdge'] = ResolversParentTypes['AuditEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEntry'], ParentType, ContextType>;
};

export type AuditEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subjects?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type BookFlightPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BookFlightPayload'] = ResolversParentTypes['BookFlightPayload']> = {
  booking?: Resolver<Maybe<ResolversTypes['Booking']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType>;
};

export type BookingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Booking'] = ResolversParentTypes['Booking']> = {
  flight?: Resolver<Maybe<ResolversTypes['Flight']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  passengers?: Resolver<ReadonlyArray<ResolversTypes['Passenger']>, ParentType, ContextType>;
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['BookingStatus'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BookingConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BookingConnection'] = ResolversParentTypes['BookingConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['BookingEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Booking']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type BookingEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BookingEdge'] = ResolversParentTypes['BookingEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Booking'], ParentType, ContextType>;
};

export type CancelBookingPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelBookingPayload'] = ResolversParentTypes['CancelBookingPayload']> = {
  booking?: Resolver<Maybe<ResolversTypes['Booking']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType>;
};

export type CancelOrderPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelOrderPayload'] = ResolversParentTypes['CancelOrderPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType>;
};

export interface CurrencyCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CurrencyCode'], any> {
  name: 'CurrencyCode';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DecidePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DecidePayload'] = ResolversParentTypes['DecidePayload']> = {
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType>;
};

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export type EmailTakenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmailTaken'] = ResolversParentTypes['EmailTaken']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FlightResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Flight'] = ResolversParentTypes['Flight']> = {
  airline?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  arrivesAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  departsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  destination?: Resolver<Maybe<ResolversTypes['Airport']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  offer?: Resolver<Maybe<ResolversTypes['Offer']>, ParentType, ContextType, RequireFields<FlightOfferArgs, 'passengers'>>;
  origin?: Resolver<Maybe<ResolversTypes['Airport']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FlightConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FlightConnection'] = ResolversParentTypes['FlightConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['FlightEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Flight']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type FlightEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FlightEdge'] = ResolversParentTypes['FlightEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Flight'], ParentType, ContextType>;
};

export type IdempotencyConflictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdempotencyConflict'] = ResolversParentTypes['IdempotencyConflict']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ImportProductsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ImportProductsPayload'] = ResolversParentTypes['ImportProductsPayload']> = {
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType>;
};

export type InvalidCredentialsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidCredentials'] = ResolversParentTypes['InvalidCredentials']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InvalidInputResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidInput'] = ResolversParentTypes['InvalidInput']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  bookFlight?: Resolver<ResolversTypes['BookFlightPayload'], ParentType, ContextType, RequireFields<MutationBookFlightArgs, 'input'>>;
  cancelBooking?: Resolver<ResolversTypes['CancelBookingPayload'], ParentType, ContextType, RequireFields<MutationCancelBookingArgs, 'input'>>;
  cancelOrder?: Resolver<ResolversTypes['CancelOrderPayload'], ParentType, ContextType, RequireFields<MutationCancelOrderArgs, 'input'>>;
  decide?: Resolver<ResolversTypes['DecidePayload'], ParentType, ContextType, RequireFields<MutationDecideArgs, 'input'>>;
  importProducts?: Resolver<ResolversTypes['ImportProductsPayload'], ParentType, ContextType, RequireFields<MutationImportProductsArgs, 'input'>>;
  placeOrder?: Resolver<ResolversTypes['PlaceOrderPayload'], ParentType, ContextType, RequireFields<MutationPlaceOrderArgs, 'input'>>;
  register?: Resolver<ResolversTypes['RegisterPayload'], ParentType, ContextType, RequireFields<MutationRegisterArgs, 'input'>>;
  registerWebhook?: Resolver<ResolversTypes['RegisterWebhookPayload'], ParentType, ContextType, RequireFields<MutationRegisterWebhookArgs, 'input'>>;
  signIn?: Resolver<ResolversTypes['SignInPayload'], ParentType, ContextType, RequireFields<MutationSignInArgs, 'input'>>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Booking' | 'Flight' | 'Order' | 'Payment' | 'Product' | 'User' | 'Workflow', ParentType, ContextType>;
};

export type NotCancellableResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotCancellable'] = ResolversParentTypes['NotCancellable']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotFound'] = ResolversParentTypes['NotFound']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OfferResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Offer'] = ResolversParentTypes['Offer']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  seatsLeft?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  token?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OfferExpiredResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OfferExpired'] = ResolversParentTypes['OfferExpired']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  offer?: Resolver<Maybe<ResolversTypes['Offer']>, ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order']> = {
  customer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['OrderItem']>, ParentType, ContextType>;
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType>;
  placedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderConnection'] = ResolversParentTypes['OrderConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type OrderEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type OrderItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderItem'] = ResolversParentTypes['OrderItem']> = {
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type OutOfStockResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OutOfStock'] = ResolversParentTypes['OutOfStock']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PassengerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Passenger'] = ResolversParentTypes['Passenger']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment']> = {
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentDeclinedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentDeclined'] = ResolversParentTypes['PaymentDeclined']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlaceOrderPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlaceOrderPayload'] = ResolversParentTypes['PlaceOrderPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  __resolveType: TypeResolveFn<'AlreadyDecided' | 'EmailTaken' | 'IdempotencyConflict' | 'InvalidCredentials' | 'InvalidInput' | 'NotCancellable' | 'NotFound' | 'OfferExpired' | 'OutOfStock' | 'PaymentDeclined' | 'StepFailed', ParentType, ContextType>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product']> = {
  category?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  imageUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  stock?: Resolver<Maybe<ResolversTypes['Stock']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProductConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductConnection'] = ResolversParentTypes['ProductConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ProductEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
};

export type ProgressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Progress'] = ResolversParentTypes['Progress']> = {
  done?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  airports?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Airport']>>, ParentType, ContextType>;
  auditLog?: Resolver<Maybe<ResolversTypes['AuditConnection']>, ParentType, ContextType, RequireFields<QueryAuditLogArgs, 'first'>>;
  booking?: Resolver<Maybe<ResolversTypes['Booking']>, ParentType, ContextType, RequireFields<QueryBookingArgs, 'id'>>;
  flight?: Resolver<Maybe<ResolversTypes['Flight']>, ParentType, ContextType, RequireFields<QueryFlightArgs, 'id'>>;
  flights?: Resolver<Maybe<ResolversTypes['FlightConnection']>, ParentType, ContextType, RequireFields<QueryFlightsArgs, 'first' | 'search'>>;
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderArgs, 'id'>>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryProductArgs, 'id'>>;
  products?: Resolver<Maybe<ResolversTypes['ProductConnection']>, ParentType, ContextType, RequireFields<QueryProductsArgs, 'first' | 'sort'>>;
  usage?: Resolver<Maybe<ReadonlyArray<ResolversTypes['UsageRow']>>, ParentType, ContextType, RequireFields<QueryUsageArgs, 'by' | 'from' | 'to'>>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType, RequireFields<QueryWorkflowArgs, 'id'>>;
  workflows?: Resolver<Maybe<ResolversTypes['WorkflowConnection']>, ParentType, ContextType, RequireFields<QueryWorkflowsArgs, 'first'>>;
};

export type RegisterPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterPayload'] = ResolversParentTypes['RegisterPayload']> = {
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  workflow?: Resolver<Maybe<ResolversTypes['Workflow']>, ParentType, ContextType>;
};

export type RegisterWebhookPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterWebhookPayload'] = ResolversParentTypes['RegisterWebhookPayload']> = {
  id?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  secret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SignInPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignInPayload'] = ResolversParentTypes['SignInPayload']> = {
  accessToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type StepFailedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StepFailed'] = ResolversParentTypes['StepFailed']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  step?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StockResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Stock'] = ResolversParentTypes['Stock']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  workflow?: SubscriptionResolver<Maybe<ResolversTypes['Workflow']>, "workflow", ParentType, ContextType, RequireFields<SubscriptionWorkflowArgs, 'id'>>;
};

export type UsageRowResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UsageRow'] = ResolversParentTypes['UsageRow']> = {
  backend?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  client?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  errors?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  exactBytes?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  operation?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  p95Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  requests?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  route?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  totalMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  upstreamCalls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  bookings?: Resolver<Maybe<ResolversTypes['BookingConnection']>, ParentType, ContextType, RequireFields<UserBookingsArgs, 'first'>>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  orders?: Resolver<Maybe<ResolversTypes['OrderConnection']>, ParentType, ContextType, RequireFields<UserOrdersArgs, 'first'>>;
  webhooks?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Webhook']>>, ParentType, ContextType>;
  workflows?: Resolver<Maybe<ResolversTypes['WorkflowConnection']>, ParentType, ContextType, RequireFields<UserWorkflowsArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type WebhookResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Webhook'] = ResolversParentTypes['Webhook']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveries?: Resolver<Maybe<ReadonlyArray<ResolversTypes['WebhookDelivery']>>, ParentType, ContextType, RequireFields<WebhookDeliveriesArgs, 'first'>>;
  events?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type WebhookDeliveryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDelivery'] = ResolversParentTypes['WebhookDelivery']> = {
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  event?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['WebhookDeliveryStatus'], ParentType, ContextType>;
};

export type WorkflowResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Workflow'] = ResolversParentTypes['Workflow']> = {
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  progress?: Resolver<Maybe<ResolversTypes['Progress']>, ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  startedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['WorkflowStatus'], ParentType, ContextType>;
  steps?: Resolver<ReadonlyArray<ResolversTypes['WorkflowStep']>, ParentType, ContextType>;
  subject?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType>;
  waitingFor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type WorkflowConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WorkflowConnection'] = ResolversParentTypes['WorkflowConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['WorkflowEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Workflow']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type WorkflowEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WorkflowEdge'] = ResolversParentTypes['WorkflowEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Workflow'], ParentType, ContextType>;
};

export type WorkflowStepResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WorkflowStep'] = ResolversParentTypes['WorkflowStep']> = {
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['StepStatus'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Airport?: AirportResolvers<ContextType>;
  AlreadyDecided?: AlreadyDecidedResolvers<ContextType>;
  AuditConnection?: AuditConnectionResolvers<ContextType>;
  AuditEdge?: AuditEdgeResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  BookFlightPayload?: BookFlightPayloadResolvers<ContextType>;
  Booking?: BookingResolvers<ContextType>;
  BookingConnection?: BookingConnectionResolvers<ContextType>;
  BookingEdge?: BookingEdgeResolvers<ContextType>;
  CancelBookingPayload?: CancelBookingPayloadResolvers<ContextType>;
  CancelOrderPayload?: CancelOrderPayloadResolvers<ContextType>;
  CurrencyCode?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  DecidePayload?: DecidePayloadResolvers<ContextType>;
  Decimal?: GraphQLScalarType;
  EmailTaken?: EmailTakenResolvers<ContextType>;
  Flight?: FlightResolvers<ContextType>;
  FlightConnection?: FlightConnectionResolvers<ContextType>;
  FlightEdge?: FlightEdgeResolvers<ContextType>;
  IdempotencyConflict?: IdempotencyConflictResolvers<ContextType>;
  ImportProductsPayload?: ImportProductsPayloadResolvers<ContextType>;
  InvalidCredentials?: InvalidCredentialsResolvers<ContextType>;
  InvalidInput?: InvalidInputResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  NotCancellable?: NotCancellableResolvers<ContextType>;
  NotFound?: NotFoundResolvers<ContextType>;
  Offer?: OfferResolvers<ContextType>;
  OfferExpired?: OfferExpiredResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  OrderItem?: OrderItemResolvers<ContextType>;
  OutOfStock?: OutOfStockResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Passenger?: PassengerResolvers<ContextType>;
  Payment?: PaymentResolvers<ContextType>;
  PaymentDeclined?: PaymentDeclinedResolvers<ContextType>;
  PlaceOrderPayload?: PlaceOrderPayloadResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  ProductConnection?: ProductConnectionResolvers<ContextType>;
  ProductEdge?: ProductEdgeResolvers<ContextType>;
  Progress?: ProgressResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RegisterPayload?: RegisterPayloadResolvers<ContextType>;
  RegisterWebhookPayload?: RegisterWebhookPayloadResolvers<ContextType>;
  SignInPayload?: SignInPayloadResolvers<ContextType>;
  StepFailed?: StepFailedResolvers<ContextType>;
  Stock?: StockResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  UsageRow?: UsageRowResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  Webhook?: WebhookResolvers<ContextType>;
  WebhookDelivery?: WebhookDeliveryResolvers<ContextType>;
  Workflow?: WorkflowResolvers<ContextType>;
  WorkflowConnection?: WorkflowConnectionResolvers<ContextType>;
  WorkflowEdge?: WorkflowEdgeResolvers<ContextType>;
  WorkflowStep?: WorkflowStepResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  defer?: DeferDirectiveResolver<any, any, ContextType>;
  stream?: StreamDirectiveResolver<any, any, ContextType>;
};
