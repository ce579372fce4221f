/**
 * Runs the public suite `http-cache-tests` through our upstream cache, and through undici's beside it.
 *
 * `node bench/http-cache-tests/run.ts [--suite <folder>] [--only <cache>] [--failures]`
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openSuite, type Results, results, type Suite, type SuiteTest } from './suite.ts';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: join(here, 'node_modules/http-cache-tests') },
    only: { type: 'string' },
    failures: { type: 'boolean', default: false },
  },
});
const folder = resolve(values.suite);
if (!existsSync(join(folder, 'tests/index.mjs'))) {
  console.error(`There is no suite in ${folder}. Install it first: npm ci --prefix ${here}`);
  process.exit(1);
}

const rows = [
  { name: 'weir', label: 'Weir, as the gateway runs it' },
  { name: 'weir-heuristic', label: 'Weir, heuristic freshness on' },
  { name: 'undici', label: "undici's cache interceptor" },
  { name: 'none', label: 'no cache' },
].filter(({ name }) => !values.only || name === values.only);

const suite = await openSuite(folder);
const all = new Map(suite.groups.flatMap((group) => group.tests).map((test) => [test.id, test]));

// One after the other: they share two cores, and a test that waits three seconds must not wait much longer.
const outcomes: { label: string; results: Results }[] = [];
for (const { name, label } of rows) outcomes.push({ label, results: await runOne(name) });

const kinds = ['required', 'optimal', 'check'] as const;
console.log(`http-cache-tests, ${folder}`);
console.log(['cache'.padEnd(32), ...kinds.map((kind) => kind.padStart(12))].join(''));
for (const o of outcomes)
  console.log(
    o.label,
    kinds.map((k) => ofKind(k).filter((t) => o.results[t.id] === true).length),
  );
for (const outcome of outcomes) {
  const cells = kinds.map((kind) => `${passed(outcome.results, kind).length} of ${ofKind(kind).length}`);
  console.log([outcome.label.padEnd(32), ...cells.map((cell) => cell.padStart(12))].join(''));
}
if (values.failures) for (const outcome of outcomes) printFailures(suite, outcome.label, outcome.results);

function runOne(name: string): Promise<Results> {
  return new Promise((resolve, reject) => {
    const child = fork(join(here, 'run-one.ts'), [name, folder], { stdio: 'inherit' });
    child.once('message', (message) => resolve(results.parse(message)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} and no results`)));
  });
}

function ofKind(kind: SuiteTest['kind']): SuiteTest[] {
  return [...all.values()].filter((test) => test.kind === kind);
}

/** As the suite counts: a test passes only where the tests it depends on pass too. */
function isPassed(test: SuiteTest, of: Results): boolean {
  return (
    of[test.id] === true &&
    test.depends_on.every((id) => {
      const needed = all.get(id);
      return needed !== undefined && isPassed(needed, of);
    })
  );
}

function passed(of: Results, kind: SuiteTest['kind']): SuiteTest[] {
  return ofKind(kind).filter((test) => isPassed(test, of));
}

function printFailures({ groups }: Suite, label: string, of: Results): void {
  console.log(`\n${label}: what does not pass`);
  for (const group of groups) {
    for (const test of group.tests) {
      if (test.kind === 'check' || isPassed(test, of)) continue;
      const outcome = of[test.id];
      const why =
        outcome === true ? `depends on ${test.depends_on.join(', ')}` : (outcome?.join(': ') ?? 'not run');
      console.log(`  ${test.kind.padEnd(9)} ${test.id.padEnd(44)} ${why}`);
    }
  }
}
