import type { Metrics } from '../metrics/metrics.ts';
import type { Route } from './admin-routes.ts';
import { write } from './direct.ts';

/** `/metrics`: all figures in Prometheus' text format. */
export function createMetricsRoute({ text, contentType }: Pick<Metrics, 'text' | 'contentType'>): Route {
  return async (_request, response) =>
    write(response, {
      status: 200,
      headers: { 'content-type': contentType, 'cache-control': 'no-store' },
      body: await text(),
    });
}
