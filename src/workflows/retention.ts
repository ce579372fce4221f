import type { Engine } from './durable.ts';
import type { WorkflowStore } from './store.ts';

/** So many at a time, so that no statement takes long. */
const pageSize = 500;

/**
 * Removes what ended more than `keepMs` ago, from the engine and from our records, a page at a time.
 *
 * With a workflow goes the memory of its idempotency key: `keepMs` must be longer than clients repeat a request.
 */
export async function removeOld(
  engine: Pick<Engine, 'endedBefore' | 'remove'>,
  store: Pick<WorkflowStore, 'remove'>,
  keepMs: number,
): Promise<void> {
  for (;;) {
    const ids = await engine.endedBefore(new Date(Date.now() - keepMs), pageSize);
    if (ids.length === 0) return;
    await store.remove(ids);
    await engine.remove(ids);
    if (ids.length < pageSize) return;
  }
}
