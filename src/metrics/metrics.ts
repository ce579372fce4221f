import { collectDefaultMetrics, Registry } from 'prom-client';
import type { CallRecord } from '../call.ts';
import type { UpstreamEvents } from '../http/upstream-options.ts';
import { createAuditMetrics } from './audit-metrics.ts';
import { createOperationMetrics, type OperationFacts } from './operation-metrics.ts';
import { registerStates, type StateSources } from './state-metrics.ts';
import { createUpstreamMetrics } from './upstream-metrics.ts';

/** The figures of one gateway, as Prometheus reads them. */
export interface Metrics {
  /** For the REST client: hears of every attempt. */
  readonly upstreamEvents: UpstreamEvents;
  /** An operation that has ended, or was refused. */
  observeOperation(facts: OperationFacts): void;
  /** An answer as an operation met it, from a cache or shared with others too. */
  observeCall(record: CallRecord): void;
  /** Something was not done because of a rule: the code of its error. */
  countRefusal(code: string): void;
  /** Whom to ask for states at each scrape. Later calls add to earlier ones. */
  watch(sources: StateSources): void;
  /** All figures in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * Makes the figures. Counting costs some microseconds an operation; states are asked for at a scrape, and the
 * process (CPU, memory, delay of the event loop) is watched from the first scrape on.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const upstream = createUpstreamMetrics(registry);
  let sources: StateSources = {};
  let scraped = false;
  registerStates(registry, () => sources);
  return {
    upstreamEvents: upstream.events,
    observeOperation: createOperationMetrics(registry),
    observeCall: upstream.observeCall,
    countRefusal: createAuditMetrics(registry, () => sources.audit?.()),
    watch(more) {
      sources = { ...sources, ...more };
    },
    async text() {
      if (!scraped) watchProcess(registry);
      scraped = true;
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** prom-client's own figures, without those whose names say that they only grow: they do not. */
function watchProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const kind of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
}
