/** A workflow that has changed. */
export interface Change {
  readonly id: string;
  readonly revision: number;
}

/** Hears of changes. */
export interface ChangeHearer {
  /** A workflow has changed, here or in another process. */
  onChange(change: Change): void;
  /** Changes are heard of again, or for the first time: whatever was told before was not. */
  onBack(): void;
}

/**
 * Brings word of changes from the process that wrote one to all others. It may lose some, and nobody may rely on it
 * alone: what is watched is also read again from time to time.
 */
export interface ChangeChannel {
  /** Whether the statement that writes a change is to tell of it with `notifying`. */
  readonly notifies: boolean;
  /** Tells of a change that is written, where its statement has not. Never throws. */
  tell(change: Change): void;
  /** Begins to hear. To be called once. */
  hear(hearer: ChangeHearer): void;
  /** Whether changes are heard of now, as far as is known. */
  readonly hears: boolean;
  close(): Promise<void>;
}

/** The channel of PostgreSQL on which changes are told: `<id> <revision>`. */
export const changesChannel = 'weir_workflows';

/** What a session that listens there calls itself. */
export const listenerName = 'weir changes';

/**
 * The end of a statement whose `saved` has the `id` and `revision` of what it changed: tells of it where the parameter
 * `notifies` is true.
 */
export const notifying = (notifies: `$${number}`): string =>
  `case when ${notifies}::boolean then pg_notify('${changesChannel}', id || ' ' || revision) end`;

/** A change as it is told: `<id> <revision>`. */
export function toChange(told: string): Change {
  const [id = '', revision] = told.split(' ');
  return { id, revision: Number(revision) };
}
