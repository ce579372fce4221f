/** What is asked, by everybody alike. */

export type WorkloadName = 'W0' | 'W1' | 'W2' | 'W3' | 'W4';

export interface Workload {
  readonly name: WorkloadName;
  readonly title: string;
  readonly operationName: string;
  readonly query: string;
  /** The variables of the request drawn by this number, 0 up. */
  readonly variables: (draw: number) => Readonly<Record<string, string>>;
  /** How many variables it knows; a draw is below it. 1: every request is the same. */
  readonly draws: number;
  /** The REST calls that an operation needs, by the backend's path; what L makes. */
  readonly calls: Readonly<Record<string, number>>;
  /** The longest chain of calls that have to wait for one another. */
  readonly depth: number;
  /** How many requests one round of it is, so that a round takes L some 25 ms or more. */
  readonly requests: number;
  /** The CPU a request that Weir may take, of L's; null where none was set. */
  readonly target: number | null;
}

const ORDERS = 'orders(first: 10) { id status total items { quantity product { id name price } } }';

const none = () => ({});

export const workloads: readonly Workload[] = [
  {
    name: 'W0',
    title: 'trivial, no call',
    operationName: 'Hello',
    query: 'query Hello { hello }',
    variables: none,
    draws: 1,
    calls: {},
    depth: 0,
    requests: 600,
    target: 1.6,
  },
  {
    name: 'W1',
    title: '100 posts, 10 authors',
    operationName: 'Posts',
    query: 'query Posts { posts { id title author { id name } } }',
    variables: none,
    draws: 1,
    calls: { '/posts': 1, '/authors': 1 },
    depth: 2,
    requests: 150,
    target: 1.25,
  },
  {
    name: 'W2',
    title: 'the order page: 10 orders, 3 items each',
    operationName: 'OrderPage',
    query: `query OrderPage { me { name ${ORDERS} } }`,
    variables: none,
    draws: 1,
    calls: { '/users': 1, '/orders': 1, '/products': 1 },
    depth: 2,
    requests: 120,
    target: 1.25,
  },
  {
    name: 'W3',
    title: '1,000 rows of 8 fields',
    operationName: 'Rows',
    query: 'query Rows { rows { id name email city age score active createdAt } }',
    variables: none,
    draws: 1,
    calls: { '/rows': 1 },
    depth: 1,
    requests: 24,
    target: 1.15,
  },
  {
    name: 'W4',
    title: 'as W2, of anybody: random ids',
    operationName: 'OrdersOf',
    query: `query OrdersOf($id: ID!) { user(id: $id) { name ${ORDERS} } }`,
    variables: (draw) => ({ id: String(draw + 1) }),
    draws: 2_000,
    calls: { '/users': 1, '/orders': 1, '/products': 1 },
    depth: 2,
    requests: 120,
    target: null,
  },
];

/** The body of a request, as JSON. */
export function bodyOf({ query, operationName, variables }: Workload, draw: number): string {
  return JSON.stringify({ query, operationName, variables: variables(draw) });
}
