import { fileURLToPath } from 'node:url';
import type { Latency } from './kit/create-backend.ts';

/** What `npm run demo` takes from the environment. */
export interface DemoSettings {
  /** `DATA_DIR`: where the stores are kept; `.weir` in the project. */
  readonly dataDir: string;
  /** `DEMO_LATENCY`: `realistic`, or one number of milliseconds for every call. */
  readonly latency: Latency;
  /** `DEMO_PORT_BASE`: the first of nine ports; 4101. 0 takes free ones. */
  readonly portBase: number;
}

/** Every setting that is not right, one line each, with the value and what was expected. */
export class SettingsFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SettingsFault';
    this.faults = faults;
  }
}

const defaults: DemoSettings = {
  dataDir: fileURLToPath(new URL('../.weir', import.meta.url)),
  latency: 'realistic',
  portBase: 4101,
};

/** Nine ports from here still exist. */
const lastPortBase = 65_535 - 8;
const longestLatencyMs = 60_000;

/** Reads the demo's settings. An empty value counts as none. Throws `SettingsFault` with all faults at once. */
export function readDemoSettings(environment: NodeJS.ProcessEnv): DemoSettings {
  const faults: string[] = [];
  const read = <T>(name: string, fallback: T, expected: string, parse: (text: string) => T | null): T => {
    const text = environment[name]?.trim() ?? '';
    if (text === '') return fallback;
    const value = parse(text);
    if (value !== null) return value;
    faults.push(`${name}=${text}: expected ${expected}`);
    return fallback;
  };
  const settings: DemoSettings = {
    dataDir: read('DATA_DIR', defaults.dataDir, 'a folder', (text) => text),
    latency: read<Latency>(
      'DEMO_LATENCY',
      defaults.latency,
      `"realistic" or milliseconds from 0 to ${longestLatencyMs}`,
      (text) => (text === 'realistic' ? text : toWhole(text, 0, longestLatencyMs)),
    ),
    portBase: read('DEMO_PORT_BASE', defaults.portBase, `a port from 0 to ${lastPortBase}`, (text) =>
      toWhole(text, 0, lastPortBase),
    ),
  };
  if (faults.length > 0) throw new SettingsFault(faults);
  return settings;
}

function toWhole(text: string, least: number, most: number): number | null {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}
