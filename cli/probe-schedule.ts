import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gauge, Registry } from 'prom-client';

/** How one probe went. */
export interface Probed {
  /** What was wrong, or null. */
  readonly fault: string | null;
  readonly tookMs: number;
}

/** How a probe is repeated. */
export interface Schedule {
  /** From the beginning of one to the beginning of the next, in milliseconds. */
  readonly everyMs: number;
  /** Where Prometheus asks how the last one went; 0 takes a free port. */
  readonly port: number;
  probe(): Promise<Probed>;
  /** Hears of each. */
  tell(probed: Probed): void;
  /** Hears where the figures are. */
  listening(address: string): void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Probes on a schedule, never two at once, and serves the figures of the last one on loopback until it is ended. */
export async function probeOnSchedule({
  everyMs,
  port,
  probe,
  tell,
  listening,
  signal,
}: Schedule): Promise<void> {
  const registry = new Registry();
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const success = gauge('weir_probe_success', 'Whether the order page came at the last probe.');
  const duration = gauge('weir_probe_duration_seconds', 'How long the last probe took.');
  const lastSuccess = gauge('weir_probe_last_success_timestamp_seconds', 'When the order page came last.');

  const server = createServer(async (request, response) => {
    const isMetrics = request.url === '/metrics';
    response.writeHead(isMetrics ? 200 : 404, { 'content-type': registry.contentType });
    response.end(isMetrics ? await registry.metrics() : '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  listening(`http://127.0.0.1:${address.port}/metrics`);

  const ended = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  while (!signal.aborted) {
    const next = new Promise<void>((resolve) => setTimeout(resolve, everyMs).unref());
    const probed = await probe();
    success.set(probed.fault === null ? 1 : 0);
    duration.set(probed.tookMs / 1000);
    if (probed.fault === null) lastSuccess.setToCurrentTime();
    tell(probed);
    await Promise.race([next, ended]);
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
