/**
 * A gateway in a process of its own, for whoever wants to break it. Settings come from the environment; it says
 * `{ ready: address }`, answers `memory` with what it takes in bytes, and tells of errors that nobody has caught.
 */
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';

const say = (message: object): void => void process.send?.(message);

process.on('uncaughtException', (error) => say({ crash: error.stack ?? String(error) }));
process.on('unhandledRejection', (error) =>
  say({ crash: `unhandled: ${error instanceof Error ? error.stack : String(error)}` }),
);

const gateway = createGateway({ config: readConfig(process.env) });
const address = await gateway.listen(0, '127.0.0.1');
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc?.();
  say({ memory: process.memoryUsage().heapUsed + process.memoryUsage().external });
});
process.once('disconnect', () => process.exit(0));
say({ ready: address });
