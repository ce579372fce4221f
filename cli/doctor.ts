import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../src/config.ts';
import { checkBackends } from './doctor/backends.ts';
import { checkEnvironment } from './doctor/environment.ts';
import type { Finding } from './doctor/finding.ts';
import { checkServices } from './doctor/services.ts';

export const usage = `weir doctor [--json]
  Looks at all that a gateway needs: Node, ports, each backend (reachable, contract, bulk reads, clock), JWKS, the
  database, Redis. One line each, with what to do where something is wrong. Exit code 1 where something is.`;

const SIGN = { ok: '✓', warn: '!', fail: '✗', skip: '–' } as const;

/** Looks at everything and prints a line each. Returns the exit code: 1 where something stands in the way. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  const findings = await findingsOf();
  const failed = findings.filter(({ state }) => state === 'fail').length;
  if (values.json) console.log(JSON.stringify({ healthy: failed === 0, findings }, null, 2));
  else {
    for (const finding of findings) console.log(toLine(finding));
    const open = findings.filter(({ state }) => state === 'warn').length;
    console.log(
      failed === 0
        ? `\nNothing stands in the way${open > 0 ? `; ${open} to look at` : ''}.`
        : `\n${failed} to mend.`,
    );
  }
  return failed === 0 ? 0 : 1;
}

async function findingsOf(): Promise<readonly Finding[]> {
  try {
    const config = readConfig(process.env);
    const parts = await Promise.all([checkEnvironment(config), checkBackends(config), checkServices(config)]);
    return parts.flat();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((fault) => ({
      name: 'settings',
      state: 'fail',
      says: fault,
      remedy: 'docs/configuration.md describes every setting.',
      tookMs: 0,
    }));
  }
}

function toLine({ name, state, says, remedy, tookMs }: Finding): string {
  const line = `${SIGN[state]} ${name.padEnd(22)} ${says} (${Math.round(tookMs)} ms)`;
  return remedy === null ? line : `${line}\n  ${''.padEnd(22)} → ${remedy}`;
}
