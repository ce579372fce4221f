/** Says whether one more line of a kind may be written in this minute. */
export type LineQuota = (kind: string) => boolean;

/** Allows so many lines a minute, of one kind and in all. */
export function createLineQuota(most: { readonly ofOneKind: number; readonly inAll: number }): LineQuota {
  const taken = new Map<string, number>();
  let all = 0;
  let minute = 0;
  return (kind) => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) {
      minute = now;
      all = 0;
      taken.clear();
    }
    const count = taken.get(kind) ?? 0;
    if (count >= most.ofOneKind || all >= most.inAll) return false;
    taken.set(kind, count + 1);
    all += 1;
    return true;
  };
}
