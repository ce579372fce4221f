import type { Config } from '../config.ts';
import { createTracing, type Tracing } from './tracing.ts';

/** Traces as the settings want them; null where nobody receives them. */
export function openTracing(config: Config): Tracing | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = config;
  return endpoint === null ? null : createTracing({ endpoint, serviceName });
}
