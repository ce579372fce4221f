import { createHash, timingSafeEqual } from 'node:crypto';
import { WeirError } from '../errors.ts';
import type { GraphqlRoute } from './graphql-route.ts';

export interface SubgraphRouteOptions {
  readonly token: string;
  /** For whoever sends no token: clients. */
  readonly graphql: GraphqlRoute;
  /** For whoever sends the right one: a router. */
  readonly subgraph: GraphqlRoute;
}

const HEADER = 'x-weir-subgraph-token';

/**
 * Two schemas at one address: the subgraph's for a router that proves itself, the clients' for everybody else.
 *
 * A wrong token is refused as a whole: a router with an old one is to hear of it, and not to get the other schema.
 */
export function createSubgraphRoute({ token, graphql, subgraph }: SubgraphRouteOptions): GraphqlRoute {
  const wanted = digest(token);
  return {
    async answer(request, response, search) {
      const given = request.headers[HEADER];
      if (given === undefined) return graphql.answer(request, response, search);
      // Digests have one length, so that comparing takes one time whatever was sent.
      if (typeof given === 'string' && timingSafeEqual(digest(given), wanted)) {
        return subgraph.answer(request, response, search);
      }
      const fault = new WeirError('UNAUTHENTICATED', `The header ${HEADER} is not the one of this subgraph.`);
      graphql.refuse(request, response, fault);
    },
    refuse: graphql.refuse,
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
