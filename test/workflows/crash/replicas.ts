import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ReplicaOrder, ReplicaSettings, Word } from './replica.ts';

/** A process that runs workflows, as a test holds it. */
export interface Replica {
  readonly process: ChildProcess;
  readonly dead: Promise<unknown>;
  start(order: ReplicaOrder): void;
  /** Passes something on to a workflow; nothing where the process is dead. */
  say(word: Word): void;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Lets it come to rest first. */
  stop(): Promise<void>;
}

/** What is not ready by then never will be. */
const readyWithinMs = 60_000;

/** Starts a process that runs workflows; resolves when it does. Throws where it does not come to that. */
export async function startReplica(settings: ReplicaSettings): Promise<Replica> {
  const child = fork(join(import.meta.dirname, 'replica.ts'), [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const dead = once(child, 'exit');
  const late = AbortSignal.timeout(readyWithinMs);
  try {
    await Promise.race([
      once(child, 'message', { signal: late }),
      dead.then(() => {
        throw new Error('a replica ended before it was ready');
      }),
    ]);
  } catch (error) {
    child.kill('SIGKILL');
    throw late.aborted ? new Error(`a replica was not ready in ${readyWithinMs / 1000} s`) : error;
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await dead;
  };
  return {
    process: child,
    dead,
    start: (order) => void child.send(order),
    say: (word) => void (child.connected && child.send(word, () => undefined)),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
