import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { WeirError } from '../errors.ts';

/** What an offer's token binds. */
export interface VerifiedOffer {
  /** A raw id. */
  readonly flightId: string;
  readonly passengers: number;
  /** For all passengers, in minor units. */
  readonly price: { readonly amount: number; readonly currency: string };
}

/** Tells the pricing backend's own offers from others, by their signature. */
export interface OfferVerifier {
  /** Rejects with `UPSTREAM_UNAVAILABLE` while the backend's keys cannot be had. */
  verify(token: string): Promise<VerifiedOffer | 'expired' | 'forged'>;
}

const claims = z.object({
  flightId: z.string(),
  passengers: z.number().int().min(1),
  amount: z.number().int().min(0),
  currency: z.string(),
});

/** Verifies with the keys of the pricing backend. A token says nothing of where its key is. */
export function createOfferVerifier(keys: JWTVerifyGetKey, now: () => number = Date.now): OfferVerifier {
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ['ES256'],
          issuer: 'weir-pricing',
          audience: 'weir-offers',
          requiredClaims: ['exp'],
          currentDate: new Date(now()),
        });
        const { flightId, passengers, amount, currency } = claims.parse(payload);
        return { flightId, passengers, price: { amount, currency } };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'expired';
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return 'forged';
        throw new WeirError(
          'UPSTREAM_UNAVAILABLE',
          'Offers cannot be verified at the moment',
          { backend: 'pricing' },
          error,
        );
      }
    },
  };
}
