import { toLabel } from '../log.ts';
import type { Records } from '../records/open-records.ts';
import { createAccountNames } from './account-names.ts';
import type { AuditLine, Refusal, RefusalCount } from './audit-line.ts';
import { type AuditPage, type AuditStore, auditUnavailable, createAuditStore } from './audit-store.ts';
import { createLineQuota } from './line-quota.ts';
import { createRefusals } from './refusals.ts';
import { createTimeOrderedIds } from './time-ordered-ids.ts';
import { createWriteQueue } from './write-queue.ts';

export interface AuditLogOptions {
  readonly records: Records;
  /** This process among those that write to the same log. */
  readonly replica: string;
  /** The keys of the process; the first makes the hashes of accounts. Throws where they cannot be had for now. */
  keys(): readonly Buffer[];
  log(level: 'warn' | 'error', message: string): void;
  /** In place of the usual numbers, for tests. */
  readonly maxWaiting?: number;
}

/** How much has been written, waits, and was dropped since the start. */
export interface AuditState {
  readonly waiting: number;
  readonly written: number;
  readonly dropped: number;
}

/** A mutation that has ended. */
export interface Done extends Omit<AuditLine, 'id' | 'at'> {
  /** What stands for the account that it tried to open and could not; null elsewhere. */
  readonly account: string | null;
}

/** Who did what, as administrators ask for it. */
export interface AuditReader {
  /** Throws `WORKFLOWS_UNAVAILABLE` while the database is away, `BAD_USER_INPUT` for a cursor that is none. */
  page(first: number, after: string | null): Promise<AuditPage>;
}

/** Who did what. Nothing of it makes a request wait. */
export interface AuditLog extends AuditReader {
  record(done: Done): void;
  /** Something was not done because of a rule. */
  refused(refusal: Refusal): void;
  /** What stands for the account of an e-mail address that could not be opened; null where there is none. */
  accountOf(address: string | null): string | null;
  state(): AuditState;
  /** Writes what waits, for a moment at most. */
  close(): Promise<void>;
}

/** Of lines that tell of no success, so many are kept a minute: of one kind, and in all. The rest are counted. */
const failures = { ofOneKind: 60, inAll: 1_000 };
const closingMs = 2_000;

/** The log in PostgreSQL. What happens before the database is there, or while it is away, waits in memory. */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const { records, replica, keys, log, maxWaiting = 50_000 } = options;
  const nextId = createTimeOrderedIds();
  const accountOf = createAccountNames(keys);
  const isWithin = createLineQuota(failures);
  let store: AuditStore | null = null;
  const onFailure = (error: unknown): void =>
    log('warn', `The audit log cannot be written for now, and waits in memory. ${String(error)}`);

  // A line weighs as much as it has objects, since these make its size.
  const weightOf = ({ subjects }: AuditLine): number => 1 + subjects.length;
  const lines = createWriteQueue<AuditLine>({ maxWeight: maxWaiting, weightOf, onFailure });
  const counts = createWriteQueue<RefusalCount>({ maxWeight: 2_000, weightOf: () => 1, onFailure });
  const refusals = createRefusals({ nextId, tell: counts.push });

  records.whenReady((url) => {
    const opened = createAuditStore(url);
    store = opened;
    lines.provide(opened.write);
    counts.provide((batch) => opened.writeRefusals(batch, replica));
    opened.actsAsWriter().then(
      (asWriter) => {
        if (!asWriter) log('warn', withoutRole);
      },
      () => undefined,
    );
  });

  const refused = (refusal: Refusal): void => {
    const { clientId, operation, ...plain } = refusal;
    refusals.add({
      ...plain,
      clientId: clientId === null ? null : toLabel(clientId),
      operation: operation === null ? null : toLabel(operation),
    });
  };

  return {
    record({ account, ...done }) {
      const { actor, outcome, action, requestId, clientId, subjects } = done;
      if (!successes.has(outcome) && !isWithin(`${outcome} ${actor ?? account}`)) {
        refused({ code: 'LEFT_OUT', requestId, viewer: actor, clientId, operation: `${action}: ${outcome}` });
        return;
      }
      lines.push({
        ...done,
        id: nextId(),
        at: new Date().toISOString(),
        clientId: clientId === null ? null : toLabel(clientId),
        subjects: account === null ? subjects : [account, ...subjects],
      });
    },
    refused,
    accountOf,
    async page(first, after) {
      if (store === null) throw auditUnavailable(null);
      return store.page(first, after);
    },
    state: () => {
      const [own, others] = [lines.state(), counts.state()];
      return {
        waiting: own.waiting + others.waiting,
        written: own.written + others.written,
        dropped: own.dropped + others.dropped,
      };
    },
    async close() {
      refusals.close();
      const before = lines.state().dropped + counts.state().dropped;
      await Promise.all([lines.close(closingMs), counts.close(closingMs)]);
      const lost = lines.state().dropped + counts.state().dropped - before;
      if (lost > 0) log('error', `${lost} lines of the audit log could not be written before the end.`);
      await store?.close();
    },
  };
}

/** Where there is no database, nobody knows. */
export const noAudit: AuditReader = {
  async page() {
    throw auditUnavailable(null);
  },
};

const successes: ReadonlySet<string> = new Set(['SUCCEEDED', 'RUNNING', 'WAITING']);

const withoutRole =
  'The audit log is written with the privileges of DATABASE_URL, since its role may not make others. ' +
  'docs/audit.md says what an administrator of the database can do about it.';
