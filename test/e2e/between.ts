import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of a backend as it passes. */
export interface Passing {
  /** `orders GET /orders?userIds`: the backend, and what names its endpoint. */
  readonly route: string;
  readonly status: number;
  readonly body: string;
}

/** Puts something else in the place of an answer; false where it is to pass as it is. */
export type Spoil = (passing: Passing, response: ServerResponse) => boolean;

/** What stands between the gateway and one backend, and may say anything in its name. */
export interface Between extends AsyncDisposable {
  readonly url: string;
  /** Where the backend is. To be set before the first call. */
  target: string;
  spoil: Spoil | null;
}

/** Starts it in front of a backend whose address is not known yet. */
export async function standBetween(backend: string): Promise<Between> {
  const between = { target: '', spoil: null as Spoil | null };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = request.url ?? '/';
    const answer = await fetch(between.target + url, {
      method: request.method ?? 'GET',
      headers: passedOn(request.headers),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks).toString() }),
    });
    const body = await answer.text();
    const { pathname, searchParams } = new URL(url, between.target);
    const [selector] = searchParams.keys();
    const route = `${backend} ${request.method} ${pathname}${selector === undefined ? '' : `?${selector}`}`;
    if (between.spoil?.({ route, status: answer.status, body }, response)) return;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(between, {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const names = ['authorization', 'content-type', 'idempotency-key', 'x-on-behalf-of', 'x-request-id'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Stands in bodies and headers of a backend where no client may ever see it. */
export const CANARY = 'CANARY-10.0.0.7';

const others: Readonly<Record<string, Json>> = {
  null: null,
  'a text': CANARY,
  'a number': 7.5,
  'a truth': true,
  'an object': { [CANARY]: CANARY },
  'a list': [CANARY],
};

/** One way in which an answer is not what its contract says. */
export interface Twist {
  /** `items.0.price: an object` */
  readonly name: string;
  readonly body: string;
}

/** Every value of an answer in turn replaced by each kind of other value, or left out. Lists: the first two alone. */
export function* twistsOf(body: string): Generator<Twist> {
  const whole = JSON.parse(body) as Json;
  for (const path of pathsOf(whole, [])) {
    const name = path.join('.') || '(all)';
    for (const [kind, other] of Object.entries(others)) {
      yield { name: `${name}: ${kind}`, body: JSON.stringify(replaced(whole, path, other)) };
    }
    if (path.length > 0)
      yield { name: `${name}: left out`, body: JSON.stringify(replaced(whole, path, undefined)) };
  }
}

type Path = readonly string[];

function* pathsOf(value: Json, path: Path): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  const entries = Array.isArray(value) ? Object.entries(value).slice(0, 2) : Object.entries(value);
  for (const [name, inner] of entries) yield* pathsOf(inner, [...path, name]);
}

function replaced(value: Json, [name, ...rest]: Path, other: Json | undefined): Json | undefined {
  if (name === undefined) return other;
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => {
      const now = String(index) === name ? replaced(inner, rest, other) : inner;
      return now === undefined ? [] : [now];
    });
  }
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([key, inner]) => [
      key,
      key === name ? replaced(inner, rest, other) : inner,
    ]),
  ) as Json;
}
