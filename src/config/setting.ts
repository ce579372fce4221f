import { type Parser, text } from './parsers.ts';

/** One environment variable: how it is read, what holds without it, and what it means. */
export interface Setting<T> {
  readonly parse: Parser<T>;
  /** What holds where it is not set; null where something else decides. */
  readonly fallback: T;
  /** The default in words, where the value alone does not say it. */
  readonly fallbackDoc?: string;
  readonly doc: string;
  /** Never printed. */
  readonly secret?: boolean;
}

/** A setting with a default. */
export const setting = <T>(parse: Parser<T>, fallback: T, doc: string, fallbackDoc?: string): Setting<T> => ({
  parse,
  fallback,
  doc,
  ...(fallbackDoc === undefined ? {} : { fallbackDoc }),
});

/** A setting without which something else decides; `fallbackDoc` says what. */
export const optional = <T>(parse: Parser<T>, doc: string, fallbackDoc: string): Setting<T | null> =>
  setting<T | null>(parse, null, doc, fallbackDoc);

/** A text that is never printed. */
export const secret = (doc: string, fallbackDoc: string): Setting<string | null> => ({
  ...optional(text, doc, fallbackDoc),
  secret: true,
});
