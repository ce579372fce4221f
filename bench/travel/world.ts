import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';

const sessionShape = z.object({ accessToken: z.string() });
const ledgerShape = z.array(z.object({ kind: z.string() }));

/** What Weir needs to know of the demo, as an operator would set it. */
export function toEnvironment(
  urls: Readonly<Record<string, string>>,
  dataDir: string,
): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'production',
    ADMIN_PORT: '0',
    DATA_DIR: dataDir,
    RATE_LIMIT: '0',
    ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url])),
  };
}

/** A token for one of the demo's people. */
export async function signIn(
  urls: Readonly<Record<string, string>>,
  email: string,
  password: string,
): Promise<string> {
  const response = await fetch(`${urls.users}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  return sessionShape.parse(await response.json()).accessToken;
}

/** How long the messages may take that are sent after an answer. */
const PATIENCE_MS = 10_000;

/** How many messages there are in all once there are as many more as `bookings` need, or nobody waits longer. */
export async function sentMessages(
  urls: Readonly<Record<string, string>>,
  bookings: number,
  before: number,
): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const sent = (await countMessages(urls)) - before;
    if (sent >= bookings || performance.now() > until) return sent;
    await delay(100);
  }
}

/** How many messages the notifications backend has sent. */
export async function countMessages(urls: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetch(`${urls.notifications}/_demo/ledger`);
  return ledgerShape.parse(await response.json()).filter(({ kind }) => kind.startsWith('message')).length;
}
