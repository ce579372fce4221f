import { WeirError } from '../errors.ts';
import { createCharge } from '../guard/charge.ts';
import type { Identity } from '../guard/identity.ts';
import type { Limits } from '../guard/limits.ts';
import { RateLimited } from '../guard/rate-limit.ts';
import type { StoredDocuments } from '../guard/stored-documents.ts';
import { checkBounds } from './bounds.ts';
import { createCosts } from './cost.ts';
import type { Engine } from './engine.ts';
import type { Admitted, Incoming } from './operation.ts';
import { toBudgetMs } from './params.ts';

export interface AdmissionOptions {
  readonly engine: Engine;
  /** The documents that may be asked for by a hash. */
  readonly stored: StoredDocuments;
  readonly identity: Identity;
  readonly limits: Limits;
  readonly deadlineMs: number;
  readonly production: boolean;
}

/** Lets an operation in, or throws what its client is to be told. */
export type Admission = (incoming: Incoming) => Promise<Admitted>;

/** Every check between a decoded request and its execution, in their one order: cheap ones first, a reason a line. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { engine, stored, identity, limits, deadlineMs, production } = options;
  const { documents } = engine;
  const costs = createCosts(limits.maxUpstreamCalls);

  const admit = async (incoming: Incoming): Promise<Admitted> => {
    const { params } = incoming;
    const { variables } = params;
    // Before anything looks at all of the text.
    if (params.query !== null) documents.checkSize(params.query, params.operationName);
    // Before parsing: what may not run is not worth that.
    const { text, byHash, toKeep } = stored.find(params);
    // Shape, parsing, validation, in the order of what they cost.
    const prepared = documents.prepare(text, params.operationName);
    // Only what is valid is remembered.
    if (toKeep !== null) stored.keep(toKeep, text);
    if (incoming.readOnly && prepared.operation.operation !== 'query') {
      throw new WeirError('METHOD_NOT_ALLOWED', 'GET can only read.', { hint: 'Send mutations with POST.' });
    }
    // Before the cost, which multiplies what these bound.
    checkBounds(prepared.bounds, variables);
    const mostCalls = costs.check(prepared.runnableFor(variables), variables);
    const budgetMs = toBudgetMs(incoming.timeoutMs, deadlineMs);
    // After all that needs no keys: who is refused anyway costs no signature.
    const viewer = await identity.identify(incoming.authorization);
    if (prepared.introspects && production && !viewer?.scopes.has('explore')) {
      throw new WeirError('GRAPHQL_VALIDATION_FAILED', 'Introspection is not open to everybody here.', {
        hint: 'It takes a token with the scope "explore".',
      });
    }
    // Last, since only what would run now is charged.
    const address = limits.addressOf(incoming.remoteAddress, incoming.forwardedFor);
    const attempted = await limits.throttle.attempt(prepared.attemptsIn(variables), address);
    const reserving = limits.rateLimit.reserve({ viewer, address }, mostCalls);
    const reservation = reserving instanceof Promise ? await reserving : reserving;
    const charge = createCharge(reservation, attempted, incoming.onRate ?? null);
    return { incoming, prepared, text, byHash, viewer, budgetMs, charge };
  };

  return async (incoming) => {
    try {
      return await admit(incoming);
    } catch (error) {
      if (error instanceof RateLimited) incoming.onRate?.(error.headers);
      throw error;
    }
  };
}
