/** What the durable engine does for workflows, in our own words. */

/** What a running workflow can do durably. */
export interface Durable {
  readonly id: string;
  /**
   * Makes this process the only one whose writes to our record of the workflow count. False where another process has
   * taken the workflow over, or where there is no such record. Rejects with a `DatabaseFault`.
   */
  claim(): Promise<boolean>;
  /** Runs `body` and records what it resolves with (JSON). A recorded outcome is returned without running it. */
  run<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** The next message on a topic, or null after `timeoutMs`, which survives restarts. */
  receive(topic: string, timeoutMs: number): Promise<unknown>;
  /** Survives restarts. */
  sleep(ms: number): Promise<void>;
  /** Starts another workflow, once. */
  start(name: string, id: string): Promise<void>;
  /** Puts another workflow, once, into a queue that all workers share. */
  enqueue(queue: string, name: string, id: string): Promise<void>;
  /** Waits for the end of workflows that were started or queued. Looks every `pollMs`. */
  whenEnded(ids: readonly string[], pollMs: number): Promise<void>;
  /**
   * Whether this run began after the change of this name was made to the function; runs that began before it go
   * the old way to their end.
   */
  isPatched(change: string): Promise<boolean>;
}

/** What runs as a workflow. It is found by its name, and gets nothing but its id. */
export type DurableFunction = (durable: Durable) => Promise<void>;

/** A queue that all workers share. */
export interface QueueSettings {
  readonly name: string;
  /** How many of its workflows run at once, in all processes together and in one. */
  readonly globalConcurrency: number;
  readonly workerConcurrency: number;
}

export interface EngineOptions {
  readonly url: string;
  /** This process, for this start: nobody else may ever have the same. */
  readonly executorId: string;
  /** Only runs of the same version are taken up again. */
  readonly version: string;
  readonly functions: Readonly<Record<string, DurableFunction>>;
  readonly queues: readonly QueueSettings[];
  /** False: starts workflows, and takes none from queues. */
  readonly takesFromQueues: boolean;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

/** Unfinished work. */
export interface Holding {
  /** The process that has it, or null where it waits in a queue, and has for a minute. */
  readonly executorId: string | null;
  readonly version: string;
  readonly count: number;
}

/** A message for a workflow that the engine has not heard of: it may be written down and about to start. */
export class UnknownWorkflow extends Error {}

/** A workflow that is only written down. */
export interface Unstarted {
  readonly id: string;
  readonly name: string;
}

export interface Engine {
  /** Starts a workflow here, unless one of this id exists. */
  start(name: string, id: string): Promise<void>;
  /** Leaves a message for a workflow; a message with a key that was seen is not left again. `UnknownWorkflow` where there is none. */
  send(id: string, topic: string, message: unknown, key: string): Promise<void>;
  /** Who has unfinished work, this process included. */
  holdings(): Promise<readonly Holding[]>;
  /** Takes everything unfinished of a dead process, for any process to go on with. Answers how much it was. */
  takeOver(executorId: string): Promise<number>;
  /** Wakes whatever waits here for a message that was left without its notification having come through. */
  wakeWaiting(): Promise<void>;
  /** Whether this process still has the workflow. */
  isMine(id: string): Promise<boolean>;
  /** Workflows that our records show as open but the engine has given up: their function failed in a way it must not. */
  listBroken(limit: number): Promise<readonly string[]>;
  /** Workflows that were written down this long ago and never started: the process died in between. */
  listUnstarted(olderThanMs: number, limit: number): Promise<readonly Unstarted[]>;
  /** Ids of workflows that ended before `before`, at most `limit`. */
  endedBefore(before: Date, limit: number): Promise<readonly string[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Takes nothing up any more, and leaves everything that runs here to other processes. */
  letGo(): Promise<void>;
  /** Stops at once: what runs is left as it stands in the records. */
  close(): Promise<void>;
}
