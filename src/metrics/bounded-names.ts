/** Stands for every name beyond the bound. */
export const OTHER = 'other';

/**
 * Lets so many distinct names become labels, and calls the others `other`.
 *
 * Names that strangers choose (operations, clients) would otherwise fill the memory of whoever keeps the figures.
 * First come, first kept: what is in daily use is there within the first minutes.
 */
export function createBoundedNames(max: number): (name: string) => string {
  const kept = new Set<string>();
  return (name) => {
    if (kept.has(name)) return name;
    if (kept.size >= max) return OTHER;
    kept.add(name);
    return name;
  };
}
