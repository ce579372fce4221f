import type { IncomingMessage, ServerResponse } from 'node:http';
import { write } from './direct.ts';
import { toJsonAnswer } from './json-answer.ts';
import { readBody } from './read-body.ts';

/** What the race's REST app may call, and nothing else: reads, and signing in. */
const ALLOWED: Readonly<Record<string, readonly RegExp[]>> = {
  users: [/^POST \/sessions$/, /^GET \/users\/[\w-]+$/],
  orders: [/^GET \/orders\?userIds=[\w-]+&limit=\d+$/],
  bookings: [/^GET \/bookings\?userIds=[\w-]+&limit=\d+$/],
  products: [/^GET \/products\/[\w-]+$/],
  flights: [
    /^GET \/flights\/[\w-]+$/,
    /^GET \/flights\?origin=[A-Z]{3}&destination=[A-Z]{3}&date=[\d-]{10}&limit=\d+$/,
    /^GET \/airports\/[A-Z]{3}$/,
  ],
  pricing: [/^GET \/offers\/[\w-]+\?passengers=\d$/],
};
const PREFIX = '/race/rest/';
const MAX_BYTES = 4_096;
const PATIENCE_MS = 10_000;

/** Hands one call of the race's page on to a demo backend: one hop, from the same origin. True where it was one. */
export type RaceRest = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Makes it for these instances, of which the first is called. For the demo alone. */
export function createRaceRest(instances: Readonly<Record<string, readonly string[]>>): RaceRest {
  return async (request, response) => {
    const target = request.url ?? '';
    if (!target.startsWith(PREFIX)) return false;
    const [, backend = '', path = ''] = /^([a-z]+)(\/.*)$/.exec(target.slice(PREFIX.length)) ?? [];
    const allowed = Object.hasOwn(ALLOWED, backend) ? ALLOWED[backend] : undefined;
    const [address] = Object.hasOwn(instances, backend) ? (instances[backend] ?? []) : [];
    if (!address || !allowed?.some((shape) => shape.test(`${request.method} ${path}`))) {
      write(response, toJsonAnswer(404, { error: 'The race does not call this.' }));
      return true;
    }
    const { authorization, 'content-type': type } = request.headers;
    const isWrite = request.method === 'POST';
    // What a form of another page could send is no JSON.
    if (isWrite && type !== 'application/json') {
      write(response, toJsonAnswer(415, { error: 'Send JSON.' }));
      return true;
    }
    const answer = await fetch(`${address}${path}`, {
      method: isWrite ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
        ...(isWrite ? { 'content-type': 'application/json' } : {}),
      },
      ...(isWrite ? { body: (await readBody(request, MAX_BYTES)).toString('utf8') } : {}),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const cacheControl = answer.headers.get('cache-control');
    write(response, {
      status: answer.status,
      headers: {
        'content-type': answer.headers.get('content-type') ?? 'application/json',
        'cache-control': cacheControl ?? 'no-store',
        vary: 'authorization',
        'x-content-type-options': 'nosniff',
      },
      body: await answer.text(),
    });
    return true;
  };
}
