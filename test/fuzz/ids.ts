import { createHash } from 'node:crypto';
import { Client } from 'undici';
import { createChance } from './chance.ts';
import type { Target } from './target.ts';

export interface IdsOptions {
  readonly seed: number;
  readonly count: number;
  readonly onProgress?: (done: number) => void;
}

export interface IdsReport {
  readonly unknown: number;
  readonly registered: number;
  /** What was answered otherwise than it should be. */
  readonly wrong: readonly string[];
  readonly grewMb: number;
}

/** Of so many ids one comes with its document, which is valid and new, so that it has to be remembered. */
const REGISTERS_EVERY = 10;
/** Requests under way at once on a connection. */
const AT_ONCE = 16;
/** The first ones fill what is bounded anyway: connections, compiled code. */
const WARM = 2_000;

/** Asks a gateway for that many documents by random ids, and tells by how much its memory has grown. */
export async function sendIds(target: Target, { seed, count, onProgress }: IdsOptions): Promise<IdsReport> {
  const clients = Array.from(
    { length: 4 },
    () => new Client(`http://127.0.0.1:${target.port}`, { pipelining: AT_ONCE }),
  );
  const wrong: string[] = [];
  let unknown = 0;
  let registered = 0;
  let next = 0;

  const attempt = async (client: Client, index: number): Promise<void> => {
    const registers = index % REGISTERS_EVERY === 0;
    const query = `query Q${seed}_${index} { product(id: "Product:${1 + (index % 500)}") { id } }`;
    const text = registers ? query : `${createChance(seed, index).whole(0, 2 ** 31)} ${index}`;
    const sha256Hash = createHash('sha256').update(text).digest('hex');
    const { statusCode, body } = await client.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...(registers ? { query } : {}),
        extensions: { persistedQuery: { version: 1, sha256Hash } },
      }),
    });
    const answer = await body.text();
    if (answer.includes(registers ? '"data":{"product"' : '"PERSISTED_QUERY_NOT_FOUND"')) {
      if (registers) registered += 1;
      else unknown += 1;
    } else wrong.push(`id ${index}: ${statusCode} ${answer.slice(0, 300)}`);
  };
  const run = async (until: number): Promise<void> => {
    const work = async (client: Client): Promise<void> => {
      while (next < until && target.crashes.length === 0 && wrong.length < 20) {
        const index = next;
        next += 1;
        await attempt(client, index);
        if (onProgress && next % 50_000 === 0) onProgress(next);
      }
    };
    await Promise.all(clients.flatMap((client) => Array.from({ length: AT_ONCE }, () => work(client))));
  };

  await run(Math.min(WARM, count));
  const beforeMb = await target.memoryMb();
  await run(count);
  const grewMb = (await target.memoryMb()) - beforeMb;
  await Promise.all(clients.map((client) => client.close()));
  return { unknown, registered, wrong, grewMb };
}
