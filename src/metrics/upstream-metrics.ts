import { Counter, Histogram, type Registry } from 'prom-client';
import type { CallRecord } from '../call.ts';
import type { UpstreamEvents } from '../http/upstream-options.ts';
import { byKey } from './by-key.ts';

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What the REST client tells the whole process, and what it tells single operations. */
export interface UpstreamMetrics {
  /** Every attempt on the wire, whoever it is for. */
  readonly events: UpstreamEvents;
  /** Every answer as one operation met it, from a cache or shared with others too. */
  observeCall(record: CallRecord): void;
}

/** Counts REST calls by backend, route template and outcome: 2xx to 5xx, or a code where no answer came. */
export function createUpstreamMetrics(registry: Registry): UpstreamMetrics {
  const registers = [registry];
  const labelNames = ['backend', 'route'] as const;
  const attempts = new Counter({
    name: 'weir_upstream_attempts_total',
    help: 'Attempts at REST calls by outcome: the class of the status, or the code where no answer came.',
    labelNames: [...labelNames, 'outcome'],
    registers,
  });
  const retries = new Counter({
    name: 'weir_upstream_retries_total',
    help: 'Attempts after the first.',
    labelNames,
    registers,
  });
  const bytes = new Counter({
    name: 'weir_upstream_bytes_total',
    help: 'Bytes of the bodies of answers.',
    labelNames,
    registers,
  });
  const duration = new Histogram({
    name: 'weir_upstream_duration_seconds',
    help: 'From sending a call to the end of its answer.',
    labelNames,
    buckets: SECONDS,
    registers,
  });
  const queue = new Histogram({
    name: 'weir_upstream_queue_seconds',
    help: 'How long calls waited for a free slot.',
    labelNames: ['backend'],
    buckets: SECONDS,
    registers,
  });
  const batch = new Histogram({
    name: 'weir_upstream_batch_size',
    help: 'Keys that one call served.',
    labelNames,
    buckets: [1, 2, 5, 10, 25, 50, 100],
    registers,
  });
  const breaks = new Counter({
    name: 'weir_upstream_contract_breaks_total',
    help: 'Answers whose shape is not what the contract says.',
    labelNames,
    registers,
  });
  const changes = new Counter({
    name: 'weir_breaker_changes_total',
    help: 'How often the breaker of an instance went to a state.',
    labelNames: ['instance', 'to'],
    registers,
  });
  const answers = new Counter({
    name: 'weir_upstream_answers_total',
    help: 'Answers that operations used, by where they came from: network, shared, cache or stale.',
    labelNames: ['backend', 'source'],
    registers,
  });

  const attemptsOf = byKey((backend: string, route: string, outcome: string) =>
    attempts.labels({ backend, route, outcome }),
  );
  const routeOf = byKey((backend: string, route: string) => ({
    retries: retries.labels({ backend, route }),
    bytes: bytes.labels({ backend, route }),
    duration: duration.labels({ backend, route }),
    batch: batch.labels({ backend, route }),
  }));
  const queueOf = byKey((backend: string) => queue.labels({ backend }));
  const answersOf = byKey((backend: string, source: string) => answers.labels({ backend, source }));

  return {
    events: {
      attempt(record) {
        const { backend, route, attempt, demand } = record;
        const on = routeOf(backend, route);
        attemptsOf(backend, route, outcomeOf(record)).inc();
        on.duration.observe((record.endedAt - record.startedAt) / 1000);
        queueOf(backend).observe((record.startedAt - record.queuedAt) / 1000);
        if (record.bytes > 0) on.bytes.inc(record.bytes);
        if (attempt > 1) on.retries.inc();
        else if (demand !== null) on.batch.observe(demand.batchSize);
      },
      drift: ({ endpoint: { backend, route } }) => breaks.labels({ backend, route }).inc(),
      breaker: (instance, { to }) => changes.labels({ instance, to }).inc(),
    },
    observeCall: ({ backend, source }) => answersOf(backend, source).inc(),
  };
}

const outcomeOf = ({ status, error }: CallRecord): string =>
  status === null ? (error ?? 'none') : `${Math.floor(status / 100)}xx`;
