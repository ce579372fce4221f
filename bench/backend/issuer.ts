import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const ISSUER = 'weir-bench';
export const AUDIENCE = 'weir';
/** Whose token every request of the bench carries: an administrator, so that W4 may read anybody's orders. */
export const VIEWER_ID = '1';

/** A token and the key set that proves it. */
export interface Issued {
  readonly token: string;
  /** A JWKS document, as JSON. */
  readonly keySet: string;
}

/** Makes a key pair and signs the bench's one token with it: ES256, an hour long, claims as the gateway reads them. */
export async function issueToken(): Promise<Issued> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const kid = 'bench';
  const token = await new SignJWT({ scope: 'admin', client_id: 'bench' })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(VIEWER_ID)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  const keySet = JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }],
  });
  return { token, keySet };
}
