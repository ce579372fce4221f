import type { Endpoint } from '../../backends.ts';

/** The URL of a bulk read, taken apart at its keys. */
export interface BulkUrl {
  /** `/products?ids=` */
  readonly before: string;
  /** As they were asked for. */
  readonly keys: readonly string[];
  /** `&currency=EUR`, or nothing. */
  readonly after: string;
}

const plain = /^[A-Za-z0-9_-]+$/;

/** Takes the URL of a bulk read apart, or returns null where it has no keys. */
export function parseBulkUrl({ bulk }: Endpoint, url: string): BulkUrl | null {
  if (!bulk) return null;
  let at = url.indexOf(`?${bulk.param}=`);
  if (at < 0) at = url.indexOf(`&${bulk.param}=`);
  if (at < 0) return null;
  const from = at + bulk.param.length + 2;
  const next = url.indexOf('&', from);
  const to = next < 0 ? url.length : next;
  const list = url.slice(from, to);
  if (list === '') return null;
  const asked = list.split(',');
  const keys = list.includes('%') ? asked.map(decodeURIComponent) : asked;
  return { before: url.slice(0, from), keys, after: url.slice(to) };
}

/** The URL of the same bulk read for other keys. */
export function toBulkUrl({ before, after }: BulkUrl, keys: readonly string[]): string {
  const list = keys.map((key) => (plain.test(key) ? key : encodeURIComponent(key))).join(',');
  return `${before}${list}${after}`;
}
