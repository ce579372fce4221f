import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createComparison, WrongAnswer } from '../../bench/load/compare.ts';
import { createLoad } from '../../bench/load/load.ts';
import { type Workload, workloads } from '../../bench/workloads.ts';

const [, , , , drawn] = workloads;
if (!drawn) throw new Error('there is no fifth workload');
const workload: Workload = drawn;

interface Seen {
  readonly url: string;
  readonly bodies: string[];
  readonly connections: () => number;
}

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** A server that answers as `answer` does, and what it has seen. */
async function serve(
  answer: (response: ServerResponse, body: string, request: IncomingMessage) => unknown,
): Promise<Seen> {
  const bodies: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      answer(response, body, request);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  ending.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${port}/graphql`, bodies, connections: () => connections };
}

async function load(url: string, draws: readonly number[], clients: number) {
  const one = createLoad(url, 'a-token');
  ending.push(async () => one.close());
  await one.open(clients);
  return one.run(workload, draws, clients);
}

describe('the load', () => {
  it('sends each request once, on as many connections as there are clients', async () => {
    const seen = await serve((response, body) => response.end(body));
    const draws = Array.from({ length: 57 }, (_, index) => index);
    const { answers, durationsMs } = await load(seen.url, draws, 4);
    expect(seen.bodies).toHaveLength(57);
    expect(seen.connections()).toBe(4);
    expect(durationsMs).toHaveLength(57);
    // Answers stand where their requests stood, whoever sent them.
    expect(answers.map(({ body }) => JSON.parse(body).variables.id)).toEqual(
      draws.map((draw) => String(draw + 1)),
    );
  });

  it('carries the token', async () => {
    const seen = await serve((response, _, { headers }) => response.end(headers.authorization));
    const { answers } = await load(seen.url, [0], 1);
    expect(answers).toEqual([{ status: 200, body: 'Bearer a-token' }]);
  });

  it('reads a body that comes in pieces, chunked or not, and characters that are cut in two', async () => {
    const text = JSON.stringify({ data: 'Łódź '.repeat(2000) });
    const bytes = Buffer.from(text);
    const seen = await serve(async (response, body) => {
      const chunked = body.includes('"1"');
      response.writeHead(200, chunked ? {} : { 'content-length': bytes.length });
      for (let at = 0; at < bytes.length; at += 1_001) {
        response.write(bytes.subarray(at, at + 1_001));
        if (at % 5 === 0) await delay(1);
      }
      response.end();
    });
    const { answers } = await load(seen.url, [0, 1, 0, 1], 1);
    expect(answers.map(({ body }) => body === text)).toEqual([true, true, true, true]);
  });

  it('fails when a connection ends, and sends nothing again', async () => {
    const seen = await serve((response) => response.destroy());
    await expect(load(seen.url, [0], 1)).rejects.toThrow('closed the connection');
    expect(seen.bodies).toHaveLength(1);
  });

  it('opens what was closed before it is used again', async () => {
    const seen = await serve((response) => response.writeHead(200, { connection: 'close' }).end('{}'));
    const one = createLoad(seen.url, 'a-token');
    ending.push(async () => one.close());
    for (let round = 0; round < 3; round += 1) {
      await one.open(1);
      await one.run(workload, [0], 1);
      await delay(20);
    }
    expect(seen.connections()).toBe(3);
  });
});

describe('the comparison', () => {
  const said = (body: unknown, status = 200) => [{ status, body: JSON.stringify(body) }];

  it('takes the same data in another order of keys', () => {
    const { check } = createComparison();
    check('a', said({ data: { a: 1, b: [{ c: 2, d: 3 }] } }), said({ data: { b: [{ d: 3, c: 2 }], a: 1 } }));
  });

  it.each([
    ['another value', said({ data: { a: 2 } })],
    ['another type', said({ data: { a: '1' } })],
    ['one field more', said({ data: { a: 1, b: null } })],
    ['errors beside the data', said({ data: { a: 1 }, errors: [{ message: 'no' }] })],
    ['another status', said({ data: { a: 1 } }, 500)],
  ])('refuses %s', (_, answer) => {
    const { check } = createComparison();
    check('a', said({ data: { a: 1 } }), said({ data: { a: 1 } }));
    expect(() => check('a', answer, said({ data: { a: 1 } }))).toThrow(WrongAnswer);
  });
});
