import { setTimeout as delay } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { type Answer, toProblemAnswer } from './answer.ts';
import { createCallLog } from './call-log.ts';
import type { Latency } from './create-backend.ts';
import { type Delivery, deliver, spoilBefore } from './deliver.ts';
import { addDemoRoutes } from './demo-routes.ts';
import { toErrorAnswer } from './error-answer.ts';
import { createFaults } from './faults.ts';
import { toIdempotencyKey, writeOnce } from './idempotency.ts';
import { anonymous, type Caller, createIdentify, unauthenticated } from './identity.ts';
import { Problem, toBlankProblem } from './problem.ts';
import type { Route } from './route.ts';
import { groupByAddress, type RouteGroup, usualMsOf } from './route-group.ts';
import type { Store } from './store.ts';

export interface ServerDefinition {
  readonly name: string;
  readonly store: Store;
  readonly routes: readonly Route[];
  readonly documents: Readonly<Record<string, () => unknown>>;
  readonly tokenKeys: JWTVerifyGetKey;
  readonly latency: Latency;
}

export interface Server {
  /** Answers the address. Throws `EADDRINUSE` where the port is taken. */
  listen(port: number): Promise<string>;
  close(): Promise<void>;
}

/** Longer than any client's pool keeps a connection, so that it is the client who lets go first. */
const keepAliveMs = 75_000;

/** Paths for tests and tools: neither logged, delayed nor spoiled. */
const plainPaths = /^\/(_demo\/|openapi\.json(\?|$)|\.well-known\/)/;

const plainDelivery: Delivery = { spoil: null, noteStatus: () => {} };
const params = z.record(z.string(), z.string());

/** The HTTP side of a backend: every convention that all of them share. */
export function createServer(definition: ServerDefinition): Server {
  const { store, latency } = definition;
  const log = createCallLog();
  const faults = createFaults();
  const identify = createIdentify(definition.tokenKeys);
  const closing = new AbortController();
  const deliveries = new WeakMap<FastifyRequest, Delivery>();
  const groups = groupByAddress(definition.routes);
  const groupOf = new Map(groups.map((group) => [`${group.method} ${group.address}`, group]));

  const app = Fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    keepAliveTimeout: keepAliveMs,
    routerOptions: { maxParamLength: 255 },
    frameworkErrors: (error, request, reply) => {
      send(request, reply, toErrorAnswer(definition.name, error));
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed) return;
      const large = error.code === 'HPE_HEADER_OVERFLOW';
      const body = JSON.stringify(
        large ? toBlankProblem(431, 'Request Header Fields Too Large') : toBlankProblem(400, 'Bad Request'),
      );
      socket.end(
        `HTTP/1.1 ${large ? '431 Request Header Fields Too Large' : '400 Bad Request'}\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    },
  });

  const send = (request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply =>
    deliver(request, reply, answer, deliveries.get(request) ?? plainDelivery);

  /** Notes the call, lets its usual time pass, and spoils it where it is to be spoiled. */
  app.addHook('onRequest', async (request, reply) => {
    const path = request.raw.url ?? '/';
    if (plainPaths.test(path)) return undefined;
    const noteStatus = log.add(request.method, path, request.headers);
    const group = groupOf.get(`${request.method} ${request.routeOptions.url ?? ''}`);
    const { delayMs, spoil } = faults.fateOf(
      latency === 'realistic' ? usualMsOf(group, request.query) : latency,
    );
    const delivery = { spoil, noteStatus };
    deliveries.set(request, delivery);
    if (delayMs > 0) await delay(delayMs, undefined, { signal: closing.signal });
    return spoilBefore(request, reply, delivery) ? reply : undefined;
  });

  takeOnlyJson(app);
  app.setErrorHandler((error, request, reply) => {
    if (closing.signal.aborted) return reply.hijack();
    return send(request, reply, toErrorAnswer(definition.name, error));
  });
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, toProblemAnswer(new Problem('not-found', 'there is no such route').document)),
  );

  const callerOf = async (route: Route, request: FastifyRequest): Promise<Caller> => {
    if (route.access === 'public') return anonymous;
    const onBehalfOf = request.headers['x-on-behalf-of'];
    const caller = await identify(request.headers.authorization, onBehalfOf?.toString());
    if (route.access === 'optional') return caller;
    if (caller.kind === 'anonymous') throw unauthenticated('expected authorization: Bearer <token>');
    if (route.access === 'machine' && caller.kind !== 'machine') {
      throw new Problem('forbidden', 'only a machine may do this');
    }
    return caller;
  };

  const answerOf = async (group: RouteGroup, request: FastifyRequest): Promise<Answer> => {
    const route = group.select(request.query);
    const caller = await callerOf(route, request);
    const key = request.headers['idempotency-key']?.toString();
    const idempotencyKey = route.kind === 'write' ? toIdempotencyKey(key) : null;
    const body: unknown = request.body;
    const act = await route.prepare({
      caller,
      params: new Map(Object.entries(params.parse(request.params))),
      query: request.query,
      body,
      idempotencyKey,
    });
    if (closing.signal.aborted) throw new Error('closing');
    if (route.kind === 'write') {
      return writeOnce(
        store,
        {
          route: `${route.method} ${route.path}`,
          path: request.url,
          userId: caller.userId,
          body,
          secretBody: route.secretBody,
          idempotencyKey,
        },
        act,
      );
    }
    const answer = act({ at: new Date().toISOString(), record: () => {} });
    // Who asks decides what is seen, so a cache must not give one caller's answer to another.
    const vary = route.access === 'public' ? {} : { vary: 'authorization, x-on-behalf-of' };
    return { ...answer, headers: { 'cache-control': route.cacheControl, ...vary, ...answer.headers } };
  };

  for (const group of groups) {
    app.route({
      method: group.method,
      url: group.address,
      ...(group.maxBodyBytes === undefined ? {} : { bodyLimit: group.maxBodyBytes }),
      handler: async (request, reply) => send(request, reply, await answerOf(group, request)),
    });
  }
  addDemoRoutes(app, { name: definition.name, store, log, faults, documents: definition.documents });

  return {
    listen: (port) => app.listen({ host: '127.0.0.1', port }),
    close: async () => {
      closing.abort();
      await app.close();
    },
  };
}

/** JSON and nothing else is taken; no body at all is no fault here, the route decides. */
function takeOnlyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else parse(request, body.toString(), done);
  });
}
