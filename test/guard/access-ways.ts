import type { Weir } from '../start-weir.ts';
import { ways } from './ways.ts';

/** Who asks for what is Ada's: she, another customer, nobody, an administrator. */
export const viewers = ['owner', 'other', 'anonymous', 'administrator'] as const;
export type ViewerName = (typeof viewers)[number];

/** What is Ada's, in global ids. */
export interface Hers {
  readonly user: string;
  readonly order: string;
  readonly payment: string;
  readonly booking: string;
  readonly bookingPayment: string;
  readonly workflow: string;
  /** A flight and a token of an offer for one passenger on it. */
  readonly flight: string;
  readonly offerToken: string;
  /** A workflow that waits for a decision. */
  readonly waiting: string;
  /** Makes an order or a booking of hers that may be cancelled. */
  readonly newOrder: () => Promise<string>;
  readonly newBooking: () => Promise<string>;
}

/** One way to an object: what is asked, and which object of Ada's would be found by it. */
export interface AccessWay {
  /** The type whose objects are found, or `User` for fields that are only for the user. */
  readonly type: string;
  /** The fields of the schema that are gone through; the last one yields the object. */
  readonly fields: readonly string[];
  readonly ask: (hers: Hers) => string | Promise<string>;
  /** What is found where the way lets the viewer through; undefined for a value without an id. */
  readonly finds: (hers: Hers) => string | undefined;
  /** Whether it leads to something of the viewer's own, and never to anything of Ada's. */
  readonly own?: boolean;
  /** As a subgraph's router. */
  readonly subgraph?: boolean;
  readonly stream?: boolean;
}

let keys = 0;
const key = (): string => {
  keys += 1;
  return `"access-${keys}"`;
};

const onNode = (type: 'order' | 'payment' | 'booking' | 'workflow', name: string): AccessWay[] => [
  {
    type: name,
    fields: ['Query.node'],
    ask: (hers) => `{ it: node(id: "${hers[type]}") { id } }`,
    finds: (hers) => hers[type],
  },
  {
    type: name,
    fields: ['Query.nodes'],
    ask: (hers) => `{ it: nodes(ids: ["${hers[type]}"]) { id } }`,
    finds: (hers) => hers[type],
  },
];

const entity = (type: 'order' | 'payment' | 'booking', name: string): AccessWay => ({
  type: name,
  fields: ['Query._entities'],
  subgraph: true,
  ask: (hers) =>
    `{ it: _entities(representations: [{ __typename: "${name}", id: "${hers[type]}" }]) { ... on ${name} { id } } }`,
  finds: (hers) => hers[type],
});

const listOf = (field: string, type: string, which: 'order' | 'booking' | 'workflow'): AccessWay => ({
  type,
  fields: [`User.${field}`, `${type}Connection.nodes`, `${type}Edge.node`],
  ask: (hers) =>
    `{ user(id: "${hers.user}") { it: ${field}(first: 100) { nodes { id } edges { node { id } } } } }`,
  finds: (hers) => hers[which],
});

const userField = (field: string, selection = ''): AccessWay => ({
  type: 'User',
  fields: [`User.${field}`],
  ask: (hers) => `{ user(id: "${hers.user}") { it: ${field} ${selection} } }`,
  finds: () => undefined,
});

/** Every way to every object that is somebody's. */
export const accessWays: readonly AccessWay[] = [
  {
    type: 'Order',
    fields: ['Query.order'],
    ask: ({ order }) => `{ it: order(id: "${order}") { id } }`,
    finds: ({ order }) => order,
  },
  ...onNode('order', 'Order'),
  entity('order', 'Order'),
  listOf('orders', 'Order', 'order'),
  {
    type: 'Order',
    fields: ['Query.workflow', 'Workflow.subject'],
    ask: ({ workflow }) => `{ workflow(id: "${workflow}") { it: subject { id } } }`,
    finds: ({ order }) => order,
  },
  {
    type: 'Order',
    fields: ['Mutation.placeOrder', 'PlaceOrderPayload.order'],
    ask: () =>
      `mutation { placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "tok_ok", idempotencyKey: ${key()} }) { it: order { id } problems { code } } }`,
    finds: () => undefined,
    own: true,
  },
  {
    type: 'Order',
    fields: ['Mutation.cancelOrder', 'CancelOrderPayload.order'],
    ask: async ({ newOrder }) =>
      `mutation { cancelOrder(input: { orderId: "${await newOrder()}", idempotencyKey: ${key()} }) { it: order { id } problems { code } } }`,
    finds: () => undefined,
  },
  {
    type: 'Payment',
    fields: ['Query.order', 'Order.payment'],
    ask: ({ order }) => `{ order(id: "${order}") { it: payment { id } } }`,
    finds: ({ payment }) => payment,
  },
  {
    type: 'Payment',
    fields: ['Query.booking', 'Booking.payment'],
    ask: ({ booking }) => `{ booking(id: "${booking}") { it: payment { id } } }`,
    finds: ({ bookingPayment }) => bookingPayment,
  },
  ...onNode('payment', 'Payment'),
  entity('payment', 'Payment'),
  {
    type: 'Booking',
    fields: ['Query.booking'],
    ask: ({ booking }) => `{ it: booking(id: "${booking}") { id } }`,
    finds: ({ booking }) => booking,
  },
  ...onNode('booking', 'Booking'),
  entity('booking', 'Booking'),
  listOf('bookings', 'Booking', 'booking'),
  {
    type: 'Booking',
    fields: ['Mutation.bookFlight', 'BookFlightPayload.booking'],
    ask: ({ flight, offerToken }) =>
      `mutation { bookFlight(input: { flightId: "${flight}", offerToken: "${offerToken}", passengers: [{ name: "P" }], paymentToken: "tok_ok", idempotencyKey: ${key()} }) { it: booking { id } problems { code } } }`,
    finds: () => undefined,
    own: true,
  },
  {
    type: 'Booking',
    fields: ['Mutation.cancelBooking', 'CancelBookingPayload.booking'],
    ask: async ({ newBooking }) =>
      `mutation { cancelBooking(input: { bookingId: "${await newBooking()}", idempotencyKey: ${key()} }) { it: booking { id } problems { code } } }`,
    finds: () => undefined,
  },
  {
    type: 'Workflow',
    fields: ['Query.workflow'],
    ask: ({ workflow }) => `{ it: workflow(id: "${workflow}") { id } }`,
    finds: ({ workflow }) => workflow,
  },
  ...onNode('workflow', 'Workflow'),
  listOf('workflows', 'Workflow', 'workflow'),
  {
    type: 'Workflow',
    fields: ['Query.workflows'],
    ask: () => '{ it: workflows(first: 100) { nodes { id } } }',
    finds: ({ workflow }) => workflow,
  },
  {
    type: 'Workflow',
    fields: ['Subscription.workflow'],
    stream: true,
    ask: ({ workflow }) => `subscription { it: workflow(id: "${workflow}") { id } }`,
    finds: ({ workflow }) => workflow,
  },
  {
    type: 'Workflow',
    fields: ['Mutation.decide', 'DecidePayload.workflow'],
    ask: ({ waiting }) =>
      `mutation { decide(input: { workflowId: "${waiting}", approve: false }) { it: workflow { id } problems { code } } }`,
    finds: ({ waiting }) => waiting,
  },
  ...(
    ['PlaceOrder', 'CancelOrder', 'BookFlight', 'CancelBooking', 'Register', 'ImportProducts'] as const
  ).map(
    (name): AccessWay => ({
      type: 'Workflow',
      fields: [`Mutation.${name.charAt(0).toLowerCase()}${name.slice(1)}`, `${name}Payload.workflow`],
      ask: async (hers) =>
        `mutation { ${await workflowOf[name](hers)} { it: workflow { id } problems { code } } }`,
      finds: () => undefined,
      own: !name.startsWith('Cancel'),
    }),
  ),
  {
    type: 'UsageRow',
    fields: ['Query.usage'],
    ask: () => '{ it: usage(from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { requests } }',
    finds: () => undefined,
  },
  {
    type: 'AuditEntry',
    fields: ['Query.auditLog', 'AuditConnection.nodes', 'AuditEdge.node'],
    ask: () => '{ auditLog { it: nodes { id } edges { node { id } } } }',
    finds: () => undefined,
  },
  {
    type: 'User',
    fields: ['Query.auditLog', 'AuditEntry.actor', 'User.email'],
    ask: () => '{ auditLog { nodes { actor { it: email } } } }',
    finds: () => undefined,
  },
  userField('name'),
  userField('createdAt'),
  userField('email'),
  userField('orders', '{ totalCount }'),
  userField('bookings', '{ totalCount }'),
  userField('workflows', '{ totalCount }'),
  userField('webhooks', '{ id }'),
  ...(
    [
      ['Query.me', () => '{ me { it: email } }'],
      ['Query.node', ({ user }) => `{ node(id: "${user}") { ... on User { it: email } } }`],
      ['Query.nodes', ({ user }) => `{ nodes(ids: ["${user}"]) { ... on User { it: email } } }`],
      ['Order.customer', ({ order }) => `{ order(id: "${order}") { customer { it: email } } }`],
      ['Booking.user', ({ booking }) => `{ booking(id: "${booking}") { user { it: email } } }`],
      ['Workflow.startedBy', ({ workflow }) => `{ workflow(id: "${workflow}") { startedBy { it: email } } }`],
      [
        'SignInPayload.user',
        () =>
          'mutation { signIn(input: { email: "ada@example.com", password: "waterfall" }) { user { it: email } } }',
      ],
      [
        'RegisterPayload.user',
        () =>
          `mutation { register(input: { name: "N", email: "n${keys}@example.com", password: "long enough", idempotencyKey: ${key()} }) { user { it: email } } }`,
      ],
    ] as const satisfies readonly (readonly [string, (hers: Hers) => string])[]
  ).map(
    ([field, ask]): AccessWay => ({
      type: 'User',
      fields: [field, 'User.email'],
      ask,
      finds: () => undefined,
      own: field === 'Query.me',
    }),
  ),
  {
    type: 'User',
    fields: ['Query._entities', 'User.email'],
    subgraph: true,
    ask: ({ user }) =>
      `{ _entities(representations: [{ __typename: "User", id: "${user}" }]) { ... on User { it: email } } }`,
    finds: () => undefined,
  },
];

const workflowOf: Readonly<
  Record<
    'PlaceOrder' | 'CancelOrder' | 'BookFlight' | 'CancelBooking' | 'Register' | 'ImportProducts',
    (hers: Hers) => string | Promise<string>
  >
> = {
  PlaceOrder: () =>
    `placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "tok_ok", idempotencyKey: ${key()} })`,
  CancelOrder: async ({ newOrder }) =>
    `cancelOrder(input: { orderId: "${await newOrder()}", idempotencyKey: ${key()} })`,
  BookFlight: ({ flight, offerToken }) =>
    `bookFlight(input: { flightId: "${flight}", offerToken: "${offerToken}", passengers: [{ name: "P" }], paymentToken: "tok_ok", idempotencyKey: ${key()} })`,
  CancelBooking: async ({ newBooking }) =>
    `cancelBooking(input: { bookingId: "${await newBooking()}", idempotencyKey: ${key()} })`,
  Register: () =>
    `register(input: { name: "N", email: "w${keys}@example.com", password: "long enough", idempotencyKey: ${key()} })`,
  ImportProducts: () =>
    `importProducts(input: { csv: "id,name,description,category,price,currency\\n", idempotencyKey: ${key()} })`,
};

/** What a viewer meets on a way: `seen`, `own`, `null`, or the code of an error or a problem. */
export async function cellOf(
  weir: Weir,
  way: AccessWay,
  hers: Hers,
  token: string | undefined,
  subgraphToken: string,
): Promise<string> {
  const query = await way.ask(hers);
  const { data, errors } = way.stream
    ? await overStream(weir, query, token)
    : await weir.ask(query, {
        token,
        ...(way.subgraph ? { headers: { 'x-weir-subgraph-token': subgraphToken } } : {}),
      });
  const code = errors[0]?.extensions.code;
  if (code !== undefined) return `\`${code}\``;
  const it = firstUnder(data, 'it');
  const problem = firstUnder(data, 'code');
  if (it === null || it === undefined) return typeof problem === 'string' ? `\`${problem}\`` : 'null';
  if (way.own) return 'own';
  const found = way.finds(hers);
  return found === undefined || JSON.stringify(it).includes(`"${found}"`) ? 'seen' : 'null';
}

async function overStream(weir: Weir, query: string, token: string | undefined) {
  const { text } = await ways['POST for a stream of events'](weir.url, { query, token });
  const first = /^data: (\{.*\})$/m.exec(text)?.[1] ?? '{}';
  const { data, errors = [] } = JSON.parse(first) as {
    data?: unknown;
    errors?: readonly { extensions: { code: string } }[];
  };
  return { data, errors };
}

/** The first value under a name, wherever it stands. */
function firstUnder(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null) return undefined;
  if (Object.hasOwn(data, name)) {
    const it: unknown = Object.getOwnPropertyDescriptor(data, name)?.value;
    // A list of nodes that are all null holds nothing.
    return Array.isArray(it) && it.length > 0 && it.every((one) => one === null) ? null : it;
  }
  for (const value of Object.values(data)) {
    const found = firstUnder(value, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
