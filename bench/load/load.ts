import { bodyOf, type Workload } from '../workloads.ts';
import { type Connection, openConnection, type RawAnswer, toRequest } from './connection.ts';

/** What one round of requests brought: answers in the order of the requests, and how long each took. */
export interface Round {
  readonly answers: readonly RawAnswer[];
  readonly durationsMs: readonly number[];
}

/** Clients of one server. */
export interface Load {
  /** Opens the connections of that many clients, where they are not open; to be called before what is measured. */
  open(clients: number): Promise<void>;
  /**
   * Sends one request a draw and no other, on as many connections as there are clients, each waiting for its answer
   * before it sends the next. They must be open. Rejects where a connection breaks.
   */
  run(workload: Workload, draws: readonly number[], clients: number): Promise<Round>;
  close(): void;
}

/** Servers close what is idle, some after five seconds: a connection is not used again after this long. */
const IDLE_MS = 2_000;

/** Makes the clients of one server; connections are opened when they are first needed, and kept. */
export function createLoad(url: string, token: string): Load {
  const connections: Connection[] = [];
  const requests = new Map<string, Buffer>();
  const headers = { authorization: `Bearer ${token}` };

  const requestOf = (workload: Workload, draw: number): Buffer => {
    const key = `${workload.name} ${draw}`;
    let request = requests.get(key);
    if (request === undefined) {
      request = toRequest(url, bodyOf(workload, draw), headers);
      requests.set(key, request);
    }
    return request;
  };

  return {
    async open(clients) {
      for (let index = 0; index < clients; index += 1) {
        const connection = connections[index];
        if (connection?.open && performance.now() - connection.usedAt < IDLE_MS) continue;
        connection?.close();
        connections[index] = await openConnection(url);
      }
    },
    async run(workload, draws, clients) {
      const toSend = draws.map((draw) => requestOf(workload, draw));
      const answers = new Array<RawAnswer>(draws.length);
      const durationsMs = new Array<number>(draws.length);
      let next = 0;
      const client = async (connection: Connection): Promise<void> => {
        for (let index = next++; index < toSend.length; index = next++) {
          const request = toSend[index];
          if (request === undefined) return;
          const sentAt = performance.now();
          answers[index] = await connection.exchange(request);
          durationsMs[index] = performance.now() - sentAt;
        }
      };
      await Promise.all(connections.slice(0, clients).map(client));
      return { answers, durationsMs };
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
