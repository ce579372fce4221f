import { WebSocket } from 'ws';

/** What a client sends, whichever way. */
export interface Request {
  readonly query?: string;
  readonly documentId?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly token?: string | undefined;
}

/** What comes back, whichever way. */
export interface Outcome {
  /** The code of the first error, `ok` where there is none, or `closed 4401` where a socket was closed. */
  readonly code: string;
  /** Everything that came back, as text. */
  readonly text: string;
  readonly data: unknown;
  /** The HTTP status; null where there is none. */
  readonly status: number | null;
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

const toOutcome = (text: string, status: number | null, bodyText = text): Outcome => {
  let body: Body;
  try {
    body = JSON.parse(bodyText) as Body;
  } catch {
    return { code: 'no JSON', text, data: undefined, status };
  }
  const code = body.errors?.[0] ? (body.errors[0].extensions?.code ?? 'no code') : 'ok';
  return { code, text, data: body.data, status };
};

const credentials = ({ token }: Request): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

const bodyOf = ({ token: _, ...body }: Request): string => JSON.stringify(body);

/** The first JSON that stands in a stream of events, or of parts. */
const firstIn = (text: string): string =>
  /^data: (\{.*\})$/m.exec(text)?.[1] ?? /^\{.*\}$/m.exec(text)?.[0] ?? text;

const byPost =
  (accept: string) =>
  async (url: string, request: Request): Promise<Outcome> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...credentials(request) },
      body: bodyOf(request),
    });
    const text = await response.text();
    return toOutcome(text, response.status, firstIn(text));
  };

async function byGet(url: string, { token, ...request }: Request): Promise<Outcome> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request)) {
    query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const response = await fetch(`${url}/graphql?${query}`, {
    headers: { 'graphql-require-preflight': '1', ...credentials({ token }) },
  });
  return toOutcome(await response.text(), response.status);
}

/** By hand, since clients refuse to send what this is to send. */
function byWebSocket(url: string, { token, ...request }: Request): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const send = (message: object): void => socket.send(JSON.stringify(message));
    const texts: string[] = [];
    let answer: string | null = null;
    const end = (outcome: Outcome): void => {
      socket.terminate();
      resolve(outcome);
    };
    socket.on('error', () => {});
    socket.on('open', () => send({ type: 'connection_init', payload: credentials({ token }) }));
    socket.on('close', (code) =>
      end({ code: `closed ${code}`, text: texts.join('\n'), data: undefined, status: null }),
    );
    socket.on('message', (message) => {
      const text = String(message);
      const { type, payload } = JSON.parse(text) as { type: string; payload?: unknown };
      texts.push(text);
      if (type === 'connection_ack') send({ type: 'subscribe', id: '1', payload: { query: '', ...request } });
      else if (type === 'next') answer ??= JSON.stringify(payload);
      else if (type === 'error') end(toOutcome(texts.join('\n'), null, JSON.stringify({ errors: payload })));
      else if (type === 'complete') end(toOutcome(texts.join('\n'), null, answer ?? ''));
    });
  });
}

/** Every way in that there is, each asking once and reading to the end. */
export const ways = {
  'POST for JSON': byPost('application/json'),
  'POST for a GraphQL response': byPost('application/graphql-response+json'),
  'POST for a stream of events': byPost('text/event-stream'),
  'POST for an answer in parts': byPost('multipart/mixed'),
  GET: byGet,
  WebSocket: byWebSocket,
} as const satisfies Readonly<Record<string, (url: string, request: Request) => Promise<Outcome>>>;

export type Way = keyof typeof ways;

export const wayNames = Object.keys(ways) as readonly Way[];
