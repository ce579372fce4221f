import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose';
import { z } from 'zod';
import { tokenAudience, tokenIssuer } from '../../kit/identity.ts';
import { jsonColumn, type Store } from '../../kit/store.ts';

/** Part of the users store's schema. */
export const signingKeySchema = `
  CREATE TABLE signing_key (kid TEXT PRIMARY KEY, private_jwk TEXT NOT NULL, public_jwk TEXT NOT NULL) STRICT;
`;

const algorithm = 'ES256';
const lifetimeMs = 3_600_000;

const jwk = z.object({ kty: z.string(), crv: z.string(), x: z.string(), y: z.string() });
const keyRow = z.object({
  kid: z.string(),
  private_jwk: jsonColumn(jwk.extend({ d: z.string() })),
  public_jwk: jsonColumn(jwk),
});

/** A token and when it ends. */
export interface IssuedToken {
  readonly accessToken: string;
  /** RFC 3339, in UTC. */
  readonly expiresAt: string;
}

export interface SigningKey {
  /** The public half, as `/.well-known/jwks.json` shows it. */
  readonly keySet: { readonly keys: JWK[] };
  /** The public half, for checking tokens here. */
  readonly tokenKeys: ReturnType<typeof createLocalJWKSet>;
  /** Signs a token that holds for an hour. */
  issue(claims: {
    readonly subject: string;
    readonly scope: string;
    readonly clientId: string;
  }): Promise<IssuedToken>;
}

/** The key pair of this store, made when there is none yet: tokens outlive a restart. */
export async function openSigningKey(store: Store): Promise<SigningKey> {
  const { kid, private_jwk, public_jwk } = readKey(store) ?? (await makeKey(store));
  const privateKey = await importJWK(private_jwk, algorithm);
  const keySet = { keys: [{ ...public_jwk, kid, alg: algorithm, use: 'sig' }] };
  return {
    keySet,
    tokenKeys: createLocalJWKSet(keySet),
    issue: async ({ subject, scope, clientId }) => {
      // Tokens count in whole seconds.
      const expiresAt = Math.floor((Date.now() + lifetimeMs) / 1000);
      const accessToken = await new SignJWT({ scope, client_id: clientId })
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
        .setIssuer(tokenIssuer)
        .setAudience(tokenAudience)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(privateKey);
      return { accessToken, expiresAt: new Date(expiresAt * 1000).toISOString() };
    },
  };
}

function readKey(store: Store): z.infer<typeof keyRow> | null {
  return store.get(keyRow, 'SELECT * FROM signing_key LIMIT 1');
}

async function makeKey(store: Store): Promise<z.infer<typeof keyRow>> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  const [privateJwk, publicJwk] = await Promise.all([exportJWK(pair.privateKey), exportJWK(pair.publicKey)]);
  const kid = await calculateJwkThumbprint(publicJwk);
  return store.transaction(() => {
    // Another process on the same store may have been first.
    if (readKey(store) === null) {
      store.run(
        'INSERT INTO signing_key (kid, private_jwk, public_jwk) VALUES (?, ?, ?)',
        kid,
        JSON.stringify(privateJwk),
        JSON.stringify(publicJwk),
      );
    }
    const key = readKey(store);
    if (key === null) throw new Error('the signing key was not kept');
    return key;
  });
}
