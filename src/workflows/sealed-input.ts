import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Sealing } from './sealing.ts';

/** An input as it is kept, and what tells it from others. */
export interface KeptInput {
  readonly input: Readonly<Record<string, unknown>>;
  /** Of everything but the secrets. */
  readonly hash: string;
}

/** Seals and opens the inputs of workflows. */
export interface InputKeeper {
  /** Replaces each secret field by a sealed one. */
  keep(id: string, input: object, secrets: readonly string[]): KeptInput;
  /** The input as it was given. */
  open(id: string, kept: unknown, secrets: readonly string[]): Readonly<Record<string, unknown>>;
  /** Whether a kept input is the same as this one, secrets included. */
  isSame(id: string, kept: KeptInput, input: object, secrets: readonly string[]): boolean;
}

const keptInput = z.record(z.string(), z.unknown());

export function createInputKeeper(sealing: Sealing): InputKeeper {
  const contextOf = (id: string, name: string): string => `${id}/${name}`;

  const open: InputKeeper['open'] = (id, kept, secrets) => {
    const input = { ...keptInput.parse(kept) };
    for (const name of secrets) {
      const value = input[name];
      if (typeof value === 'string') input[name] = sealing.open(value, contextOf(id, name));
    }
    return input;
  };

  return {
    keep(id, given, secrets) {
      const input: Record<string, unknown> = { ...given };
      const open: Record<string, unknown> = { ...given };
      for (const name of secrets) {
        const value = input[name];
        delete open[name];
        if (typeof value === 'string') input[name] = sealing.seal(value, contextOf(id, name));
      }
      return { input, hash: createHash('sha256').update(canonicalJson(open)).digest('base64url') };
    },
    open,
    isSame(id, kept, given, secrets) {
      if (this.keep(id, given, secrets).hash !== kept.hash) return false;
      const before = open(id, kept.input, secrets);
      const now: Readonly<Record<string, unknown>> = { ...given };
      return secrets.every((name) => before[name] === now[name]);
    },
  };
}

/** JSON with the names of every object in order, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
