import type { IncomingMessage, ServerResponse } from 'node:http';
import { WeirError } from '../errors.ts';
import { repeatedHeader } from '../guard/repeated-headers.ts';
import type { Route } from './admin-routes.ts';
import { tellRequestId, write } from './direct.ts';
import type { GraphqlRoute } from './graphql-route.ts';
import type { HttpAnswer } from './http-answer.ts';
import { toJsonAnswer } from './json-answer.ts';
import type { Race } from './race.ts';
import { type Readiness, toReadyAnswer } from './readiness.ts';
import type { StaticFiles } from './static-files.ts';

export interface RoutesOptions {
  readonly graphql: GraphqlRoute;
  readonly readiness: () => Promise<Readiness>;
  /** Takes a message of the backend that the address names. */
  readonly webhooks: (request: IncomingMessage, response: ServerResponse, backend: string) => Promise<void>;
  /** Takes catalogues; left out where nobody could import them. */
  readonly uploads?: Route;
  /** Null where GraphiQL is not served. */
  readonly explorer: StaticFiles | null;
  /** The client's page; null where it is not served. */
  readonly client?: StaticFiles | null;
  /** The short page at `/`. */
  readonly home: HttpAnswer;
  /** In its place, in the demo: the race. Null elsewhere. */
  readonly race: Race | null;
  /** What is for operators alone, by path; null where it has a port of its own. */
  readonly admin: ReadonlyMap<string, Route> | null;
  /** Says which origins' pages may read answers; true where it has answered itself. */
  readonly cors: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly onError: (error: unknown) => void;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Every address of the gateway; 404 for the rest. */
export function createRoutes(options: RoutesOptions): Handler {
  const { graphql, webhooks, uploads, readiness, explorer, client, home, race, admin, cors, onError } =
    options;

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const search = mark === -1 ? '' : target.slice(mark);
    // An answer to an operation says its own.
    if (path !== '/graphql') tellRequestId(request, response);
    const repeated = repeatedHeader(request);
    if (repeated !== null) return refuseRepeated(request, response, path, repeated);
    if (path === '/graphql') {
      if (cors(request, response)) return;
      if (explorer && wantsPage(request, search)) {
        tellRequestId(request, response);
        return explorer.handlePage(request, response);
      }
      return graphql.answer(request, response, search);
    }
    if (path === '/uploads' && uploads) return uploads(request, response);
    if (path.startsWith('/webhooks/')) return webhooks(request, response, path.slice('/webhooks/'.length));
    if (client && path.startsWith('/client/') && (await client.handle(request, response))) return;
    if (explorer && path.startsWith('/explorer/') && (await explorer.handle(request, response))) return;
    if (race && path.startsWith('/race/') && (await race.handle(request, response))) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') return write(response, notFound);
    if (race && path === '/') return race.handlePage(request, response);
    if (path === '/') return write(response, home);
    if (path === '/healthz') return write(response, toJsonAnswer(200, { status: 'alive' }));
    const forOperators = admin?.get(path);
    if (forOperators) return forOperators(request, response);
    if (path === '/readyz') return write(response, toReadyAnswer(await readiness(), false));
    return write(response, notFound);
  };

  const refuseRepeated = (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    name: string,
  ): void => {
    const error = new WeirError('BAD_USER_INPUT', `The header ${name} came more than once.`, {
      hint: 'Send it once: whoever reads the first and whoever reads the last would not see the same request.',
    });
    if (path === '/graphql') graphql.refuse(request, response, error);
    else write(response, toJsonAnswer(400, { error: error.message }));
  };

  return (request, response) => {
    route(request, response).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent)
        write(response, toJsonAnswer(500, { error: 'Something went wrong in the gateway.' }));
      else response.destroy();
    });
  };
}

/** Browsers ask for HTML by name; programs do not. */
function wantsPage(request: IncomingMessage, search: string): boolean {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && !search.includes('query=') && (request.headers.accept ?? '').includes('text/html');
}

const notFound = toJsonAnswer(404, {
  error: 'There is nothing here.',
  hint: 'GraphQL is at /graphql, the state of things at /healthz and /readyz.',
});
