import { performance } from 'node:perf_hooks';
import type { Account, Call, CallRecord } from '../call.ts';
import type { Answer, Exchange, Send } from './exchange.ts';
import { toUpstreamError } from './failure.ts';
import type { Watch, Watched } from './watch.ts';

/** One caller of a shared exchange: waits for it no longer than it may, and hears of it in its own records. */
export class Passenger implements Watched {
  readonly exchange: Exchange;
  readonly signal: AbortSignal;
  readonly expiresAt: number;
  watchIndex = -1;
  readonly boardedAt = performance.now();
  readonly #flights = new Set<Flight>();
  readonly #watch: Watch;
  readonly #reject: (error: unknown) => void;

  constructor(exchange: Exchange, watch: Watch, reject: (error: unknown) => void) {
    this.exchange = exchange;
    this.signal = exchange.signal;
    this.expiresAt = exchange.deadlineAt;
    this.#watch = watch;
    this.#reject = reject;
    watch.add(this);
  }

  /** Whether it has neither got what it waits for nor given up. */
  get waits(): boolean {
    return this.watchIndex >= 0;
  }

  board(flight: Flight): void {
    this.#flights.add(flight);
    flight.add(this);
  }

  /** It has what it waited for, or waits no more. */
  leave(): void {
    this.#watch.remove(this);
    for (const flight of this.#flights) flight.remove(this);
    this.#flights.clear();
  }

  onCut(now: number): void {
    const { backend, route } = this.exchange.endpoint;
    const kind = now >= this.expiresAt ? 'deadline' : 'cancelled';
    const error = toUpstreamError(backend, route, kind, 'while sharing a call');
    for (const flight of this.#flights) flight.tellCut(this);
    this.leave();
    this.#reject(error);
  }
}

/** How a shared exchange is sent. */
export interface Departure {
  /** Perhaps for more keys than any of its callers asked for. */
  readonly url: string;
  /** The fence's, from before it began. */
  readonly stamp: number;
  readonly next: Send;
  readonly onLanded: () => void;
}

/**
 * One exchange that several callers share. It lives until it ends or its last caller has left, and has the
 * latest of their deadlines.
 */
export class Flight {
  readonly answer: Promise<Answer>;
  /** The fence's, from before it began. */
  readonly stamp: number;
  /** As it was sent: for nobody in particular. */
  readonly exchange: Exchange;
  /** Whether it ever had more than one caller. */
  joint = false;
  /** The first caller: the one whose call it is, where the others only share it. */
  readonly #first: Passenger;
  readonly #passengers = new Set<Passenger>();
  /** Null while the first caller's own signal says all that there is to say. */
  #abort: AbortController | null = null;
  #deadlineAt = 0;
  #landed = false;

  /** Sends it at once, with those on board who are known already. */
  constructor(first: Passenger, others: readonly Passenger[], { url, stamp, next, onLanded }: Departure) {
    this.stamp = stamp;
    this.#first = first;
    first.board(this);
    for (const other of others) other.board(this);
    this.exchange = new SharedExchange(this, first.exchange, url, {
      observe: (record) => this.#tell(record),
      sharedBy: () => this.#accounts(),
    });
    const land = (): void => {
      this.#landed = true;
      onLanded();
    };
    this.answer = next(this.exchange);
    this.answer.then(land, land);
  }

  get signal(): AbortSignal {
    return this.#abort?.signal ?? this.#first.signal;
  }

  get deadlineAt(): number {
    return this.#deadlineAt;
  }

  /** Nobody may board it any more: it is over, or being ended since the last caller has left. */
  get gone(): boolean {
    return this.#landed || this.#passengers.size === 0;
  }

  add(passenger: Passenger): void {
    if (this.#passengers.size > 0) {
      this.joint = true;
      this.#abort ??= new AbortController();
    }
    this.#passengers.add(passenger);
    this.#deadlineAt = Math.max(this.#deadlineAt, passenger.expiresAt);
  }

  remove(passenger: Passenger): void {
    this.#passengers.delete(passenger);
    if (this.#passengers.size > 0 || this.#landed) return;
    this.#abort ??= new AbortController();
    this.#abort.abort();
  }

  /** How an answer looks to one of those who share it. */
  seenBy(passenger: Passenger, answer: Answer): Answer {
    return passenger === this.#first || answer.source !== 'network'
      ? answer
      : { ...answer, source: 'shared' };
  }

  /** Puts into a caller's records that it waited for this and went without it. */
  tellCut(passenger: Passenger): void {
    const { call, endpoint } = passenger.exchange;
    if (this.#landed || !call.observe) return;
    call.observe({
      backend: endpoint.backend,
      method: endpoint.method,
      route: endpoint.route,
      status: null,
      source: passenger === this.#first ? 'network' : 'shared',
      attempt: 1,
      queuedAt: passenger.boardedAt,
      startedAt: passenger.boardedAt,
      firstByteAt: null,
      endedAt: performance.now(),
      bytes: 0,
      error: 'DEADLINE_EXCEEDED',
      demand: call.demand,
    });
  }

  /** Those who still wait; where all have left, the one whose call it is. */
  #accounts(): readonly (Account | undefined)[] {
    const aboard = [...this.#passengers].map(({ exchange }) => exchange.call.account);
    return aboard.length > 0 ? aboard : [this.#first.exchange.call.account];
  }

  #tell(record: CallRecord): void {
    for (const passenger of this.#passengers) {
      const { call } = passenger.exchange;
      if (!call.observe) continue;
      if (passenger === this.#first) call.observe({ ...record, demand: call.demand });
      else call.observe(toShared(record, passenger));
    }
  }
}

/** What is sent for all: with nobody's identity, and with the signal and deadline that the flight has by then. */
class SharedExchange implements Exchange {
  readonly call: Call;
  readonly endpoint: Exchange['endpoint'];
  readonly url: string;
  readonly headers: Exchange['headers'];
  readonly principal: Exchange['principal'];
  readonly body: Exchange['body'];
  readonly decode: Exchange['decode'];
  readonly #flight: Flight;

  constructor(flight: Flight, first: Exchange, url: string, ears: Pick<Call, 'observe' | 'sharedBy'>) {
    this.#flight = flight;
    this.call = { ...first.call, viewer: null, onBehalfOf: null, ...ears };
    this.endpoint = first.endpoint;
    this.url = url;
    this.headers = first.headers;
    this.principal = first.principal;
    this.body = first.body;
    this.decode = first.decode;
  }

  get signal(): AbortSignal {
    return this.#flight.signal;
  }

  get deadlineAt(): number {
    return this.#flight.deadlineAt;
  }
}

/** A record of the call as one of its later callers met it: nothing of it lies before that one came. */
function toShared(record: CallRecord, { exchange, boardedAt }: Passenger): CallRecord {
  const { firstByteAt } = record;
  return {
    ...record,
    source: record.source === 'network' ? 'shared' : record.source,
    demand: exchange.call.demand,
    queuedAt: Math.max(record.queuedAt, boardedAt),
    startedAt: Math.max(record.startedAt, boardedAt),
    firstByteAt: firstByteAt === null ? null : Math.max(firstByteAt, boardedAt),
  };
}
