/**
 * The work of this process on workflows, so that it can be brought to rest.
 *
 * While it rests, whoever wants to begin something waits for ever: the process is about to end, and another one
 * takes the workflow up at this point.
 */
export interface Activity {
  /** Runs `work`, unless the process is coming to rest. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Lets time pass, within `during`, without being counted as at work. */
  pause(ms: number): Promise<void>;
  /** Lets nothing begin any more, and resolves when nothing is under way, at the latest after `timeoutMs`. */
  rest(timeoutMs: number): Promise<void>;
}

export function createActivity(): Activity {
  let atWork = 0;
  let resting = false;
  let onRest: (() => void) | null = null;

  const enter = async (): Promise<void> => {
    if (resting) await new Promise<never>(() => undefined);
    atWork += 1;
  };
  const leave = (): void => {
    atWork -= 1;
    if (atWork === 0) onRest?.();
  };

  return {
    async during(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    async pause(ms) {
      leave();
      // An unanswered timer must not hold up a process that has nothing else to do.
      await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
      await enter();
    },
    async rest(timeoutMs) {
      resting = true;
      if (atWork === 0) return;
      await new Promise<void>((resolve) => {
        onRest = resolve;
        setTimeout(resolve, timeoutMs).unref();
      });
    },
  };
}
