/**
 * `npm run gateway`: one gateway, from the settings of the environment.
 *
 * The only file that acts when it is imported. Ends with 0 on SIGINT and SIGTERM, with 1 where it cannot start, and
 * then says what to do.
 */
import { ConfigError, readConfig } from './config.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { serverTimes } from './server/http-server.ts';

/** What may be left to do once nobody is served any more: workflows let go of, connections closed. In milliseconds. */
const LET_GO_MS = 10_000;

const startedAt = performance.now();

try {
  const config = readConfig(process.env);
  const gateway = createGateway({ config, durable: true });
  endOnSignal(gateway, config.DEADLINE_MS);
  const address = await gateway.listen(config.PORT, config.HOST);
  await gateway.settled;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`The gateway is ready after ${seconds} s: ${address}/graphql`);
  process.send?.({ ready: address });
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}

function endOnSignal(gateway: Gateway, deadlineMs: number): void {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    const boundMs = serverTimes.noticeMs + deadlineMs + 1_000 + LET_GO_MS;
    setTimeout(() => {
      console.error(`The gateway has not ended within ${boundMs / 1000} s and is ended now.`);
      process.exit(1);
    }, boundMs).unref();
    try {
      // A process of ours that started this one ends the backends as well: there is nobody left to hand over to.
      if (!process.connected) await gateway.drain();
      await gateway.close();
      process.exit(0);
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  // Each as often as it comes: one to the whole group is followed by one from the process that started this one, and the
  // system's own answer to a second would be to end at once, with the database left behind.
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
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
