import type { Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import { createCharge } from '../guard/charge.ts';
import type { Identity } from '../guard/identity.ts';
import type { Limits } from '../guard/limits.ts';
import { RateLimited, type Reservation } from '../guard/rate-limit.ts';
import type { StoredDocuments } from '../guard/stored-documents.ts';
import type { Attempted } from '../guard/throttle.ts';
import { checkBounds } from './bounds.ts';
import { createCosts } from './cost.ts';
import type { PreparedOperation } from './documents.ts';
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

/** An operation that may run, if whoever asks may. */
interface Checked {
  readonly prepared: PreparedOperation;
  readonly text: string;
  /** Whether it was asked for by its hash. */
  readonly byHash: boolean;
  /** The most REST calls that it can need. */
  readonly mostCalls: number;
  readonly budgetMs: number;
}

/**
 * Lets an operation in, or tells what its client is to hear: by a throw, or by a rejection where it had to wait. A
 * promise only where something has to be waited for (a token that is new, limits in Redis): most operations come again
 * and again, and a turn for each of them would be the larger part of their cost.
 */
export type Admission = (incoming: Incoming) => Admitted | Promise<Admitted>;

/** Every check between a decoded request and its execution, in their one order: cheap ones first, a reason a line. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { engine, stored, identity, limits, deadlineMs, production } = options;
  const { documents } = engine;
  const costs = createCosts(limits.maxUpstreamCalls);

  /** What can be checked before anybody knows who asks. */
  const check = (incoming: Incoming): Checked => {
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
    return { prepared, text, byHash, mostCalls, budgetMs: toBudgetMs(incoming.timeoutMs, deadlineMs) };
  };

  /** What depends on who asks. Last, since only what would run now is charged. */
  const charge = (
    incoming: Incoming,
    { prepared, text, byHash, mostCalls, budgetMs }: Checked,
    viewer: Viewer | null,
  ): Admitted | Promise<Admitted> => {
    if (prepared.introspects && production && !viewer?.scopes.has('explore')) {
      throw new WeirError('GRAPHQL_VALIDATION_FAILED', 'Introspection is not open to everybody here.', {
        hint: 'It takes a token with the scope "explore".',
      });
    }
    const enter = (reservation: Reservation, attempted: Attempted | null): Admitted => {
      const charge = createCharge(reservation, attempted, incoming.onRate ?? null);
      return { incoming, prepared, text, byHash, viewer, budgetMs, charge };
    };
    const reserve = (attempted: Attempted | null): Admitted | Promise<Admitted> => {
      const charged = { viewer, address: () => addressOf(incoming) };
      const reserving = limits.rateLimit.reserve(charged, mostCalls);
      return reserving instanceof Promise
        ? reserving.then((reservation) => enter(reservation, attempted))
        : enter(reserving, attempted);
    };
    const attempts = prepared.attemptsIn(incoming.params.variables);
    if (attempts.length === 0) return reserve(null);
    return limits.throttle.attempt(attempts, addressOf(incoming)).then(reserve);
  };

  const addressOf = ({ remoteAddress, forwardedFor }: Incoming): string =>
    limits.addressOf(remoteAddress, forwardedFor);

  const told = (incoming: Incoming, error: unknown): unknown => {
    if (error instanceof RateLimited) incoming.onRate?.(error.headers);
    return error;
  };

  return (incoming) => {
    try {
      const checked = check(incoming);
      // After all that needs no keys: who is refused anyway costs no signature.
      const viewer = identity.identify(incoming.authorization);
      const admitted =
        viewer instanceof Promise
          ? viewer.then((known) => charge(incoming, checked, known))
          : charge(incoming, checked, viewer);
      if (!(admitted instanceof Promise)) return admitted;
      return admitted.catch((error: unknown) => {
        throw told(incoming, error);
      });
    } catch (error) {
      throw told(incoming, error);
    }
  };
}
