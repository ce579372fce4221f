/** The gateway's own token. */
export interface MachineToken {
  /** The token where one is at hand, else a promise of it. */
  current(): string | Promise<string>;
  /** A backend refused this one: it is not used again. */
  forget(token: string): void;
}

export interface MachineGrant {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface MachineTokenOptions {
  /** Asks for a new token. Bounded in time by whoever gives it. */
  readonly issue: () => Promise<MachineGrant>;
  /** A token is renewed this long before its end, or in its last tenth where it lives shorter. */
  readonly renewBeforeMs?: number;
  /** After a failed renewal, while the old token still holds, the next try waits this long. */
  readonly retryAfterMs?: number;
  readonly now?: () => number;
}

/** No call should leave with a token that ends on the way. */
const MARGIN_MS = 5000;

/**
 * Keeps the gateway's own token and renews it before its end, one renewal at a time.
 *
 * While the old token holds nobody waits for the new one, and a users backend that is down for a while is not
 * noticed. Without a token that holds, all who want one wait for the same renewal and share its error.
 */
export function createMachineToken({
  issue,
  renewBeforeMs = 300_000,
  retryAfterMs = 5000,
  now = Date.now,
}: MachineTokenOptions): MachineToken {
  let held: MachineGrant | null = null;
  let renewAt = 0;
  let renewal: Promise<string> | null = null;

  const renew = (): Promise<string> => {
    renewal ??= issue().then(
      (grant) => {
        renewal = null;
        held = grant;
        const livesMs = grant.expiresAt - now();
        renewAt = grant.expiresAt - Math.max(MARGIN_MS, Math.min(renewBeforeMs, livesMs / 10));
        return grant.token;
      },
      (error: unknown) => {
        renewal = null;
        renewAt = now() + retryAfterMs;
        throw error;
      },
    );
    return renewal;
  };

  return {
    current() {
      const at = now();
      if (held === null || at >= held.expiresAt - MARGIN_MS) return renew();
      if (at >= renewAt) {
        // Nobody waits for it; whoever comes after the old token's end hears of its error.
        renew().catch(() => undefined);
      }
      return held.token;
    },
    forget(token) {
      if (held?.token === token) held = null;
    },
  };
}
