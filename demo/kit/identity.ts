import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Problem } from './problem.ts';
import { idShape } from './shapes.ts';

/** Who signs the demo's tokens, and for whom. */
export const tokenIssuer = 'weir-demo';
export const tokenAudience = 'weir';

/** Who is asking, and whose things they may see. */
export interface Caller {
  readonly kind: 'anonymous' | 'user' | 'machine';
  /** The user who asks, or on whose behalf a machine asks; null for nobody in particular. */
  readonly userId: string | null;
  /** Administrators, and machines that act on nobody's behalf. */
  readonly seesAll: boolean;
}

export const anonymous: Caller = { kind: 'anonymous', userId: null, seesAll: false };

/** Whether the caller may see what belongs to this user, or, with null, to nobody. */
export function sees(caller: Caller, userId: string | null): boolean {
  return caller.seesAll || (userId !== null && caller.userId === userId);
}

/** The object if the caller may see it. Throws `not-found` for an absent and for a foreign one alike. */
export function visible<T extends { readonly userId: string | null }>(caller: Caller, object: T | null): T {
  if (object === null || !sees(caller, object.userId)) throw new Problem('not-found');
  return object;
}

/** Throws `forbidden` where a machine that acts on one user's behalf writes something for another. */
export function demandActsFor(caller: Caller, userId: string): void {
  if (sees(caller, userId)) return;
  throw new Problem('forbidden', `acts on behalf of user ${caller.userId ?? 'nobody'}, not of ${userId}`);
}

/** Tells who is asking from the two headers of a request. Throws `unauthenticated` on a bad token. */
export type Identify = (authorization: string | undefined, onBehalfOf: string | undefined) => Promise<Caller>;

const claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  scope: z.string().default(''),
});
type Claims = z.infer<typeof claims>;

/**
 * The keys behind an address, fetched when first needed and kept.
 *
 * They are kept for good, so that tokens can be checked while the users backend is away; a token with a key
 * id not seen before makes it look again.
 */
export function remoteKeys(jwksUrl: URL): JWTVerifyGetKey {
  return createRemoteJWKSet(jwksUrl, { cacheMaxAge: Number.POSITIVE_INFINITY, cooldownDuration: 1000 });
}

/**
 * Checks bearer tokens: ES256, issuer `weir-demo`, audience `weir`.
 *
 * Answers who is asking: nobody without a token, the token's user, or with the scope `machine` the user of
 * `x-on-behalf-of`. That header counts only beside a machine's token. Throws `unauthenticated` (401) for a
 * token that is not good, and `unavailable` (503) where the keys cannot be had. A verified token is remembered
 * until it ends, since checking a signature costs more than the rest of a call.
 */
export function createIdentify(keys: JWTVerifyGetKey): Identify {
  const verified = new LRUCache<string, Claims>({ max: 2000 });

  const verify = async (token: string): Promise<Claims> => {
    const known = verified.get(token);
    if (known && known.exp * 1000 > Date.now()) return known;
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['ES256'],
        issuer: tokenIssuer,
        audience: tokenAudience,
        requiredClaims: ['sub', 'exp'],
      });
      const decoded = claims.parse(payload);
      verified.set(token, decoded);
      return decoded;
    } catch (error) {
      if (isKeyTrouble(error)) {
        throw new Problem('unavailable', 'the keys that sign tokens cannot be had', {
          headers: { 'retry-after': '1' },
          cause: error,
        });
      }
      throw unauthenticated('the token is not valid');
    }
  };

  return async (authorization, onBehalfOf) => {
    if (authorization === undefined) return anonymous;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw unauthenticated('expected authorization: Bearer <token>');
    const { sub, scope } = await verify(token);
    const scopes = scope.split(' ');
    if (!scopes.includes('machine')) return { kind: 'user', userId: sub, seesAll: scopes.includes('admin') };
    if (onBehalfOf === undefined) return { kind: 'machine', userId: null, seesAll: true };
    if (!idShape.safeParse(onBehalfOf).success)
      throw new Problem('invalid-request', 'x-on-behalf-of is not an id');
    return { kind: 'machine', userId: onBehalfOf, seesAll: false };
  };
}

/** A 401 that says how to ask, as RFC 9110 wants it. */
export function unauthenticated(detail: string): Problem {
  return new Problem('unauthenticated', detail, {
    headers: { 'www-authenticate': 'Bearer realm="weir-demo"' },
  });
}

/** Whether a check failed because the keys could not be fetched, and not because of the token. */
function isKeyTrouble(error: unknown): boolean {
  if (error instanceof z.ZodError) return false;
  if (!(error instanceof errors.JOSEError)) return true;
  // The generic code is what an answer other than 200, or one that is no JSON, becomes.
  return (
    error.code === 'ERR_JOSE_GENERIC' ||
    error.code === 'ERR_JWKS_TIMEOUT' ||
    error.code === 'ERR_JWKS_INVALID'
  );
}
