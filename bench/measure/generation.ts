import type { Contestant } from '../contestants.ts';
import { createLoad, type Load } from '../load/load.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** A contestant that runs. */
export interface Entrant {
  readonly contestant: Contestant;
  readonly process: ServerProcess;
  readonly load: Load;
}

/** One set of fresh processes: nothing that a process has become by chance outlives it. */
export interface Generation extends AsyncDisposable {
  readonly entrants: readonly Entrant[];
  /** L, by which all are measured. */
  readonly limit: Entrant;
  /** How long the backend takes for a call, in milliseconds. */
  setLatency(ms: number): Promise<void>;
  /** What the backend was asked while `act` ran, by path. */
  countCalls(act: () => Promise<unknown>): Promise<Readonly<Record<string, number>>>;
}

export interface GenerationOptions {
  readonly contestants: readonly Contestant[];
  /** The core of the servers and the core of the backend; null where they cannot be kept on one. */
  readonly cores: { readonly servers: number; readonly backend: number } | null;
  /** Where the servers' logs go: a file. */
  readonly output: string;
  readonly backendMain: string;
}

/** Starts the backend and one process a contestant. Ends all that was started where one does not start. */
export async function startGeneration(options: GenerationOptions): Promise<Generation> {
  const { contestants, cores, output, backendMain } = options;
  const started = new AsyncDisposableStack();
  try {
    const backend = started.use(
      await startServer({ main: backendMain, core: cores?.backend ?? null, output }),
    );
    const entrants: Entrant[] = [];
    for (const contestant of contestants) {
      const process = started.use(
        await startServer({
          main: contestant.main,
          core: cores?.servers ?? null,
          output,
          env: { BENCH_BACKEND_URL: backend.url, ...contestant.env },
          nodeArguments: contestant.nodeArguments ?? [],
        }),
      );
      const load = createLoad(process.url, backend.token);
      started.defer(() => load.close());
      entrants.push({ contestant, process, load });
    }
    const limit = entrants.find(({ contestant }) => contestant.kind === 'limit');
    if (limit === undefined) throw new Error('there is nothing to measure by without L');
    const control = async (method: string, path: string): Promise<Response> => {
      const response = await fetch(`${backend.url}/_bench/${path}`, { method });
      if (!response.ok) throw new Error(`the bench's backend answered ${response.status}`);
      return response;
    };
    const running = started.move();
    return {
      entrants,
      limit,
      async setLatency(ms) {
        await control('PUT', `latency/${ms}`);
      },
      async countCalls(act) {
        await control('DELETE', 'calls');
        await act();
        return (await (await control('GET', 'calls')).json()) as Record<string, number>;
      },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}
