import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a check until it holds; its last failure is thrown after `timeoutMs`. */
export async function eventually(check: () => unknown, timeoutMs = 15_000): Promise<void> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(20);
    }
  }
}
