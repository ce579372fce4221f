import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import { type KeySet, KeysUnavailable } from './key-set.ts';

/** A verified token is believed this long without another look, in milliseconds. */
const REMEMBERED_MS = 30_000;
const MAX_TOKEN_LENGTH = 8 * 1024;

const claimsShape = z.object({
  sub: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  exp: z.number(),
  scope: z.string().max(1000).optional(),
  client_id: z.string().max(200).optional(),
});

export interface Identity {
  /**
   * Who sent this `authorization` header.
   *
   * Null without a header. `UNAUTHENTICATED` for anything but a good token, always in the same words, and
   * `UPSTREAM_UNAVAILABLE` while no key has ever been read: both by a rejection. At once where the header is
   * remembered, or where there is none: nobody should wait for what is known.
   */
  identify(authorization: string | undefined): Viewer | null | Promise<Viewer>;
}

export interface IdentityOptions {
  readonly keys: KeySet;
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

interface Remembered {
  readonly viewer: Viewer;
  readonly until: number;
  readonly generation: number;
}

const refused = (): WeirError =>
  new WeirError('UNAUTHENTICATED', 'The access token is not valid.', {
    hint: 'Sign in again, and send the token as `authorization: Bearer <token>`.',
  });

/** Verifies viewers' tokens here, against the issuer's public keys; no call a request. */
export function createIdentity({ keys, issuer, audience, now = Date.now }: IdentityOptions): Identity {
  /** By the whole header: to take it apart would cost more than to look it up. */
  const remembered = new LRUCache<string, Remembered>({ max: 10_000 });

  const verify = async (token: string): Promise<Viewer> => {
    try {
      const { payload } = await jwtVerify(token, keys.get, {
        algorithms: ['ES256', 'RS256', 'EdDSA'],
        issuer,
        audience,
        currentDate: new Date(now()),
        clockTolerance: 0,
      });
      const claims = claimsShape.parse(payload);
      return {
        id: claims.sub,
        scopes: new Set((claims.scope ?? '').split(' ').filter((scope) => scope !== '')),
        clientId: claims.client_id ?? null,
        token,
        expiresAt: claims.exp * 1000,
      };
    } catch (error) {
      if (error instanceof KeysUnavailable) {
        throw new WeirError(
          'UPSTREAM_UNAVAILABLE',
          'Nobody can be signed in at the moment.',
          { backend: 'users' },
          error,
        );
      }
      throw refused();
    }
  };

  const look = async (authorization: string): Promise<Viewer> => {
    const [scheme = '', token = '', more] = authorization.trim().split(/ +/, 3);
    if (
      scheme.toLowerCase() !== 'bearer' ||
      token === '' ||
      more !== undefined ||
      token.length > MAX_TOKEN_LENGTH
    ) {
      throw refused();
    }
    await keys.refresh();
    const known = recall(authorization);
    if (known) return known;
    const viewer = await verify(token);
    // A machine's token opens backends; it is nobody's way in here.
    if (viewer.scopes.has('machine')) throw refused();
    remembered.set(authorization, {
      viewer,
      until: Math.min(viewer.expiresAt, now() + REMEMBERED_MS),
      generation: keys.generation,
    });
    return viewer;
  };

  const recall = (authorization: string): Viewer | null => {
    const hit = remembered.get(authorization);
    return hit && hit.until > now() && hit.generation === keys.generation ? hit.viewer : null;
  };

  return {
    identify(authorization) {
      if (authorization === undefined) return null;
      return (keys.areFresh() ? recall(authorization) : null) ?? look(authorization);
    },
  };
}
