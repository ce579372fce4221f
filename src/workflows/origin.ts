import { z } from 'zod';
import type { Call } from '../call.ts';

/** Where a workflow comes from: who is billed for its calls, and the trace that they belong to. */
export interface Origin {
  /** The `client_id` of the token that it was started with, or null. */
  readonly clientId: string | null;
  /** W3C trace context of the operation that started it, or null. */
  readonly traceparent: string | null;
}

/** The origin of what nobody's operation has started. */
export const noOrigin: Origin = { clientId: null, traceparent: null };

/** The origin of what is started by the operation of this call. */
export function originOf({ account, traceparent }: Call): Origin {
  return { clientId: account?.clientId ?? null, traceparent };
}

/** An origin as it is kept. Null for workflows of before origins were. */
export const originRow = z
  .object({ clientId: z.string().nullable(), traceparent: z.string().nullable() })
  .nullable();
