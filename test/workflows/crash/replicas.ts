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

/** Starts a process that runs workflows; resolves when it does. */
export async function startReplica(settings: ReplicaSettings): Promise<Replica> {
  const child = fork(join(import.meta.dirname, 'replica.ts'), [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const dead = once(child, 'exit');
  await Promise.race([
    once(child, 'message'),
    dead.then(() => {
      throw new Error('a replica ended before it was ready');
    }),
  ]);
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
