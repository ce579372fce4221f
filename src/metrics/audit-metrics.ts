import { Counter, Gauge, type Registry } from 'prom-client';

/** How much of the audit log has been written, waits, and was dropped since the start. */
export interface AuditFigures {
  readonly waiting: number;
  readonly written: number;
  readonly dropped: number;
}

/** Tells how the audit log stands when somebody scrapes, and answers what counts refusals. */
export function createAuditMetrics(
  registry: Registry,
  state: () => AuditFigures | undefined,
): (code: string) => void {
  const registers = [registry];
  const refusals = new Counter({
    name: 'weir_refusals_total',
    help: 'What was not done because of a rule, by the code of the error.',
    labelNames: ['code'],
    registers,
  });
  const ofLines = (name: string, help: string, key: 'written' | 'dropped'): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(state()?.[key] ?? 0);
      },
    });
  };
  ofLines('weir_audit_written_total', 'Lines of the audit log that were written.', 'written');
  ofLines('weir_audit_dropped_total', 'Lines of the audit log that are lost: too much waited.', 'dropped');
  new Gauge({
    name: 'weir_audit_waiting',
    help: 'Lines of the audit log that wait in memory to be written.',
    registers,
    collect() {
      this.set(state()?.waiting ?? 0);
    },
  });
  return (code) => refusals.inc({ code });
}
