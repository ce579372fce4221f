import { z } from 'zod';

/** An id as every contract writes it. */
export const idShape = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected letters, digits, _ and -');

/** An amount of money in minor units: 1250 EUR is twelve euros fifty. */
export const moneyShape = z.strictObject({
  amount: z.int().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code'),
});

export type Money = z.infer<typeof moneyShape>;
