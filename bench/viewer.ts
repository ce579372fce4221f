import { createRemoteJWKSet, jwtVerify } from 'jose';
import { AUDIENCE, ISSUER } from './backend/issuer.ts';

/** Finds out whose token an `authorization` header carries; the user's id, or null without a header. */
export type ViewerOf = (authorization: string | undefined) => Promise<string | null> | string | null;

/**
 * Verifies tokens for L and for the peers by the gateway's rules, and remembers the good ones for as long as they
 * last: no more work than anybody needs to do. Rejects for a bad token.
 */
export function createViewerOf(backendUrl: string): ViewerOf {
  const keys = createRemoteJWKSet(new URL(`${backendUrl}/.well-known/jwks.json`));
  const known = new Map<string, { readonly id: string; readonly until: number }>();
  const verify = async (authorization: string): Promise<string> => {
    const { payload } = await jwtVerify(authorization.replace(/^Bearer /, ''), keys, {
      algorithms: ['ES256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp'],
    });
    const viewer = { id: payload.sub ?? '', until: (payload.exp ?? 0) * 1000 };
    known.set(authorization, viewer);
    return viewer.id;
  };
  return (authorization) => {
    if (authorization === undefined) return null;
    const viewer = known.get(authorization);
    return viewer !== undefined && viewer.until > Date.now() ? viewer.id : verify(authorization);
  };
}
