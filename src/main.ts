/**
 * `npm run gateway`: one gateway, from the settings of the environment.
 *
 * The only file that acts when it is imported. Ends with 0 on SIGINT and SIGTERM, with 1 where it cannot start, and
 * then says what to do.
 */
import { ConfigError, readConfig } from './config.ts';
import { createGateway, type Gateway } from './gateway.ts';

const startedAt = performance.now();

try {
  const config = readConfig(process.env);
  const gateway = createGateway({ config, durable: true });
  endOnSignal(gateway);
  const address = await gateway.listen(config.PORT, config.HOST);
  await gateway.settled;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`The gateway is ready after ${seconds} s: ${address}/graphql`);
  process.send?.({ ready: address });
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}

function endOnSignal(gateway: Gateway): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  // Started by another process of ours: when that one is gone, however it went, this one has no reason to stay.
  if (process.connected) process.once('disconnect', end);
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return [
      `Port ${error.port}, where the gateway is to listen, is taken.`,
      'Is another gateway running? End it, or choose another port:',
      '  PORT=4010 npm run gateway',
    ].join('\n');
  }
  if (error instanceof Error && 'code' in error && error.code === 'EACCES') {
    return 'The gateway may not listen on this port. Choose one above 1023: PORT=4010 npm run gateway';
  }
  return `The gateway cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
