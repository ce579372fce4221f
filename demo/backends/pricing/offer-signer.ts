import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import type { Store } from '../../kit/store.ts';
import { jsonColumn } from '../../kit/store.ts';

/** What an offer's token binds, beside who signed it for whom. */
export interface OfferClaims {
  readonly flightId: string;
  readonly passengers: number;
  /** For all passengers, in minor units. */
  readonly amount: number;
  readonly currency: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
}

export interface OfferSigner {
  /** A JWS in the compact form, ES256, issuer `weir-pricing`, audience `weir-offers`. */
  sign(claims: OfferClaims): string;
  /** The JSON Web Key Set that the tokens can be verified with. */
  readonly publicKeys: { readonly keys: readonly unknown[] };
}

const privateJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
const keyRow = z.object({ jwk: jsonColumn(privateJwk) });

/** Signs with the key in the store, so that offers outlive a restart; makes the key where there is none. */
export async function openOfferSigner(store: Store): Promise<OfferSigner> {
  const jwk = store.transaction(() => {
    const find = () => store.get(keyRow, 'SELECT jwk FROM signing_key ORDER BY position LIMIT 1')?.jwk;
    const known = find();
    if (known) return known;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const made = privateJwk.parse(privateKey.export({ format: 'jwk' }));
    store.run('INSERT INTO signing_key (jwk) VALUES (?)', JSON.stringify(made));
    return made;
  });
  const { d: _secret, ...publicJwk } = jwk;
  const kid = await calculateJwkThumbprint(publicJwk);
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const header = toBase64Url({ alg: 'ES256', typ: 'JWT', kid });

  return {
    publicKeys: { keys: [{ ...publicJwk, kid, alg: 'ES256', use: 'sig' }] },
    sign: (claims) => {
      const signed = `${header}.${toBase64Url({ iss: 'weir-pricing', aud: 'weir-offers', ...claims })}`;
      // JWS wants the two halves of the signature side by side (RFC 7518, 3.4), not their DER form.
      const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

function toBase64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
