import type { Config } from '../config.ts';
import { createIdentity, type Identity } from '../guard/identity.ts';
import { createKeySet } from '../guard/key-set.ts';
import type { Logger } from '../log.ts';

/** Who sends a request, by the keys that the settings name. */
export function openIdentity(config: Config, log: Logger): Identity {
  const urls = config.JWKS_URL
    ? [config.JWKS_URL]
    : (config.instances.users ?? []).map((address) => `${address}/.well-known/jwks.json`);
  const keys = createKeySet({ urls, onProblem: (message) => log.warn(message) });
  return createIdentity({ keys, issuer: config.JWT_ISSUER, audience: config.JWT_AUDIENCE });
}
