import { Counter, Gauge, type Registry } from 'prom-client';
import type { InstanceHealth } from '../http/upstream-options.ts';
import type { AuditFigures } from './audit-metrics.ts';

/** How workflows stand, all together. */
export interface WorkflowStates {
  /** How many there are in each state, such as `RUNNING` or `COMPENSATING`. */
  readonly byState: Readonly<Record<string, number>>;
  /** For how long, in seconds, the one has been taking back its steps that has for longest. */
  readonly undoingSeconds: number;
}

/** Whom to ask for the state of things when somebody scrapes. Left out: that part is not told. */
export interface StateSources {
  readonly health?: () => readonly InstanceHealth[];
  /** Operations under way, how many may be, and how many were refused since the start. */
  readonly operations?: () => { readonly inFlight: number; readonly limit: number; readonly refused: number };
  /** A rejection leaves them out. */
  readonly workflows?: () => Promise<WorkflowStates>;
  readonly audit?: (() => AuditFigures) | undefined;
}

const BREAKER = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Tells states when they are asked for: nothing is counted in between. */
export function registerStates(registry: Registry, sources: () => StateSources): void {
  const registers = [registry];
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    tell: (gauge: Gauge<L>) => void | Promise<void>,
  ): void => {
    new Gauge<L>({
      name,
      help,
      labelNames: [...labelNames],
      registers,
      async collect() {
        this.reset();
        await tell(this);
      },
    });
  };

  const perInstance = (name: string, help: string, read: (health: InstanceHealth) => number): void =>
    gauge(name, help, ['backend', 'instance'], (told) => {
      for (const health of sources().health?.() ?? []) {
        told.set({ backend: health.backend, instance: health.instance }, read(health));
      }
    });
  perInstance('weir_breaker_state', '0 closed, 1 half-open, 2 open.', ({ state }) => BREAKER[state]);
  perInstance('weir_bulkhead_in_flight', 'Calls on the wire to an instance.', ({ inFlight }) => inFlight);
  perInstance('weir_bulkhead_waiting', 'Calls that wait for a free slot.', ({ waiting }) => waiting);

  const ofOperations = (name: string, help: string, key: 'inFlight' | 'limit'): void =>
    gauge(name, help, [], (told) => {
      const state = sources().operations?.();
      if (state) told.set(state[key]);
    });
  ofOperations('weir_operations_in_flight', 'Operations under way.', 'inFlight');
  ofOperations('weir_operations_limit', 'Operations that may be under way now.', 'limit');
  new Counter({
    name: 'weir_overloaded_total',
    help: 'Operations that were refused because too many were under way.',
    registers,
    collect() {
      this.reset();
      this.inc(sources().operations?.().refused ?? 0);
    },
  });

  // Whatever is told of one scrape comes from one look.
  let looking: Promise<WorkflowStates | null> | null = null;
  const ofWorkflows = (): Promise<WorkflowStates | null> => {
    looking ??= (sources().workflows?.() ?? Promise.resolve(null))
      .catch(() => null)
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  gauge('weir_workflows', 'Workflows by state, in the whole database.', ['state'], async (told) => {
    const { byState = {} } = (await ofWorkflows()) ?? {};
    for (const [state, count] of Object.entries(byState)) told.set({ state }, count);
  });
  gauge(
    'weir_workflows_undoing_seconds',
    'For how long the workflow has been taking back its steps that has for longest, in the whole database.',
    [],
    async (told) => {
      const states = await ofWorkflows();
      if (states) told.set(states.undoingSeconds);
      else told.remove();
    },
  );
}
