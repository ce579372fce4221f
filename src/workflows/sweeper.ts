import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from './durable.ts';
import type { Lease } from './lease.ts';

export interface SweeperOptions {
  readonly engine: Engine;
  readonly lease: Lease;
  readonly executorId: string;
  readonly version: string;
  readonly everyMs: number;
  /** Goes along with each sweep, for whatever else wants looking after. */
  alsoSweep(): Promise<void>;
  log(level: 'info' | 'warn', message: string): void;
}

/** Looks for work of dead processes, again and again. */
export interface Sweeper {
  /** Runs that no process of this version can take up, by version. */
  stranded(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/**
 * Takes over what dead processes had.
 *
 * A process is taken for dead when its lock is free in two sweeps running: whoever restarts a connection has it
 * back by then. Runs of other versions are left to processes of those versions, and told of.
 */
export function createSweeper(options: SweeperOptions): Sweeper {
  const { engine, lease, executorId, version, everyMs, alsoSweep, log } = options;
  const stop = new AbortController();
  const stranded = new Map<string, number>();
  let suspects = new Set<string>();

  const tellStranded = (versions: ReadonlyMap<string, number>): void => {
    for (const [other, count] of versions) {
      if (stranded.get(other) === count) continue;
      log(
        'warn',
        `${count} unfinished workflows belong to version ${other} and wait for a process of it; this one is of ` +
          `${version}. They are kept until one is started.`,
      );
    }
    stranded.clear();
    for (const [other, count] of versions) stranded.set(other, count);
  };

  const sweep = async (): Promise<void> => {
    const free = new Set<string>();
    const left = new Map<string, number>();
    for (const holding of await engine.holdings()) {
      const { executorId: owner, version: other, count } = holding;
      if (owner === executorId) continue;
      if (owner === null) {
        if (other !== version) left.set(other, (left.get(other) ?? 0) + count);
        continue;
      }
      await lease.ifGone(owner, async () => {
        if (other !== version) {
          left.set(other, (left.get(other) ?? 0) + count);
          return;
        }
        free.add(owner);
        if (!suspects.has(owner)) return;
        const taken = await engine.takeOver(owner);
        if (taken > 0) log('info', `Took over ${taken} workflows of a process that is gone.`);
      });
    }
    suspects = free;
    tellStranded(left);
  };

  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        if (lease.isSettled()) {
          await sweep();
          await alsoSweep();
        } else {
          suspects = new Set();
        }
      } catch (error) {
        suspects = new Set();
        log('warn', `A look for unfinished work failed: ${String(error)}`);
      }
      await delay(everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };
  const looping = loop();

  return {
    stranded: () => new Map(stranded),
    async close() {
      stop.abort();
      await looping;
    },
  };
}
