import { type DirectiveNode, Kind } from 'graphql';

/** One value that a variable must have for a selection to be included. */
export interface Literal {
  readonly variable: string;
  readonly value: boolean;
}

/** What must hold together. */
export type Clause = readonly Literal[];

/** When a selection is included: where all of one clause holds. Null is always. */
export type Condition = readonly Clause[] | null;

/** More conditions than this are not told apart: fewer conditions only mean that more may be waited for. */
const MAX_CONDITIONS = 32;

/** A clause with what `@skip` and `@include` add, or null where they never let the selection in. */
export function withDirectives(
  clause: Clause,
  directives: readonly DirectiveNode[] | undefined,
): Clause | null {
  let joined = clause;
  for (const directive of directives ?? []) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const value = directive.arguments?.find((one) => one.name.value === 'if')?.value;
    const wanted = name === 'include';
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return null;
    if (value?.kind !== Kind.VARIABLE) continue;
    const literal = { variable: value.name.value, value: wanted };
    if (includes(joined, { ...literal, value: !wanted })) return null;
    if (joined.length < MAX_CONDITIONS && !includes(joined, literal)) joined = [...joined, literal];
  }
  return joined;
}

/** What both clauses demand. */
export function common(a: Clause, b: Clause): Clause {
  return a.filter((literal) => includes(b, literal));
}

/** The condition that holds where one of the two does. */
export function either(condition: Condition, clause: Clause): Condition {
  if (condition === null || clause.length === 0 || condition.length === MAX_CONDITIONS) return null;
  if (condition.some((one) => clauseName(one) === clauseName(clause))) return condition;
  return [...condition, clause];
}

/** One text for equal clauses. */
export function clauseName(clause: Clause): string {
  return clause.map(({ variable, value }) => `${value ? '' : '!'}${variable}`).join('&');
}

/** Whether a condition holds with these values of its variables. */
export function holds(condition: Condition, values: ReadonlyMap<string, boolean>): boolean {
  if (condition === null) return true;
  return condition.some((clause) => clause.every(({ variable, value }) => values.get(variable) === value));
}

function includes(clause: Clause, { variable, value }: Literal): boolean {
  return clause.some((one) => one.variable === variable && one.value === value);
}
