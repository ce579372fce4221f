/**
 * `npm start`: the demo backends and a gateway in front of them, each in a process of its own, and GraphiQL.
 *
 * Ends everything it started on Ctrl-C and SIGTERM, when npm is gone, or when one of the two halves ends.
 */
import { existsSync } from 'node:fs';
import { backends } from '../src/backends.ts';
import { NODE_FLAGS } from '../src/config/node-flags.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { greeting } from './start/greeting.ts';
import { onParentGone } from './start/parent.ts';
import { type Part, type PartOptions, startPart } from './start/part.ts';
import { demoWarehouseSecret } from './start/warehouse-secret.ts';

const startedAt = performance.now();
const say = (line: string): void =>
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${line}`);

const parts: Part[] = [];
let ending = false;

try {
  // So that the demo's warehouse is believed, unless somebody has set a secret of their own.
  process.env.WEBHOOK_SECRET_ORDERS ||= demoWarehouseSecret;
  const config = readConfig(process.env);
  const wanted = Object.keys(backends).filter((name) => !config.addressed.has(name) && hasTwin(name));
  // Also a second time, which a signal to the whole group is by way of npm: each half is bounded in how long it ends.
  process.on('SIGINT', () => end(0));
  process.on('SIGTERM', () => end(0));
  onParentGone(() => end(0));

  say('starting Weir: the demo backends, the gateway and GraphiQL');
  const pages = config.EXPLORER ? buildPages() : Promise.resolve();
  // The race calls the demo backends by themselves: only where all of them are ours.
  const environment = wanted.length === Object.keys(backends).length ? { WEIR_DEMO: 'true' } : {};
  const halves = [start('gateway', 'src/main.ts', [], { environment, nodeFlags: NODE_FLAGS })];
  if (wanted.length > 0) halves.push(start('demo', 'demo/main.ts', wanted));
  const [address] = await Promise.all(halves);
  await pages;
  console.log(greeting(typeof address === 'string' ? address : ''));
} catch (error) {
  if (!ending) {
    console.error(error instanceof ConfigError ? error.message : `Weir cannot start: ${messageOf(error)}`);
    end(1);
  }
}

/** Whether the demo has a backend of this name: one behind Weir that it has not must be told by its address. */
function hasTwin(name: string): boolean {
  return existsSync(new URL(`backends/${name}.ts`, import.meta.url));
}

/** Starts one half; resolves with what it says when it is ready. When it ends later, everything ends. */
function start(
  name: string,
  file: string,
  args: readonly string[],
  how: Pick<PartOptions, 'environment' | 'nodeFlags'> = {},
): Promise<unknown> {
  const part = startPart({
    ...how,
    name,
    file,
    args,
    onLine: (line) => say(`${name.padEnd(9)}${line}`),
  });
  parts.push(part);
  part.ended.then((code) => {
    if (!ending) say(`${name} has ended (${code ?? 'killed'}); ending the rest`);
    end(code === 0 ? 0 : 1);
  });
  return part.ready;
}

async function buildPages(): Promise<void> {
  // Loaded here and not above: the bundler is large, and nobody waits for it who has built pages.
  const [{ buildExplorer }, { buildClient }] = await Promise.all([
    import('../explorer/build.ts'),
    import('../client/build.ts'),
  ]);
  for (const build of [buildExplorer, buildClient]) {
    try {
      await build({ onProgress: (line) => say(line) });
    } catch (error) {
      // The gateway is of use without it.
      say(messageOf(error));
    }
  }
}

/** Ends both halves and then this process. Calling it again changes nothing. */
function end(code: number): void {
  if (ending) return;
  ending = true;
  Promise.all(parts.map((part) => part.end())).then(() => process.exit(code));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
