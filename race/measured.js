/**
 * One call of a side, as the charts draw it. Times are in milliseconds since its side began.
 *
 * @typedef {{ backend: string, label: string, startMs: number, endMs: number | null, cached: boolean, failed: boolean }} Bar
 */

export const sleep = (ms) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve());

/** Sends a request over a distance: half of it before, half after its answer. */
export async function over(distanceMs, send) {
  await sleep(distanceMs / 2);
  const answer = await send();
  await sleep(distanceMs / 2);
  return answer;
}

/** Whether the browser had the answer already. */
export function wasCached(address) {
  const entry = performance.getEntriesByName(new URL(address, location.href).href).at(-1);
  return (
    entry !== undefined && 'transferSize' in entry && entry.transferSize === 0 && entry.decodedBodySize > 0
  );
}
