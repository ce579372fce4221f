/** A clock that a test moves. It goes on by itself as well, so that what takes time takes some. */
export function createClock(): { now: () => number; forward: (seconds: number) => void } {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    forward: (seconds) => {
      ahead += seconds * 1000;
    },
  };
}
