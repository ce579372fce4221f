import type { Registry } from 'prom-client';
import { createBoundedNames } from './bounded-names.ts';
import { createCounter, createHistogram } from './tallies.ts';

/** What is counted of an operation that has ended, or was refused. */
export interface OperationFacts {
  /** Null where it has no name. */
  readonly operation: string | null;
  /** Null where it was refused before anybody knew what it is: then its name is anything a stranger wrote. */
  readonly kind: string | null;
  /** The token's `client_id`, or null. */
  readonly clientId: string | null;
  readonly durationMs: number;
  /** REST calls that were made for it. */
  readonly calls: number;
  /** The longest chain of calls that waited for one another. */
  readonly depth: number;
  /** `ok`, `partial`, or the code of the error that stood in place of an answer. */
  readonly outcome: string;
}

/** Together they make at most some ten thousand series, of which a real deployment uses a few hundred. */
const MAX_OPERATIONS = 100;
const MAX_CLIENTS = 20;

/** Counts operations by name, status and client. Null names are `anonymous`. */
export function createOperationMetrics(registry: Registry): (facts: OperationFacts) => void {
  const total = createCounter({
    name: 'weir_operations_total',
    help: 'Operations by name, status (ok, partial, or the code of the error in place of an answer) and client.',
    labelNames: ['operation', 'status', 'client'],
    registry,
  });
  const duration = createHistogram({
    name: 'weir_operation_duration_seconds',
    help: 'From the last byte of a request to its answer.',
    labelNames: ['operation'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registry,
  });
  const calls = createHistogram({
    name: 'weir_operation_upstream_calls',
    help: 'REST calls that one operation made.',
    buckets: [0, 1, 2, 4, 8, 16, 32, 64, 128],
    registry,
  });
  const depth = createHistogram({
    name: 'weir_operation_depth',
    help: 'The longest chain of REST calls that waited for one another in one operation.',
    buckets: [0, 1, 2, 3, 4, 6, 8],
    registry,
  });
  const rateLimited = createCounter({
    name: 'weir_rate_limited_total',
    help: 'Operations that were refused because their viewer has spent its minute.',
    registry,
  });

  const operationName = createBoundedNames(MAX_OPERATIONS);
  const clientName = createBoundedNames(MAX_CLIENTS);
  return (facts) => {
    const operation = facts.kind === null ? 'refused' : operationName(facts.operation ?? 'anonymous');
    total(operation, facts.outcome, clientName(facts.clientId ?? 'anonymous')).add();
    if (facts.outcome === 'RATE_LIMITED') rateLimited().add();
    duration(operation).observe(facts.durationMs / 1000);
    calls().observe(facts.calls);
    depth().observe(facts.depth);
  };
}
