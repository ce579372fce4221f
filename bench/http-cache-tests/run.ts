/**
 * Runs the public suite `http-cache-tests` through our upstream cache, and through undici's beside it.
 *
 * `node bench/http-cache-tests/run.ts [--suite <folder>] [--only <cache>] [--failures]`; README.md says more.
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
const strictly = (of: Results) => (test: SuiteTest) => isPassedWithNeeds(test, of);
const plainly = (of: Results) => (test: SuiteTest) => of[test.id] === true;

console.log(`http-cache-tests from ${folder}`);
printTable('passed', plainly);
printTable('passed, and so did all that they depend on', strictly);
if (values.failures) for (const outcome of outcomes) printFailures(suite, outcome.label, outcome.results);

function printTable(title: string, counted: (of: Results) => (test: SuiteTest) => boolean): void {
  console.log(`\n${title.padEnd(46)}${kinds.map((kind) => kind.padStart(13)).join('')}`);
  for (const { label, results } of outcomes) {
    const cells = kinds.map((kind) => {
      const tests = [...all.values()].filter((test) => test.kind === kind);
      return `${tests.filter(counted(results)).length} of ${tests.length}`.padStart(13);
    });
    console.log(`${label.padEnd(46)}${cells.join('')}`);
  }
}

function runOne(name: string): Promise<Results> {
  return new Promise((resolve, reject) => {
    const child = fork(join(here, 'run-one.ts'), [name, folder], { stdio: 'inherit' });
    child.once('message', (message) => resolve(results.parse(message)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} and no results`)));
  });
}

/** As the suite's own pages count: a test passes only where the tests that it depends on pass too. */
function isPassedWithNeeds(test: SuiteTest, of: Results): boolean {
  return (
    of[test.id] === true &&
    test.depends_on.every((id) => {
      const needed = all.get(id);
      return needed !== undefined && isPassedWithNeeds(needed, of);
    })
  );
}

function printFailures({ groups }: Suite, label: string, of: Results): void {
  console.log(`\n${label}: what does not pass`);
  for (const group of groups) {
    for (const test of group.tests) {
      if (test.kind === 'check' || isPassedWithNeeds(test, of)) continue;
      const outcome = of[test.id];
      const why =
        outcome === true ? `depends on ${test.depends_on.join(', ')}` : (outcome?.join(': ') ?? 'not run');
      console.log(`  ${test.kind.padEnd(9)} ${test.id.padEnd(44)} ${why}`);
    }
  }
}
