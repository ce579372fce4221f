import { endpointOf, numbersOf } from '../backends.ts';
import type { Call } from '../call.ts';
import { WeirError } from '../errors.ts';
import { isAbsent, toAnswerError } from './answer-error.ts';
import { freshnessOf } from './cache/answer-freshness.ts';
import { createChain } from './chain.ts';
import { createTokenIssuer } from './client-credentials.ts';
import { type Credential, toCredential } from './credentials.ts';
import { waitFor } from './deadline.ts';
import { createDecoding, tellDrift } from './decode.ts';
import type { Answer, Exchange } from './exchange.ts';
import { type Backend, createBackend } from './instance.ts';
import { createMachineToken, type MachineToken } from './machine-token.ts';
import { toExchange } from './request.ts';
import { createRoute, type Route } from './route.ts';
import type { UpstreamRequest } from './upstream.ts';
import type { InstanceHealth, UpstreamClient, UpstreamOptions } from './upstream-options.ts';
import { createWatch } from './watch.ts';

/**
 * Builds the REST client of the whole gateway: connections, breakers, budgets and averages live in it, as long
 * as the process does. Nothing of a request stays.
 *
 * Throws where an address is not one, or a backend has none; connects to nobody.
 */
export function createUpstream(options: UpstreamOptions): UpstreamClient {
  const { table, log, events = {}, random = Math.random } = options;
  const watch = createWatch();

  const backends = new Map<string, Backend>();
  for (const [name, addresses] of Object.entries(options.instances)) {
    const tls = options.tls?.[name];
    const backend = createBackend(name, numbersOf(table, name), addresses, {
      ...(tls && { tls }),
      ...(options.lookup && { lookup: options.lookup }),
      onChange(instance, change) {
        events.breaker?.(instance, change);
        const fields = { instance, ...change };
        if (change.to === 'closed') log.info(fields, 'a backend answers again');
        else log.warn(fields, 'a backend fails and is left alone for a moment');
      },
    });
    backends.set(name, backend);
  }

  const decoding = createDecoding({
    checkShapes: options.checkShapes,
    random,
    onDrift: (drift) => tellDrift(drift, log, events),
  });

  const tellUnusable = ({ endpoint, call }: Exchange, why: string): void => {
    const { backend, route } = endpoint;
    log.warn(
      { backend, route, requestId: call.requestId, why },
      'a backend sent an answer that cannot be used',
    );
  };

  const send = createChain({
    backends,
    layers: options.layers ?? [],
    watch,
    random,
    observe: events.attempt ? (record, ended) => events.attempt?.(record, ended) : null,
    onUnusable: tellUnusable,
  });

  const routes = new Map<string, Route>();
  const toUrl = ({ endpoint, path, query }: UpstreamRequest<unknown>): string | null => {
    let route = routes.get(endpoint.id);
    if (!route) {
      route = createRoute(endpoint);
      routes.set(endpoint.id, route);
    }
    return route.toUrl(path, query);
  };

  const toCheckedExchange = (
    call: Call,
    url: string,
    request: UpstreamRequest<unknown>,
    credential: Credential,
  ) =>
    toExchange(call, request.endpoint, url, credential, request, decoding(request.endpoint, request.decode));

  /** A promise only where the gateway's own token has to be fetched first. */
  const prepare = (
    call: Call,
    url: string,
    request: UpstreamRequest<unknown>,
  ): Exchange | Promise<Exchange> => {
    const { endpoint } = request;
    const credential = toCredential(endpoint, call, machineToken);
    if (!(credential instanceof Promise)) return toCheckedExchange(call, url, request, credential);
    const { signal, deadlineAt } = call;
    return waitFor(watch, { endpoint, signal, deadlineAt }, credential).then((fetched) =>
      toCheckedExchange(call, url, request, fetched),
    );
  };

  /** Makes the error of an answer that is not a good one, and tells the operator where it is our own fault. */
  const refuse = (exchange: Exchange, answer: Answer): WeirError => {
    const { endpoint, call, headers, principal } = exchange;
    const { backend, route } = endpoint;
    const { status } = answer;
    const error = toAnswerError(endpoint, answer);
    if (error.code === 'UPSTREAM_BAD_RESPONSE') tellUnusable(exchange, `status ${status}`);
    // Without credentials of ours it is somebody's wrong password, which is their business.
    if (principal !== null && (status === 401 || status === 403)) {
      log.error({ backend, route, status, requestId: call.requestId }, 'a backend refuses our credentials');
    }
    const own = principal !== null && !principal.startsWith('viewer:');
    if (status !== 401 || !own || machineToken === null) return error;
    // The next call fetches a new token, so the same request may well succeed.
    machineToken.forget((headers.authorization ?? '').replace(/^Bearer /, ''));
    return new WeirError(error.code, error.message, { ...error.detail, retryable: true }, error.cause);
  };

  const toValue = <T>(exchange: Exchange, answer: Answer): T => {
    if (answer.status < 200 || answer.status >= 300) throw refuse(exchange, answer);
    // Decoded by the request's own decoder, here or in the layer that keeps it.
    return (answer.decoded ? answer.decoded.value : exchange.decode.parse(answer.body)) as T;
  };

  const client: UpstreamClient = {
    async send<T>(call: Call, request: UpstreamRequest<T>): Promise<T> {
      const url = toUrl(request);
      if (url === null) throw new WeirError('BAD_USER_INPUT', 'An id has characters that it cannot have');
      const prepared = prepare(call, url, request);
      const exchange = prepared instanceof Promise ? await prepared : prepared;
      const answer = await send(exchange);
      call.onRead?.(freshnessOf(request.endpoint, answer));
      return toValue(exchange, answer);
    },

    async find<T>(call: Call, request: UpstreamRequest<T>): Promise<T | null> {
      const url = toUrl(request);
      if (url === null) return null;
      const prepared = prepare(call, url, request);
      const exchange = prepared instanceof Promise ? await prepared : prepared;
      const answer = await send(exchange);
      call.onRead?.(freshnessOf(request.endpoint, answer));
      return isAbsent(answer) ? null : toValue(exchange, answer);
    },

    health() {
      return [...backends.values()].flatMap(({ name, instances }) =>
        instances.map(
          ({ name: instance, origin, breaker, inFlight, waiting }): InstanceHealth => ({
            backend: name,
            instance,
            origin,
            state: breaker.state,
            ejected: breaker.ejected,
            failuresInRow: breaker.failuresInRow,
            lastReason: breaker.lastReason,
            inFlight,
            waiting: waiting.size,
          }),
        ),
      );
    },

    async close() {
      await Promise.all(
        [...backends.values()].flatMap(({ instances, numbers }) =>
          instances.map(({ connections }) => connections.close(numbers.timeoutMs)),
        ),
      );
    },
  };

  let machineToken: MachineToken | null = options.machineToken ?? null;
  if (options.client && !machineToken && table.users?.endpoints.createToken) {
    const endpoint = endpointOf(table, 'users', 'createToken');
    machineToken = createMachineToken({ issue: createTokenIssuer(client, endpoint, options.client) });
  }
  return client;
}
