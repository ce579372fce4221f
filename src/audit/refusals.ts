import type { Refusal, RefusalCount } from './audit-line.ts';

/** Counts what is refused, a minute and a code. */
export interface Refusals {
  add(refusal: Refusal): void;
  /** Tells the minute under way as it stands, and counts no more. */
  close(): void;
}

export interface RefusalsOptions {
  readonly nextId: () => string;
  /** Hears of each minute, once it is over, in which something was refused. */
  tell(count: RefusalCount): void;
  /** How long a minute is, for tests. In milliseconds. */
  readonly minuteMs?: number;
}

/** So many examples are kept of a minute. */
const maxSamples = 5;

type Sample = RefusalCount['samples'][number];

/** A flood of refusals costs a number and, with ever smaller chance, a sample: each has the same chance to be kept. */
export function createRefusals({ nextId, tell, minuteMs = 60_000 }: RefusalsOptions): Refusals {
  const counts = new Map<string, { count: number; readonly samples: Sample[] }>();
  let minute = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const tellAll = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const [code, { count, samples }] of counts) {
      tell({ id: nextId(), minute: new Date(minute).toISOString(), code, count, samples });
    }
    counts.clear();
  };

  return {
    add({ code, ...refused }) {
      if (closed) return;
      const now = Date.now();
      if (now >= minute + minuteMs) {
        tellAll();
        minute = now - (now % minuteMs);
      }
      timer ??= setTimeout(tellAll, minute + minuteMs - now).unref();
      let counted = counts.get(code);
      if (counted === undefined) {
        counted = { count: 0, samples: [] };
        counts.set(code, counted);
      }
      counted.count += 1;
      const place =
        counted.count <= maxSamples ? counted.count - 1 : Math.floor(Math.random() * counted.count);
      if (place < maxSamples) counted.samples[place] = { ...refused, at: new Date(now).toISOString() };
    },
    close() {
      closed = true;
      tellAll();
    },
  };
}
