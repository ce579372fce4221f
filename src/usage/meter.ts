import type { Account, Call, CallRecord } from '../call.ts';
import { toLabel } from '../log.ts';
import { type Count, Tally } from './tally.ts';

/** What is counted of an operation that has ended, or was refused. */
export interface OperationFacts extends Account {
  /** Null where it was refused before anybody knew what it is: then its name is anything a stranger wrote. */
  readonly kind: string | null;
  readonly durationMs: number;
  readonly outcome: string;
}

/** Counts who uses what. Each method is called on the way of a request, and allocates nothing for a known key. */
export interface Meter {
  /** An operation has ended, or was refused. */
  operation(facts: OperationFacts): void;
  /** An attempt at a REST call has ended, whoever it was for; `sent` where it went over the wire. */
  attempt(record: CallRecord, call: Call, sent: boolean): void;
  /** An operation has got an answer: one that a cache knew was asked for, and not called for. */
  answer(record: CallRecord, account: Account): void;
  /** What was counted since the last time. */
  take(): Count[];
}

/** Stand in place of names; no operation can be called so. */
const REFUSED = '(refused)';
const OTHER = '(other)';
/** The client of calls that no operation asked for, such as for the gateway's own token. */
const GATEWAY = '(gateway)';

/**
 * How many names are told apart at once. Strangers choose names of operations, so that each client has room for its
 * own; what comes beyond is counted, as `(other)`.
 */
const MAX_CLIENTS = 200;
const MAX_OPERATIONS_A_CLIENT = 100;
const MAX_OPERATIONS = 2_000;
/** A name that was not used for so many takings makes room for another. */
const IDLE_TAKINGS = 240;

const nobody: Account = { clientId: GATEWAY, operation: null };

/** A client's id at its full length, since it is billed; without what a database or a terminal does not take. */
const toPlain = (clientId: string): string => clientId.replaceAll(/\p{C}/gu, '?');

/** The counts of one operation of one client. */
class Ledger {
  readonly client: string;
  readonly operation: string;
  readonly own: Tally;
  readonly #backends = new Map<string, Map<string, Tally>>();
  /** In which taking it was last used. */
  usedIn = 0;

  constructor(client: string, operation: string) {
    this.client = client;
    this.operation = operation;
    this.own = new Tally({ client, operation, backend: '', route: '' });
  }

  routeOf(backend: string, route: string): Tally {
    let routes = this.#backends.get(backend);
    if (routes === undefined) {
      routes = new Map();
      this.#backends.set(backend, routes);
    }
    let tally = routes.get(route);
    if (tally === undefined) {
      const { client, operation } = this;
      tally = new Tally({ client, operation, backend, route });
      routes.set(route, tally);
    }
    return tally;
  }
}

/** Makes a meter. What it keeps is bounded, whatever names come. */
export function createMeter(): Meter {
  const clients = new Map<string | null, Map<string | null, Ledger>>();
  let operations = 0;
  let taking = 0;
  let listed: Tally[] = [];

  const ledgerOf = (clientId: string | null, operation: string | null): Ledger => {
    let ledgers = clients.get(clientId);
    if (ledgers === undefined) {
      if (clients.size >= MAX_CLIENTS && clientId !== OTHER) return ledgerOf(OTHER, OTHER);
      ledgers = new Map();
      clients.set(clientId, ledgers);
    }
    let ledger = ledgers.get(operation);
    if (ledger === undefined) {
      const isFull = ledgers.size >= MAX_OPERATIONS_A_CLIENT || operations >= MAX_OPERATIONS;
      if (isFull && operation !== OTHER) return ledgerOf(clientId, OTHER);
      ledger = new Ledger(toPlain(clientId ?? ''), toLabel(operation ?? ''));
      ledgers.set(operation, ledger);
      operations += 1;
    }
    ledger.usedIn = taking;
    return ledger;
  };

  const list = (tally: Tally): Tally => {
    if (!tally.listed) {
      tally.listed = true;
      listed.push(tally);
    }
    return tally;
  };

  const charge = (
    { clientId, operation }: Account,
    record: CallRecord,
    sent: boolean,
    share: number,
  ): void => {
    const { backend, route, attempt, error, bytes, startedAt, endedAt } = record;
    const tally = list(ledgerOf(clientId, operation).routeOf(backend, route));
    // Each of those who share it has asked; a repeat was asked for by nobody.
    if (attempt === 1) tally.requests += 1;
    if (error !== null) tally.errors += share;
    if (!sent) return;
    tally.calls += share;
    tally.bytes += bytes * share;
    tally.took(endedAt - startedAt, share);
  };

  /** Forgets names that are not in use, so that there is room for those that are. */
  const forgetIdle = (): void => {
    for (const [client, ledgers] of clients) {
      for (const [operation, { usedIn }] of ledgers) {
        if (taking - usedIn <= IDLE_TAKINGS) continue;
        ledgers.delete(operation);
        operations -= 1;
      }
      if (ledgers.size === 0) clients.delete(client);
    }
  };

  return {
    operation({ clientId, operation, kind, durationMs, outcome }) {
      const tally = list((kind === null ? ledgerOf(clientId, REFUSED) : ledgerOf(clientId, operation)).own);
      tally.requests += 1;
      if (outcome !== 'ok') tally.errors += 1;
      // A subscription lasts as long as its client listens, which says nothing of us.
      if (kind !== 'subscription') tally.took(durationMs, 1);
    },
    attempt(record, call, sent) {
      const sharers = call.sharedBy?.() ?? null;
      if (sharers === null || sharers.length < 2) charge(call.account ?? nobody, record, sent, 1);
      else for (const account of sharers) charge(account ?? nobody, record, sent, 1 / sharers.length);
    },
    answer({ source, backend, route }, { clientId, operation }) {
      if (source !== 'cache' && source !== 'stale') return;
      list(ledgerOf(clientId, operation).routeOf(backend, route)).requests += 1;
    },
    take() {
      const counts = listed.map((tally) => {
        tally.listed = false;
        return tally.take();
      });
      listed = [];
      taking += 1;
      if (taking % IDLE_TAKINGS === 0) forgetIdle();
      return counts;
    },
  };
}
