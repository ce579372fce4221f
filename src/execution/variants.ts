import type { Endpoint } from '../backends.ts';
import type { Place } from '../datasources/schedule.ts';
import { holds } from './conditions.ts';
import type { PathStep } from './paths.ts';
import type { Position } from './positions.ts';

/** Positions whose loads leave together: of one endpoint, at one level. */
export interface Group extends Place {
  readonly endpoint: Endpoint;
  readonly level: number;
  /** The positions that must have answered before no more keys can come. */
  readonly waitsFor: readonly Position[];
}

/** What applies of a plan where the variables of `@skip` and `@include` are known. */
export interface Variant {
  /** By position: whether it can be reached at all. */
  readonly active: readonly boolean[];
  /** By slot. */
  readonly groups: readonly Group[];
  /** By position: the groups that its loads belong to, one a source. */
  readonly groupsAt: readonly (readonly Group[])[];
  /** By position: the slots of the groups that wait for it. */
  readonly dependents: readonly (readonly number[])[];
  /** By slot: the slots whose groups wait for a position of this group. */
  readonly followers: readonly (readonly number[])[];
  /** By position: whether any other waits for it. */
  readonly awaited: readonly boolean[];
  /** Whether any position waits for another. Where none does, batches leave as soon as they can. */
  readonly holds: boolean;
}

/** Beyond this many, one variant with every position stands for the rest: it waits longer, never wrongly. */
const MAX_VARIANTS = 32;

/**
 * Makes the memory of a plan's variants, one a combination of the boolean variables that decide what is
 * included. `defaults` are those variables' default values.
 */
export function createVariants(
  positions: readonly Position[],
  defaults: ReadonlyMap<string, boolean>,
): (variables: Readonly<Record<string, unknown>>) => Variant {
  const deciding = [...new Set(positions.flatMap(({ step }) => variablesOf(step)))];
  const variants = new Map<string, Variant>();
  const whole = (): Variant => variantOf(positions, () => true);
  if (deciding.length === 0) {
    const only = whole();
    return () => only;
  }
  return (variables) => {
    const values = new Map<string, boolean>();
    let name = '';
    for (const variable of deciding) {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : defaults.get(variable);
      values.set(variable, value === true);
      name += value === true ? '1' : '0';
    }
    let variant = variants.get(name);
    if (variant === undefined) {
      if (variants.size >= MAX_VARIANTS) {
        name = 'whole';
        variant = variants.get(name) ?? whole();
      } else {
        variant = variantOf(positions, ({ step }) => isIncluded(step, values));
      }
      variants.set(name, variant);
    }
    return variant;
  };
}

function variablesOf(step: PathStep): string[] {
  const found: string[] = [];
  for (let at: PathStep | null = step; at; at = at.parent) {
    for (const clause of at.condition ?? []) found.push(...clause.map(({ variable }) => variable));
  }
  return found;
}

function isIncluded(step: PathStep, values: ReadonlyMap<string, boolean>): boolean {
  for (let at: PathStep | null = step; at; at = at.parent) if (!holds(at.condition, values)) return false;
  return true;
}

interface MutableGroup extends Group {
  readonly waitsFor: Position[];
}

function variantOf(positions: readonly Position[], isActive: (position: Position) => boolean): Variant {
  const active = positions.map(isActive);
  const groups = new Map<string, MutableGroup>();
  const groupsAt: Group[][] = positions.map(() => []);
  const dependents: number[][] = positions.map(() => []);
  for (const position of positions) {
    if (!active[position.index]) continue;
    for (const endpoint of position.sources) {
      const name = `${position.level} ${endpoint.id}`;
      let group = groups.get(name);
      if (group === undefined) {
        const { level, order } = position;
        group = { slot: groups.size, order, endpoint, level, waitsFor: [] };
        groups.set(name, group);
      }
      groupsAt[position.index]?.push(group);
      for (const above of position.waitsFor) {
        const waiting = dependents[above.index];
        if (waiting === undefined || waiting.includes(group.slot)) continue;
        waiting.push(group.slot);
        group.waitsFor.push(above);
      }
    }
  }
  const awaited = positions.map(() => false);
  for (const { index, waitsFor } of positions) {
    if (active[index]) for (const above of waitsFor) awaited[above.index] = true;
  }
  const followers = [...groups.values()].map(() => new Set<number>());
  for (const { index } of positions) {
    for (const { slot } of groupsAt[index] ?? []) {
      for (const follower of dependents[index] ?? []) followers[slot]?.add(follower);
    }
  }
  return {
    active,
    groups: [...groups.values()],
    groupsAt,
    dependents,
    followers: followers.map((slots) => [...slots]),
    awaited,
    holds: awaited.includes(true),
  };
}
