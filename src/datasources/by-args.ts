/**
 * One value for each distinct arguments, compared by value.
 *
 * Most loaders see one set of arguments in an operation: a second one is what the map is made for.
 */
export class ByArgs<A, T> {
  private readonly make: (args: A) => T;
  private last: { readonly args: A; readonly value: T } | null = null;
  private others: Map<string, T> | null = null;

  constructor(make: (args: A) => T) {
    this.make = make;
  }

  get(args: A): T {
    if (this.last === null) {
      const value = this.make(args);
      this.last = { args, value };
      return value;
    }
    if (isSame(this.last.args, args)) return this.last.value;
    this.others ??= new Map([[nameOf(this.last.args), this.last.value]]);
    const name = nameOf(args);
    let value = this.others.get(name);
    if (value === undefined) {
      value = this.make(args);
      this.others.set(name, value);
    }
    this.last = { args, value };
    return value;
  }

  values(): Iterable<T> {
    return this.others?.values() ?? (this.last === null ? [] : [this.last.value]);
  }

  clear(): void {
    this.last = null;
    this.others = null;
  }
}

/** True only for equal arguments; where it cannot tell at a glance, `nameOf` compares them in full. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!Object.is(Reflect.get(a, name), Reflect.get(b, name))) return false;
  return true;
}

/** One text for equal arguments, whatever the order in which their properties were written. */
function nameOf(args: unknown): string {
  return args === undefined ? '' : JSON.stringify(args, sorted);
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
