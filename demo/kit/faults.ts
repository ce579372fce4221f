import { z } from 'zod';

/**
 * The ways in which a call can be spoiled.
 *
 * Before anything was done: `hang` never answers, `reset` tears the connection down, `html`, `empty`, `garbage`
 * and `wrong-shape` answer something else. After it was done: `truncate` promises the whole answer and sends
 * half, `slow-body` sends it a byte at a time, `after-acting` sends nothing and drops the connection.
 */
export const faultModes = [
  'hang',
  'reset',
  'truncate',
  'garbage',
  'html',
  'empty',
  'wrong-shape',
  'slow-body',
  'after-acting',
] as const;

export type FaultMode = (typeof faultModes)[number];

const tenMinutes = 600_000;

/** The body of `PUT /_demo/faults`. */
export const faultsSchema = z
  .strictObject({
    /** How long a call takes, in place of the usual time. */
    latencyMs: z.number().min(0).max(tenMinutes).optional(),
    /** Up to so much more, evenly spread. */
    jitterMs: z.number().min(0).max(tenMinutes).optional(),
    /** The share of calls that are spoiled, 0 to 1: by `mode`, or else by answering `status`. 1 where left out. */
    errorRate: z.number().min(0).max(1).optional(),
    /** The status of spoiled calls: 503 without a mode, 200 with one that makes up its answer. */
    status: z.int().min(200).max(599).optional(),
    mode: z.enum(faultModes).optional(),
    /** Sent as `Retry-After` with the status, in seconds. */
    retryAfter: z.int().min(0).max(3600).optional(),
  })
  .refine(({ mode, status }) => mode !== undefined || status === undefined || status >= 400, {
    path: ['status'],
    message: 'expected 400 to 599 where no mode is given',
  });

export type FaultSettings = z.infer<typeof faultsSchema>;

/** How one call is to be spoiled. */
export interface Spoil {
  /** Null: only by the status. */
  readonly mode: FaultMode | null;
  readonly status: number;
  readonly retryAfter: number | null;
}

/** What becomes of one call. */
export interface CallFate {
  readonly delayMs: number;
  readonly spoil: Spoil | null;
}

export interface Faults {
  set(settings: FaultSettings): void;
  get(): FaultSettings;
  clear(): void;
  /** Draws what becomes of a call that usually takes `usualMs`. */
  fateOf(usualMs: number): CallFate;
}

/** Holds the faults of one backend. They are gone after a restart. */
export function createFaults(): Faults {
  let settings: FaultSettings = {};
  return {
    set: (next) => {
      settings = next;
    },
    get: () => settings,
    clear: () => {
      settings = {};
    },
    fateOf: (usualMs) => ({
      delayMs: (settings.latencyMs ?? usualMs) + Math.random() * (settings.jitterMs ?? 0),
      spoil: spoilOf(settings),
    }),
  };
}

function spoilOf({ mode, status, errorRate, retryAfter }: FaultSettings): Spoil | null {
  if (mode === undefined && status === undefined && errorRate === undefined) return null;
  if (Math.random() >= (errorRate ?? 1)) return null;
  return {
    mode: mode ?? null,
    status: status ?? (mode === undefined ? 503 : 200),
    retryAfter: retryAfter ?? null,
  };
}
