import { spawnSync } from 'node:child_process';

/** Whether Prometheus' own checker is there. Says it aloud where it is not, since the tests then prove less. */
export function hasPromtool(): boolean {
  const found = spawnSync('promtool', ['--version']).status === 0;
  if (!found)
    console.warn('SKIPPED: figures and rules were not checked, there is no promtool (apt: prometheus)');
  return found;
}

/** Runs it; its findings, or an empty text where there are none. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', [...args], { input, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}
