/** Valid requests, from which the others are made. */
export interface Seed {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export const corpus: readonly Seed[] = [
  { query: '{ __typename }', variables: {} },
  {
    query:
      'query Page($orders: Int = 10) { me { name email orders(first: $orders, status: DELIVERED) { totalCount nodes { id total { amount currency } items { quantity product { name stock { available } } } payment { status } } } bookings { nodes { reference flight { number offer { token } } } } } }',
    variables: { orders: 5 },
  },
  {
    query:
      'query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Product { ...P } ... on User { name orders(first: 2) { nodes { id } } } } } fragment P on Product { name price { amount } }',
    variables: { ids: ['Product:1', 'User:1', 'Order:1', 'Flight:x', 'Nope:1', ''] },
  },
  {
    query:
      'query Search($search: String, $sort: ProductSort! = NAME, $after: String) { products(first: 5, search: $search, sort: $sort, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }',
    variables: { search: 'chair', sort: 'PRICE_ASC', after: null },
  },
  {
    query:
      'query Flights($search: FlightSearch!, $with: Boolean!) { flights(search: $search, first: 3) { nodes { id number departsAt origin { code name } offer(passengers: 2) @include(if: $with) { price { amount } } } } airports @skip(if: $with) { code } }',
    variables: { search: { origin: 'LHR', destination: 'JFK', date: inDays(5) }, with: true },
  },
  {
    query:
      'mutation In($input: SignInInput!) { signIn(input: $input) { accessToken problems { code message path } } }',
    variables: { input: { email: 'nobody@example.com', password: 'wrong' } },
  },
  {
    query:
      'mutation Buy($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } workflow { id status } problems { __typename code path } } }',
    variables: {
      input: {
        items: [{ productId: 'Product:1', quantity: 1 }],
        paymentToken: 'tok_ok',
        idempotencyKey: 'k',
      },
    },
  },
  {
    query:
      'mutation New($input: RegisterInput!) { register(input: $input) { user { id } problems { code } } }',
    variables: { input: { name: 'N', email: 'n@example.com', password: 'long enough', idempotencyKey: 'k' } },
  },
  {
    query: 'subscription Watch($id: ID!) { workflow(id: $id) { status revision } }',
    variables: { id: 'Workflow:1' },
  },
  {
    query:
      '{ __schema { types { name fields { name args { name type { name ofType { name } } } } } } __type(name: "User") { name } }',
    variables: {},
  },
  {
    query: 'query Parts { product(id: "Product:1") { name ... @defer(label: "s") { stock { available } } } }',
    variables: {},
  },
  {
    query: 'query A { order(id: "Order:1") { id } } query B { booking(id: "Booking:1") { id } }',
    variables: {},
  },
];

/** Words that mean something to somebody: to JavaScript, to SQL, to shells, to log files, to terminals, to GraphQL. */
export const words: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__typename',
  '__schema',
  'valueOf',
  'then',
  'toJSON',
  '../../../etc/passwd',
  '%2e%2e%2f',
  '..',
  "' or 1=1 --",
  '$\u007b7*7}',
  '{{7*7}}',
  '\u0000',
  '\r\nset-cookie: a=b',
  '\u001b[31m',
  '\u2028',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '9007199254740993',
  '2147483648',
  '-2147483649',
  'true',
  'null',
  '𝕏'.repeat(50),
  'a'.repeat(5_000),
  'Product:1',
  'User:1',
  'Order:1,2',
  `Product:${'9'.repeat(300)}`,
  'Workflow:1',
  '*',
  '<script>',
  'http://169.254.169.254/',
];
