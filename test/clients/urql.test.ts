import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { clientsInstalled } from './clients-installed.ts';

describe.skipIf(!clientsInstalled('urql'))('urql', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir();
  });
  afterAll(async () => weir?.[Symbol.asyncDispose]());

  const open = async (token?: string) => {
    const { Client, cacheExchange, fetchExchange, gql } = await import('@urql/core');
    const client = new Client({
      url: `${weir.url}/graphql`,
      preferGetMethod: false,
      exchanges: [cacheExchange, fetchExchange],
      fetchOptions: { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } },
    });
    return { client, gql };
  };

  it('signs in, reads its own, and answers a repeat from its cache', async () => {
    const { client, gql } = await open();
    const signIn = gql`mutation ($input: SignInInput!) { signIn(input: $input) { accessToken problems { code } } }`;
    const { data } = await client.mutation(signIn, {
      input: { email: 'ada@example.com', password: 'waterfall' },
    });
    const signedIn = await open(data?.signIn.accessToken);
    const query = gql`{ me { id orders(first: 2) { nodes { id total { amount } } } } }`;
    const first = await signedIn.client.query(query, {});
    expect(first.data?.me.orders.nodes).toHaveLength(2);
    await weir.forgetCalls();
    const again = await signedIn.client.query(query, {});
    expect(again.data).toEqual(first.data);
    expect(await weir.allCalls()).toEqual([]);
  });

  it('tells problems as data, and errors with their codes beside what could be had', async () => {
    const { client, gql } = await open();
    const signIn = gql`mutation { signIn(input: { email: "ada@example.com", password: "no" }) { problems { code } } }`;
    const refused = await client.mutation(signIn, {});
    expect([refused.error, refused.data?.signIn.problems[0].code]).toEqual([
      undefined,
      'INVALID_CREDENTIALS',
    ]);
    const denied = await client.query(gql`{ user(id: "User:5") { id name email } }`, {});
    expect(denied.data?.user).toMatchObject({ name: expect.any(String), email: null });
    expect(denied.error?.graphQLErrors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('shows the flights before what they cost', async () => {
    const { client, gql } = await open();
    await weir.fault('pricing', { latencyMs: 300 });
    const date = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
    const query = gql`query ($search: FlightSearch!) {
      flights(search: $search, first: 3) { nodes { id ... @defer { offer { price { amount } } } } }
    }`;
    const seen: boolean[] = [];
    await new Promise<void>((resolve) => {
      client
        .query(query, { search: { origin: 'LHR', destination: 'JFK', date } })
        .subscribe(({ data, hasNext }) => {
          seen.push(data.flights.nodes.every((flight: { offer?: unknown }) => flight.offer !== undefined));
          if (!hasNext) resolve();
        });
    });
    await weir.fault('pricing', null);
    expect([seen[0], seen.at(-1)]).toEqual([false, true]);
  });
});
