import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import type { ErrorCode, WeirError } from '../errors.ts';
import { errorCodeOf } from './answer-error.ts';
import type { Answer, AnswerHeaders, Exchange } from './exchange.ts';
import { type FailureKind, reasonOf, toFailureKind, toUpstreamError } from './failure.ts';
import type { Verdict } from './gate.ts';
import type { Backend, Instance } from './instance.ts';
import type { Journey } from './journey.ts';
import { observe } from './observe.ts';
import { parseBody } from './parse-body.ts';
import type { Watched } from './watch.ts';
import type { Wire } from './wire.ts';

const none: AnswerHeaders = {};

/**
 * One attempt: through the gates, over the wire, and back with a whole answer or an error.
 *
 * It is undici's handler for its request, the watch's entry for its end, and what the gates keep their notes on,
 * so that a call costs one object.
 */
export class Attempt implements Dispatcher.DispatchHandler, Watched {
  readonly exchange: Exchange;
  readonly backend: Backend;
  readonly journey: Journey;
  readonly queuedAt = performance.now();
  /** Set by the balance, which is the first gate. */
  instance: Instance;
  /** The breaker's notes. */
  era = 0;
  probe = false;
  /** How it ended, in a word or two, for the breaker's log: `status 503`, `ECONNREFUSED`. */
  outcome = '';
  watchIndex = -1;
  expiresAt: number;

  readonly #wire: Wire;
  #entered = 0;
  #ended = false;
  #startedAt = 0;
  #firstByteAt: number | null = null;
  #status: number | null = null;
  #headers = none;
  #controller: Dispatcher.DispatchController | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #traceparent: string | undefined;

  constructor(wire: Wire, journey: Journey) {
    const { backend, exchange } = journey;
    this.#wire = wire;
    this.journey = journey;
    this.backend = backend;
    this.exchange = exchange;
    [this.instance] = backend.instances;
    this.expiresAt = exchange.deadlineAt;
  }

  get signal(): AbortSignal {
    return this.exchange.signal;
  }

  /** On the wire now, as against waiting for a slot. */
  get flying(): boolean {
    return this.#startedAt !== 0;
  }

  /** Goes through the gates in their order. */
  begin(): void {
    for (const gate of this.#wire.gates) {
      const entry = gate.enter(this);
      if (typeof entry === 'object') {
        this.refuse(entry);
        return;
      }
      this.#entered += 1;
      if (entry === 'wait') {
        this.#wire.watch.add(this);
        return;
      }
    }
    this.launch(this.queuedAt);
  }

  /** Ends it before anything was sent. */
  refuse(error: WeirError): void {
    this.#end('unknown', null, error);
  }

  /** Sends it. Called once every gate has let it pass. */
  launch(now: number): void {
    const { exchange, instance } = this;
    const { endpoint, call } = exchange;
    this.#startedAt = now;
    this.journey.instance = instance;
    this.expiresAt = this.#latestAt();
    if (this.watchIndex < 0) this.#wire.watch.add(this);

    const headers: string[] = [];
    for (const name in exchange.headers) {
      if (name !== 'traceparent') headers.push(name, exchange.headers[name] ?? '');
    }
    this.#traceparent = call.traceparentFor?.() ?? exchange.headers.traceparent;
    if (this.#traceparent !== undefined) headers.push('traceparent', this.#traceparent);
    headers.push('x-timeout-ms', String(Math.max(1, Math.floor(this.expiresAt - now))));
    instance.connections
      .at(now)
      .dispatch(
        { path: instance.prefix + exchange.url, method: endpoint.method, headers, body: exchange.body },
        this,
      );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was cut while the connection was being made: nothing is to be sent any more.
    if (this.#ended) controller.abort(new Error('cut before it was sent'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200) return;
    this.#firstByteAt = performance.now();
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length'] ?? 0) > this.backend.numbers.maxBytes) this.#failTooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.backend.numbers.maxBytes) {
      this.#failTooLarge();
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    const status = this.#status ?? 0;
    let body: unknown;
    try {
      body = parseBody(status, this.#headers, this.#chunks);
    } catch (error) {
      this.#fail('unreadable', 'failed', this.#bytes === 0 ? 'empty body' : 'not JSON', error);
      return;
    }
    const endedAt = performance.now();
    const tookMs = endedAt - this.#startedAt;
    const answer: Answer = {
      status,
      headers: this.#headers,
      body,
      bytes: this.#bytes,
      timings: {
        queuedAt: this.queuedAt,
        startedAt: this.#startedAt,
        firstByteAt: this.#firstByteAt ?? endedAt,
        endedAt,
      },
      source: 'network',
    };
    this.outcome = `status ${status}`;
    let verdict: Verdict = 'ok';
    if (status >= 500) verdict = 'failed';
    else {
      this.#wire.measured(this.exchange, tookMs);
      if (tookMs >= this.backend.numbers.breaker.slowMs) {
        this.outcome = 'slow';
        verdict = 'failed';
      }
    }
    this.#end(verdict, answer, null);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#ended) return;
    const reason = reasonOf(error);
    const kind = toFailureKind(reason, this.#controller !== null, this.#firstByteAt !== null);
    this.#fail(kind, kind === 'closing' || kind === 'invalid' ? 'unknown' : 'failed', reason, error);
  }

  /** Its time is over, or nobody waits for it any more. */
  onCut(now: number): void {
    // A shared exchange may have got a caller meanwhile who can wait longer.
    const expiresAt = this.#latestAt();
    if (now < expiresAt && !this.signal.aborted) {
      this.expiresAt = expiresAt;
      this.#wire.watch.add(this);
      return;
    }
    let kind: FailureKind = 'timeout';
    if (now >= this.exchange.deadlineAt) kind = 'deadline';
    else if (this.signal.aborted) kind = 'cancelled';
    const ranMs = this.flying ? now - this.#startedAt : 0;
    // A caller in a hurry must not make a healthy instance look sick.
    const telling = kind === 'timeout' || ranMs >= this.backend.numbers.breaker.slowMs;
    this.#fail(kind, telling ? 'failed' : 'unknown', `${Math.round(ranMs)} ms`);
  }

  #latestAt(): number {
    const { deadlineAt, endpoint } = this.exchange;
    if (!this.flying) return deadlineAt;
    return Math.min(deadlineAt, this.#startedAt + (endpoint.timeoutMs ?? this.backend.numbers.timeoutMs));
  }

  #failTooLarge(): void {
    this.#fail('too-large', 'unknown', `more than ${this.backend.numbers.maxBytes} bytes`);
  }

  #fail(kind: FailureKind, verdict: Verdict, reason: string, cause?: unknown): void {
    if (this.#ended) return;
    const { backend, route } = this.exchange.endpoint;
    if (kind === 'unreadable' || kind === 'truncated' || kind === 'too-large') {
      this.#wire.onUnusable(this.exchange, `${kind}: ${reason}`);
    }
    this.outcome = kind === 'unreachable' || kind === 'reset' ? reason : kind;
    this.#end(verdict, null, toUpstreamError(backend, route, kind, reason, { cause }));
    const controller = this.#controller;
    if (controller && !controller.aborted) controller.abort(new Error(kind));
  }

  #end(verdict: Verdict, answer: Answer | null, error: WeirError | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#wire.watch.remove(this);
    const { gates } = this.#wire;
    for (let index = 0; index < this.#entered; index += 1) gates[index]?.leave?.(this, verdict);
    if (this.#wire.observe !== null || this.exchange.call.observe !== null)
      this.#report(error?.code ?? (answer ? errorCodeOf(answer) : null));
    this.#chunks = [];
    if (answer) this.journey.answered(answer);
    else if (error) this.journey.failed(error);
  }

  #report(error: ErrorCode | null): void {
    observe(this.#wire.observe, {
      exchange: this.exchange,
      attempt: this.journey.attempt,
      status: this.#status,
      queuedAt: this.queuedAt,
      sent: this.#controller !== null,
      startedAt: this.flying ? this.#startedAt : null,
      firstByteAt: this.#firstByteAt,
      bytes: this.#bytes,
      error,
      traceparent: this.#traceparent,
    });
  }
}
