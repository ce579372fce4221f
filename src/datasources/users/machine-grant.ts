import type { Call } from '../../call.ts';
import type { MachineGrant } from '../../http/machine-token.ts';
import type { UsersSource } from './source.ts';
import type { ClientCredentials } from './wire/types.gen.ts';

/** How long a new token of the gateway's own may take, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Asks the users backend for the gateway's own token, for nobody's operation in particular. */
export function createMachineGrant(
  source: UsersSource,
  client: ClientCredentials,
): () => Promise<MachineGrant> {
  return async () => {
    const call: Call = {
      requestId: `machine-token-${Date.now()}`,
      signal: AbortSignal.timeout(PATIENCE_MS),
      deadlineAt: performance.now() + PATIENCE_MS,
      viewer: null,
      onBehalfOf: null,
      traceparent: null,
      observe: null,
      demand: null,
    };
    const { accessToken, expiresAt } = await source.createToken(call, client);
    return { token: accessToken, expiresAt: Date.parse(expiresAt) };
  };
}
