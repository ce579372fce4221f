import * as z from 'zod';

const sessionShape = z.object({ accessToken: z.string() });

/** A token of one of the demo's people, from the users backend itself. */
export async function signIn(users: string, name: string): Promise<string> {
  const response = await fetch(`${users}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@example.com`, password: 'waterfall' }),
  });
  return sessionShape.parse(await response.json()).accessToken;
}
