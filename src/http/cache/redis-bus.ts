import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Fence } from './fence.ts';
import { everything, generationKey, keyPrefix } from './redis-store.ts';

/** Brings invalidations to every replica. */
export interface Bus {
  /**
   * Whether everything that was raised here has been told: before that, what Redis has may be what was invalidated
   * here, and is not to be read.
   */
  readonly told: boolean;
  /**
   * Raises marks on every replica and in the shared store. Resolves with false where Redis could not be reached:
   * then they are raised here, and told to the others as soon as it can be.
   */
  raise(marks: readonly string[]): Promise<boolean>;
  close(): void;
}

export interface BusOptions {
  readonly fence: Fence;
  /** For commands: must not queue them while it is down, and must bound their time. */
  readonly commands: Redis;
  /** For listening alone. */
  readonly listener: Redis;
  /**
   * For how long an answer in store is trusted while invalidations cannot be heard of, in milliseconds. A silent
   * connection is noticed after as long.
   */
  readonly deafMs: number;
}

const channel = `${keyPrefix}raised`;
const message = z.array(z.string());

// More than that were not told yet: then everything is invalidated, which is less to remember.
const mostUntold = 1000;

/**
 * Builds the bus over Redis's publish/subscribe.
 *
 * While it cannot hear the others, everything in store is dropped again and again, so that what another replica
 * has invalidated is served for no longer than twice `deafMs`. Everything is dropped once more when it hears
 * again, since nobody repeats what was said meanwhile.
 */
export function createRedisBus({ fence, commands, listener, deafMs }: BusOptions): Bus {
  // Marks that were raised while they could not be told, each with the count of its last raising.
  const untold = new Map<string, number>();
  let raised = 0;
  let catchingUp = false;
  let subscribed = false;
  let hears = false;
  let heardAt = 0;

  const tell = async (marks: readonly string[]): Promise<void> => {
    const outcome = await commands
      .multi()
      .del(...marks.map(generationKey))
      .publish(channel, JSON.stringify(marks))
      .exec();
    const failed = outcome?.find(([error]) => error !== null);
    if (!outcome || failed) throw failed?.[0] ?? new Error('Redis took no invalidation');
  };

  const remember = (marks: readonly string[]): void => {
    raised += 1;
    for (const mark of marks) untold.set(mark, raised);
    if (untold.size <= mostUntold) return;
    untold.clear();
    untold.set(everything, raised);
  };

  /** Says what could not be said before. */
  const catchUp = (): void => {
    if (untold.size === 0 || catchingUp) return;
    catchingUp = true;
    const telling = [...untold];
    const end = (): void => {
      catchingUp = false;
    };
    tell(telling.map(([mark]) => mark)).then(() => {
      // One that was raised once more meanwhile is to be told once more.
      for (const [mark, count] of telling) if (untold.get(mark) === count) untold.delete(mark);
      end();
    }, end);
  };

  const raiseHere = (marks: readonly string[]): void => {
    if (marks.includes(everything)) fence.raiseAll();
    else fence.raise(marks);
  };

  const hear = (): void => {
    if (!subscribed) return;
    heardAt = Date.now();
    if (hears) return;
    hears = true;
    fence.raiseAll();
    catchUp();
  };

  const goDeaf = (): void => {
    if (hears) fence.raiseAll();
    hears = false;
  };

  const subscribe = (): void => {
    listener.subscribe(channel).then(
      () => {
        subscribed = true;
        hear();
      },
      // The connection is gone again, and comes back as `ready`; or it took too long, and the next beat asks again.
      () => undefined,
    );
  };

  listener.on('message', (from: string, text: string) => {
    if (from === channel) raiseHere(toMarks(text));
  });
  listener.on('ready', subscribe);
  listener.on('close', () => {
    subscribed = false;
    goDeaf();
  });
  if (listener.status === 'ready') subscribe();

  const beat = setInterval(() => {
    // Replies come in order: by this one, everything that was said before it has been heard.
    if (subscribed) listener.ping().then(hear, () => undefined);
    else if (listener.status === 'ready') subscribe();
    if (Date.now() - heardAt >= deafMs) goDeaf();
    if (hears) catchUp();
    else fence.raiseAll();
  }, deafMs / 2);
  beat.unref();

  return {
    get told() {
      return untold.size === 0;
    },
    async raise(marks) {
      fence.raise(marks);
      if (marks.length === 0) return true;
      try {
        // On the connection that look-ups go by: what is looked up from here on was not invalidated by this.
        await tell(marks);
        return true;
      } catch {
        remember(marks);
        return false;
      }
    },
    close: () => clearInterval(beat),
  };
}

/** What cannot be read was said by another version of us, about nobody knows what. */
function toMarks(text: string): readonly string[] {
  try {
    return message.parse(JSON.parse(text));
  } catch {
    return [everything];
  }
}
