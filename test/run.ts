/**
 * `npm test`: types, lint, then every test, with a closing line that counts them.
 *
 * What a bare machine lacks (a browser, Redis) is skipped and said at the end; with `CI=true` a skip is a failure.
 * Arguments go to vitest: `npm test -- test/http`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const reportShape = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});

const scratch = mkdtempSync(join(tmpdir(), 'weir-report-'));
const report = join(scratch, 'report.json');
const narrowed = process.argv.slice(2);

const types = narrowed.length > 0 || run('types', 'tsc', ['-p', 'tsconfig.json']);
const lint = narrowed.length > 0 || run('lint', 'biome', ['check', '--error-on-warnings', '.']);
const tests = run('tests', 'vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...narrowed,
]);
process.exitCode = close(types && lint && tests) ? 0 : 1;
rmSync(scratch, { recursive: true, force: true });

/** Runs one of the project's tools to its end; true where it found nothing wrong. */
function run(name: string, tool: string, args: readonly string[]): boolean {
  console.log(`\n== ${name}`);
  const startedAt = performance.now();
  const { status } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`== ${name}: ${status === 0 ? 'good' : 'not good'} after ${seconds} s`);
  return status === 0;
}

/** Prints what was skipped and the closing line; true where everything is as it should be. */
function close(good: boolean): boolean {
  const counts = readReport();
  if (!counts) {
    console.error('\nvitest ended without a report.');
    return false;
  }
  const skipped = counts.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName);
  if (skipped.length > 0) {
    console.log(
      `\n!! SKIPPED, because this machine lacks what they need (see the lines with SKIPPED above):`,
    );
    for (const name of skipped) console.log(`!!   ${name}`);
    if (process.env.CI) console.log('!! In CI nothing may be skipped.');
  }
  const failed = counts.numFailedTests + (counts.numFailedTests === 0 ? counts.numFailedTestSuites : 0);
  console.log(`\n${counts.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
  return good && failed === 0 && counts.numPassedTests > 0 && !(process.env.CI && skipped.length > 0);
}

function readReport(): z.infer<typeof reportShape> | null {
  try {
    return reportShape.parse(JSON.parse(readFileSync(report, 'utf8')));
  } catch {
    return null;
  }
}
