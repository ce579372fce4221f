/** What a server of the bench tells whoever started it. */
export interface Ready {
  readonly url: string;
  /** The token that every request is to carry; only the backend has one to give. */
  readonly token?: string;
}

/** Tells the starter of this process that it can be called. A process that was started by hand prints it. */
export function announce(ready: Ready): void {
  if (process.send) process.send({ ready });
  else console.log(ready.url);
}

/** Where the backend is: set by whoever starts a server of the bench. */
export function backendUrl(): string {
  const url = process.env.BENCH_BACKEND_URL;
  if (url === undefined)
    throw new Error('BENCH_BACKEND_URL is not set: servers of the bench are started by it');
  return url;
}
