import type { ReplicaOrder, Word } from './replica.ts';

/** A workflow to be killed at every point. */
export interface Scenario {
  readonly title: string;
  readonly name: ReplicaOrder['name'];
  /** Makes what has to be there before a run; `url` is the database. */
  begin(url: string): Promise<Beginning>;
  /** What somebody outside says, by what the workflow waits for. */
  readonly says?: ReadonlyMap<string, Omit<Word, 'workflowId'>>;
  /** How it must end. */
  readonly status: string;
  /** How many writes it makes, where that depends on its input. */
  readonly writes?: number;
  /** Its pieces go to whatever process is there: only one that is alone comes to each point. */
  readonly alone?: true;
}

/** What a run begins with. */
export interface Beginning {
  readonly input: Record<string, unknown>;
  /** Who starts it; Ada, user 1, where nobody is named. */
  readonly startedBy?: string;
}
