import type { Problem as WorkflowProblem } from '../workflows/state.ts';
import type { OfferExpiredResolvers, OutOfStockResolvers, ProblemResolvers } from './generated/types.ts';

/** An expected failure, as a mutation answers it; `type` is its type in the schema. */
export type ProblemParent =
  | WorkflowProblem
  | {
      readonly type: 'InvalidCredentials';
      readonly code: string;
      readonly message: string;
      readonly path: readonly string[];
    };

/** The problem of one type, with what it refers to by raw id. */
export type ProblemOf<T extends ProblemParent['type']> = Extract<ProblemParent, { readonly type: T }>;

export const Problem: ProblemResolvers = {
  __resolveType: (problem) => problem.type,
};

export const OutOfStock: OutOfStockResolvers = {
  product: ({ productId }, _, { loaders }) => loaders.products.byId.load(productId),
};

export const OfferExpired: OfferExpiredResolvers = {
  offer: ({ flightId, passengers }, _, { loaders }) =>
    loaders.pricing.offerByFlightId.load(flightId, passengers),
};

/** No account has this address with this password; which of the two is wrong is not told. */
export function invalidCredentials(): ProblemOf<'InvalidCredentials'> {
  return {
    type: 'InvalidCredentials',
    code: 'INVALID_CREDENTIALS',
    message: 'No account has this e-mail address with this password.',
    path: [],
  };
}
