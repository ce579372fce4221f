import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../test-database.ts';

/** A workflow as its record tells it; LOST where there is none. */
export interface Ending {
  readonly status: string;
  /** What its steps last met, for whoever wants to know why it goes no further. */
  readonly errors: readonly string[];
}

interface Row {
  readonly status: string;
  readonly waiting_for: string | null;
  readonly finished_at: Date | null;
  readonly steps: readonly { readonly name: string; readonly error: string | null }[];
}

/** Resolves when a workflow has ended, or with how it stands when it is `late`; tells what it waits for meanwhile. */
export async function whenEnded(
  url: string,
  id: string,
  late: AbortSignal,
  onWaiting: (waitingFor: string) => void,
): Promise<Ending> {
  for (;;) {
    const [row] = (await ask(
      url,
      'select status, waiting_for, finished_at, steps from weir.workflows where id = $1',
      [id],
    )) as Row[];
    if (row?.finished_at || late.aborted) {
      const steps = row?.steps ?? [];
      const errors = steps.flatMap(({ name, error }) => (error === null ? [] : [`${name}: ${error}`]));
      return { status: row?.status ?? 'LOST', errors };
    }
    if (row?.waiting_for) onWaiting(row.waiting_for);
    await delay(100);
  }
}

/**
 * Resolves when what a workflow started is done as well, or is `late`: with what is not. An order's way to its
 * customer takes weeks: it is done here when it waits for the warehouse.
 */
export async function whenFollowed(url: string, id: string, late: AbortSignal): Promise<readonly string[]> {
  for (;;) {
    const open = (await ask(
      url,
      `select workflow_uuid as id from dbos.workflow_status
       where workflow_uuid like $1 || '%' and status not in ('SUCCESS', 'ERROR')
       union all
       select next.id from weir.workflows w join weir.workflows next on next.id = 'fulfil-' || w.subject_id
       where w.id = $1 and w.name = 'placeOrder' and next.finished_at is null and next.status <> 'WAITING'`,
      [id],
    )) as { id: string }[];
    if (open.length === 0 || late.aborted) return open.map((one) => one.id);
    await delay(50);
  }
}
