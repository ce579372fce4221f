/**
 * `npm run demo`: the nine REST backends, without a gateway. Names as arguments start only these.
 *
 * Prints a line for each backend as it becomes ready, and ends with code 0 on SIGINT or SIGTERM, or with 1 and
 * a word on what to do where it cannot start. Under npm it also ends when npm is gone.
 */
import { readDemoSettings, SettingsFault } from './settings.ts';
import { onParentGone } from './start/parent.ts';
import { createDemoWorld, PortTaken } from './world.ts';

const guide = `Sign in as ada@example.com, grace@example.com or root@example.com; the password is "waterfall".
Each backend has /openapi.json, /_demo/calls, /_demo/ledger and /_demo/faults. Ctrl-C ends it.`;

const startedAt = performance.now();
const ending = new AbortController();
const end = () => {
  // A second signal ends the process the hard way.
  process.off('SIGINT', end);
  process.off('SIGTERM', end);
  process.off('disconnect', end);
  // An open channel would keep the process alive.
  if (process.connected) process.disconnect();
  ending.abort();
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
// Started by `npm start`: when that is gone, however it went, the backends have no reason to stay.
if (process.connected) process.on('disconnect', end);
onParentGone(end);

try {
  const { dataDir, latency, portBase } = readDemoSettings(process.env);
  const world = await createDemoWorld({
    dataDir,
    latency,
    portBase,
    ...(process.argv.length > 2 ? { only: process.argv.slice(2) } : {}),
    onReady: ({ name, url }) => console.log(`${name.padEnd(13)} ${url}`),
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`\nThe demo world is ready after ${seconds} s. Its data is in ${dataDir}.`);
  if (process.send) process.send({ ready: true });
  else console.log(guide);
  // Nothing stays open after it, so the process ends by itself.
  ending.signal.addEventListener('abort', () => void world.close());
  if (ending.signal.aborted) await world.close();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
  end();
}

function messageOf(error: unknown): string {
  if (error instanceof SettingsFault) {
    return ['The demo cannot start with these settings:', ...error.faults.map((fault) => `  ${fault}`)].join(
      '\n',
    );
  }
  if (error instanceof PortTaken) {
    return [
      `Port ${error.port}, where the demo's "${error.backend}" backend is to listen, is taken.`,
      'Is another demo running? End it, or choose nine other ports in a row:',
      '  DEMO_PORT_BASE=5101 npm run demo',
    ].join('\n');
  }
  return `The demo cannot start: ${error instanceof Error ? error.message : String(error)}`;
}
