/** What a newcomer reads when everything is up: where to go, as whom, and what to try. */
export function greeting(gateway: string): string {
  const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  return `
Weir is ready.

  Start here  ${gateway}/
  GraphiQL    ${gateway}/graphql
  Shop        ${gateway}/client/
  GraphQL     POST ${gateway}/graphql
  State       ${gateway}/readyz

Sign in as ada@example.com, grace@example.com (customers) or root@example.com (administrator);
everyone's password is "waterfall".

Three queries to paste:

  1  mutation { signIn(input: { email: "ada@example.com", password: "waterfall" }) { accessToken } }
     Send the token with what follows, as  authorization: Bearer <accessToken>

  2  { me { name orders(first: 10) { nodes { total { amount } items { quantity product { name price { amount } stock { available } } } } } bookings(first: 5) { nodes { reference flight { number departsAt } } } } }

  3  { flights(search: { origin: "LHR", destination: "JFK", date: "${day}" }, first: 5) { nodes { number departsAt offer { price { amount } seatsLeft } } } }

Ctrl-C ends everything.`;
}
