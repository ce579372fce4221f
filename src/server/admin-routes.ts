import type { IncomingMessage, ServerResponse } from 'node:http';
import { tellRequestId, write } from './direct.ts';
import { toJsonAnswer } from './json-answer.ts';
import { type Readiness, toReadyAnswer } from './readiness.ts';
import type { Handler } from './routes.ts';

/** Answers the requests of one path. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface AdminOptions {
  readonly readiness: () => Promise<Readiness>;
  /** What other rooms tell an operator, by path: `/metrics`. */
  readonly others?: Readonly<Record<string, Route>>;
}

/** What is for operators alone, by path. On a port of its own in production, beside everything else in development. */
export function createAdminRoutes({ readiness, others = {} }: AdminOptions): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ['/readyz', async (_request, response) => write(response, toReadyAnswer(await readiness(), true))],
    ...Object.entries(others),
  ]);
}

/** Serves these routes, `/healthz`, and nothing else: the port of operators. */
export function createAdminHandler(
  routes: ReadonlyMap<string, Route>,
  onError: (error: unknown) => void,
): Handler {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    tellRequestId(request, response);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const route = reads ? routes.get(path) : undefined;
    if (route) return route(request, response);
    if (reads && path === '/healthz') return write(response, toJsonAnswer(200, { status: 'alive' }));
    const paths = ['/healthz', ...routes.keys()];
    write(
      response,
      toJsonAnswer(404, { error: 'There is nothing here.', hint: `Here are ${paths.join(', ')}.` }),
    );
  };
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      onError(error);
      if (response.headersSent) response.destroy();
      else write(response, toJsonAnswer(500, { error: 'Something went wrong in the gateway.' }));
    });
  };
}
