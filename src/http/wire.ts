import type { Exchange } from './exchange.ts';
import type { Gate } from './gate.ts';
import type { Observer } from './observe.ts';
import type { Watch } from './watch.ts';

/** What all attempts share. */
export interface Wire {
  readonly gates: readonly Gate[];
  readonly watch: Watch;
  /** Hears of every answer with its duration in milliseconds, for the estimate of what is usual. */
  readonly measured: (exchange: Exchange, durationMs: number) => void;
  /** Hears of every attempt. */
  readonly observe: Observer | null;
  /** Hears of answers that came and cannot be used, for the operator. */
  readonly onUnusable: (exchange: Exchange, why: string) => void;
}
