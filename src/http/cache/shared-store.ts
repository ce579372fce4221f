/** Something that may be in the store that replicas share. */
export interface SharedName {
  /** Tells it from everything else; the same on every replica. */
  readonly name: string;
  /** What invalidates it. */
  readonly marks: readonly string[];
}

/** Something that was found there. */
export interface SharedValue {
  /** JSON text. */
  readonly text: string;
  /** For how long it is still there, in milliseconds. */
  readonly leftMs: number;
}

/** What a look-up found, and the right to store what it did not find. */
export interface LookUp {
  /** In the order of the names; null for what is not there or was invalidated. */
  readonly values: readonly (SharedValue | null)[];
  /** Stores values for names of this look-up. None of them can be read if its marks were raised since. */
  keep(entries: readonly SharedEntry[]): void;
}

export interface SharedEntry extends SharedName {
  readonly text: string;
  /** For how long it stays, in milliseconds: more than 0, and no more than `longestStayMs`. */
  readonly forMs: number;
}

/** Nothing stays longer, however long it may be used: what invalidates it is remembered for twice as long. */
export const longestStayMs = 60 * 60 * 1000;

/** A store that all replicas share. It may be out of reach at any time, and then nothing depends on it. */
export interface SharedStore {
  /**
   * Looks names up before what is missing is fetched. Null where the store is out of reach, or does not answer
   * within its bound.
   */
  lookUp(names: readonly SharedName[]): Promise<LookUp | null>;
}
