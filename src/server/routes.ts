import type { IncomingMessage, ServerResponse } from 'node:http';
import { repeatedHeader } from '../guard/repeated-headers.ts';
import { write } from './direct.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { Readiness } from './readiness.ts';
import type { StaticFiles } from './static-files.ts';

export interface RoutesOptions {
  readonly graphql: (request: IncomingMessage, response: ServerResponse, search: string) => Promise<void>;
  readonly readiness: () => Promise<Readiness>;
  /** Takes a message of the backend that the address names. */
  readonly webhooks: (request: IncomingMessage, response: ServerResponse, backend: string) => Promise<void>;
  /** Null where GraphiQL is not served. */
  readonly explorer: StaticFiles | null;
  /** The short page at `/`. */
  readonly home: HttpAnswer;
  /** Whether `/readyz` names instances and reasons. */
  readonly detail: boolean;
  /** Says which origins' pages may read answers; true where it has answered itself. */
  readonly cors: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly onError: (error: unknown) => void;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Every address of the gateway; 404 for the rest. */
export function createRoutes(options: RoutesOptions): Handler {
  const { graphql, webhooks, readiness, explorer, home, detail, cors, onError } = options;

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const repeated = repeatedHeader(request);
    if (repeated !== null)
      return write(response, json(400, { error: `The header ${repeated} came more than once.` }));
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const search = mark === -1 ? '' : target.slice(mark);
    if (path === '/graphql') {
      if (cors(request, response)) return;
      if (explorer && wantsPage(request, search)) return explorer.handlePage(request, response);
      return graphql(request, response, search);
    }
    if (path.startsWith('/webhooks/')) return webhooks(request, response, path.slice('/webhooks/'.length));
    if (explorer && path.startsWith('/explorer/') && (await explorer.handle(request, response))) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') return write(response, notFound);
    if (path === '/') return write(response, home);
    if (path === '/healthz') return write(response, json(200, { status: 'alive' }));
    if (path === '/readyz') return write(response, toAnswer(await readiness(), detail));
    return write(response, notFound);
  };

  return (request, response) => {
    route(request, response).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent)
        write(response, json(500, { error: 'Something went wrong in the gateway.' }));
      else response.destroy();
    });
  };
}

/** Browsers ask for HTML by name; programs do not. */
function wantsPage(request: IncomingMessage, search: string): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !search.includes('query=') && (request.headers.accept ?? '').includes('text/html');
}

function json(status: number, body: unknown): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

const notFound = json(404, {
  error: 'There is nothing here.',
  hint: 'GraphQL is at /graphql, the state of things at /healthz and /readyz.',
});

function toAnswer({ ready, backends }: Readiness, detail: boolean): HttpAnswer {
  const states = Object.fromEntries(
    Object.entries(backends).map(([name, state]) => [name, detail ? state : { reachable: state.reachable }]),
  );
  return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', backends: states });
}
