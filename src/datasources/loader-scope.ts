import type { Call } from '../call.ts';
import type { BatchSchedule } from './schedule.ts';

/** For whom an operation's loaders load, and when their batches leave. */
export interface LoaderScope {
  readonly call: Call;
  readonly schedule: BatchSchedule;
}
