import type { Registry } from 'prom-client';
import type { CallRecord } from '../call.ts';
import type { UpstreamEvents } from '../http/upstream-options.ts';
import { byKey } from './by-key.ts';
import { createCounter, createHistogram } from './tallies.ts';

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
  const labelNames = ['backend', 'route'] as const;
  const attempts = createCounter({
    name: 'weir_upstream_attempts_total',
    help: 'Attempts at REST calls by outcome: the class of the status, or the code where no answer came.',
    labelNames: [...labelNames, 'outcome'],
    registry,
  });
  const retries = createCounter({
    name: 'weir_upstream_retries_total',
    help: 'Attempts after the first.',
    labelNames,
    registry,
  });
  const bytes = createCounter({
    name: 'weir_upstream_bytes_total',
    help: 'Bytes of the bodies of answers.',
    labelNames,
    registry,
  });
  const duration = createHistogram({
    name: 'weir_upstream_duration_seconds',
    help: 'From sending a call to the end of its answer.',
    labelNames,
    buckets: SECONDS,
    registry,
  });
  const queue = createHistogram({
    name: 'weir_upstream_queue_seconds',
    help: 'How long calls waited for a free slot.',
    labelNames: ['backend'],
    buckets: SECONDS,
    registry,
  });
  const batch = createHistogram({
    name: 'weir_upstream_batch_size',
    help: 'Keys that one call served.',
    labelNames,
    buckets: [1, 2, 5, 10, 25, 50, 100],
    registry,
  });
  const breaks = createCounter({
    name: 'weir_upstream_contract_breaks_total',
    help: 'Answers whose shape is not what the contract says.',
    labelNames,
    registry,
  });
  const changes = createCounter({
    name: 'weir_breaker_changes_total',
    help: 'How often the breaker of an instance went to a state.',
    labelNames: ['instance', 'to'],
    registry,
  });
  const answers = createCounter({
    name: 'weir_upstream_answers_total',
    help: 'Answers that operations used, by where they came from: network, shared, cache or stale.',
    labelNames: ['backend', 'source'],
    registry,
  });

  const routeOf = byKey((backend: string, route: string) => ({
    retries: retries(backend, route),
    bytes: bytes(backend, route),
    duration: duration(backend, route),
    batch: batch(backend, route),
    queue: queue(backend),
  }));

  return {
    events: {
      attempt(record) {
        const { backend, route, attempt, demand } = record;
        const on = routeOf(backend, route);
        attempts(backend, route, outcomeOf(record)).add();
        on.duration.observe((record.endedAt - record.startedAt) / 1000);
        on.queue.observe((record.startedAt - record.queuedAt) / 1000);
        if (record.bytes > 0) on.bytes.add(record.bytes);
        if (attempt > 1) on.retries.add();
        else if (demand !== null) on.batch.observe(demand.batchSize);
      },
      drift: ({ endpoint: { backend, route } }) => breaks(backend, route).add(),
      breaker: (instance, { to }) => changes(instance, to).add(),
    },
    observeCall: ({ backend, source }) => answers(backend, source).add(),
  };
}

const CLASSES = ['', '1xx', '2xx', '3xx', '4xx', '5xx'];

const outcomeOf = ({ status, error }: CallRecord): string =>
  status === null ? (error ?? 'none') : (CLASSES[Math.floor(status / 100)] ?? 'other');
