import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { Endpoint } from '../backends.ts';
import type { Call } from '../call.ts';
import type { MachineGrant } from './machine-token.ts';
import type { Upstream } from './upstream.ts';

/** The gateway's own identity. */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

const grant = z.object({
  accessToken: z.string().min(1),
  expiresAt: z.iso.datetime({ offset: true }),
});

/** How long the gateway waits for a token of its own; whoever needs it waits no longer than its own deadline. */
const ISSUE_MS = 5000;

/**
 * Asks a backend's endpoint for a machine token with the gateway's own id and secret.
 *
 * The call is nobody's: several operations may wait for it, so none of them can end it.
 */
export function createTokenIssuer(
  upstream: Upstream,
  endpoint: Endpoint,
  { id, secret }: ClientCredentials,
): () => Promise<MachineGrant> {
  const { signal } = new AbortController();
  return async () => {
    const call: Call = {
      requestId: randomUUID(),
      signal,
      deadlineAt: performance.now() + ISSUE_MS,
      viewer: null,
      onBehalfOf: null,
      traceparent: null,
      observe: null,
      demand: null,
    };
    const body = { clientId: id, clientSecret: secret };
    const { accessToken, expiresAt } = await upstream.send(call, { endpoint, body, decode: grant });
    return { token: accessToken, expiresAt: Date.parse(expiresAt) };
  };
}
