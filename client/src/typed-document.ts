/**
 * A document whose result and variables are known to the compiler: what `graphql-codegen`'s client preset makes with
 * `documentMode: 'string'`.
 */
export interface TypedDocument<Result, Variables> {
  /** The document's text. */
  toString(): string;
  /** For the compiler alone: never there when it runs. */
  readonly __apiType?: (variables: Variables) => Result;
  /** `hash` is the document's key in the manifest of trusted documents. */
  readonly __meta__?: Readonly<Record<string, unknown>> | undefined;
}

/** The variables of a write without the key that the client makes for it. */
export type WithoutKey<Variables> = Variables extends { readonly idempotencyKey: string }
  ? Omit<Variables, 'idempotencyKey'> & { readonly idempotencyKey?: never }
  : Variables;

/** What follows the document in a call: its variables may be left out where none of them is needed. */
export type Rest<Variables, Options> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options];

/** Whether the document takes a variable of this name. Text in quotes or comments could fool it, and nothing more. */
export function takesVariable(document: TypedDocument<unknown, never>, name: string): boolean {
  return new RegExp(`\\$${name}\\s*:`).test(document.toString());
}

/** The document's key in the manifest of trusted documents, as hexadecimal SHA-256, or null where it has none. */
export function hashOf({ __meta__ }: TypedDocument<unknown, never>): string | null {
  const hash = __meta__?.hash;
  return typeof hash === 'string' ? hash.replace(/^sha256:/, '') : null;
}
