import type { DemoAnswer } from '../demo/demo-client.ts';
import type { Asker, Question } from './asker.ts';
import type { EndpointCases } from './cases/backend-cases.ts';
import { type CaseWorld, withKey } from './cases/backend-cases.ts';
import type { ContractEndpoint } from './contract.ts';

/** One way to ask an endpoint, and what is to come back. */
export interface Expectation {
  readonly title: string;
  readonly status: number;
  /** The last segment of the problem's type, or null for a success. */
  readonly problem: string | null;
  provoke(asker: Asker, world: CaseWorld): Promise<DemoAnswer>;
}

/**
 * Every way to ask an endpoint that its place in the contract gives rise to, beside those of its own cases.
 *
 * Which those are follows from what the endpoint is (a read or a write, open or closed, with an id in its path
 * or not), never from the answers it declares: so a declared answer that nothing provokes, and an answer that
 * is not declared, both show.
 */
export function expectationsOf(endpoint: ContractEndpoint, cases: EndpointCases): Expectation[] {
  const { operation, access } = endpoint;
  const isRead = operation.method === 'GET';
  const hasParameter = (name: string) => operation.parameters.some((parameter) => parameter.name === name);
  const success = isRead ? 200 : ([...operation.responses.keys()].find((status) => status < 300) ?? 200);

  const amended =
    (amend: (question: Question) => Partial<Question>): Expectation['provoke'] =>
    async (asker, world) => {
      const question = await cases.good(world);
      return asker.ask(endpoint, { ...question, ...amend(question) });
    };
  const good = { title: 'a good question', status: success, problem: null, provoke: amended(() => ({})) };
  // Documents under /.well-known take nothing and know no errors.
  if (operation.path.startsWith('/.well-known/')) return [good];

  const expectations: Expectation[] = [good];
  const expect = (title: string, status: number, problem: string | null, provoke: Expectation['provoke']) =>
    expectations.push({ title, status, problem, provoke });

  if (hasParameter('If-None-Match')) {
    expect('what the caller has already', 304, null, async (asker, world) => {
      const question = await cases.good(world);
      const { headers } = await asker.ask(endpoint, question);
      return asker.ask(endpoint, { ...question, headers: { 'if-none-match': headers.get('etag') ?? '' } });
    });
  }
  const nonsense = isRead
    ? amended(({ query }) => ({ query: { ...query, nonsense: '1' } }))
    : amended(() => ({ body: '{"half' }));
  expect('nonsense', 400, 'invalid-request', nonsense);
  if (access !== 'public') {
    expect(
      'a forged token',
      401,
      'unauthenticated',
      amended(() => ({ as: 'forger' })),
    );
  }
  if (access === 'caller' || access === 'machine') {
    expect(
      'no token',
      401,
      'unauthenticated',
      amended(() => ({ as: 'nobody' })),
    );
  }
  if (access === 'machine') {
    expect(
      'a person where a machine is wanted',
      403,
      'forbidden',
      amended(() => ({ as: 'root' })),
    );
  }
  if (operation.path.includes('{')) {
    expect(
      'an id that nothing has',
      404,
      'not-found',
      amended(({ path }) => ({ path: toNothing(path) })),
    );
  }
  if (hasParameter('Idempotency-Key')) {
    expect('a key of another request', 422, 'idempotency-conflict', async (asker, world) => {
      const key = withKey(`conflict-${world.next()}`);
      await asker.ask(endpoint, { ...(await cases.good(world)), ...key });
      return asker.ask(endpoint, { ...(await cases.good(world)), ...key });
    });
  }
  for (const [problem, ask] of Object.entries(cases.problems ?? {})) {
    const [status] =
      [...operation.responses].find(([, response]) => response.problems.includes(problem)) ?? [];
    expect(`meets ${problem}`, status ?? 0, problem, async (asker, world) =>
      asker.ask(endpoint, await ask(world)),
    );
  }
  for (const [status, problem] of [
    [500, 'internal'],
    [503, 'unavailable'],
  ] as const) {
    expect('a backend that is ill', status, problem, async (asker, world) => {
      const question = await cases.good(world);
      await asker.call('nobody', operation.backend, '/_demo/faults', {
        method: 'PUT',
        body: { errorRate: 1, status, ...(status === 503 ? { retryAfter: 1 } : {}) },
      });
      try {
        return await asker.ask(endpoint, question);
      } finally {
        await asker.call('nobody', operation.backend, '/_demo/faults', { method: 'DELETE' });
      }
    });
  }
  return expectations;
}

function toNothing(path: Question['path']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(path ?? {}).map((name) => [name, 'NONE']));
}
