import { afterAll, beforeAll, expect, test } from 'vitest';
import { ways } from '../guard/ways.ts';
import { startWeir } from '../start-weir.ts';
import { startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { linesIn, refusalsIn } from './lines.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
});

/** Asks so often, some at a time. */
async function flood(times: number, ask: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < times; from += 50) {
    await Promise.all(Array.from({ length: Math.min(50, times - from) }, (_, index) => ask(from + index)));
  }
}

/** How often each code was refused, over all minutes. */
async function countsIn(url: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { code, count } of await refusalsIn(url)) counts[code] = (counts[code] ?? 0) + Number(count);
  return counts;
}

test('a flood of what is refused is counted to the last one, and is no flood of rows', async () => {
  const url = await database.fresh();
  const weir = await startWeir({ DATABASE_URL: url, RATE_LIMIT: '20' }, { durable: true });
  const ada = await weir.signIn();
  await flood(1_000, () => weir.ask('{ me { id } }', { token: 'a.bad.token' }));
  await flood(500, () => weir.ask('query Theirs { workflows { totalCount } }', { token: ada }));
  await flood(300, () => weir.ask('{ a: __typename '.repeat(200), {}));
  await flood(30, () => weir.ask('query Mine { me { name } }', { token: ada }));
  const figures = await (await fetch(`${weir.url}/metrics`)).text();
  await weir[Symbol.asyncDispose]();

  const counts = await countsIn(url);
  expect(counts).toMatchObject({ UNAUTHENTICATED: 1_000, FORBIDDEN: 500, OPERATION_TOO_COMPLEX: 300 });
  expect(counts.RATE_LIMITED).toBeGreaterThan(0);
  expect(figures).toMatch(/^weir_refusals_total\{code="UNAUTHENTICATED"\} 1000$/m);
  const rows = await refusalsIn(url);
  // A row a code and a minute; the test may begin in one and end in another.
  expect(rows.length).toBeLessThanOrEqual(3 * Object.keys(counts).length);
  for (const { samples } of rows) expect(samples.length).toBeLessThanOrEqual(5);
  expect(rows.find(({ code }) => code === 'FORBIDDEN')?.samples[0]).toMatchObject({ operation: 'Theirs' });
  const limited = rows.find(({ code }) => code === 'RATE_LIMITED')?.samples[0];
  expect(limited).toMatchObject({
    viewer: '1',
    clientId: 'weir-demo-app',
    requestId: expect.stringMatching(/^[\w.-]+$/),
  });
  expect(await linesIn(url)).toHaveLength(1);
});

test('mutations that do nothing leave a minute’s worth of lines, and are counted beyond', async () => {
  const url = await database.fresh();
  const weir = await startWeir({ DATABASE_URL: url }, { durable: true });
  const fields = Array.from(
    { length: 40 },
    (_, index) =>
      `a${index}: decide(input: { workflowId: "Workflow:w${index}", approve: true }) { workflow { id } }`,
  );
  const [ada, grace] = [await weir.signIn(), await weir.signIn('grace@example.com')];
  // A field that may not be null ends the others: the aliases of one operation do not all run.
  await flood(400, () => weir.ask(`mutation { ${fields[0]} }`, { token: ada }));
  await weir.ask(`mutation { ${fields[1]} }`, { token: grace });
  await weir[Symbol.asyncDispose]();

  const lines = (await linesIn(url)).filter(({ action }) => action === 'decide');
  const counts = await countsIn(url);
  const hers = lines.filter(({ actor }) => actor === '1');
  // Sixty a minute, and the test may begin in one and end in another.
  expect(hers.length).toBeGreaterThanOrEqual(60);
  expect(hers.length).toBeLessThanOrEqual(120);
  expect(hers.length + (counts.LEFT_OUT ?? 0)).toBe(400);
  expect(lines.filter(({ actor }) => actor === '2')).toHaveLength(1);
});

test('every way in counts a bad token', async () => {
  const url = await database.fresh();
  const weir = await startWeir({ DATABASE_URL: url }, { durable: true });
  const asked = Object.values(ways);
  for (const ask of asked) await ask(weir.url, { query: '{ __typename }', token: 'a.bad.token' });
  const upload = await fetch(`${weir.url}/uploads`, {
    method: 'POST',
    headers: { authorization: 'Bearer a.bad.token', 'content-type': 'text/csv' },
    body: 'name\n',
  });
  expect(upload.status).toBe(401);
  await weir[Symbol.asyncDispose]();
  expect(await countsIn(url)).toEqual({ UNAUTHENTICATED: asked.length + 1 });
});

test('what is refused in a part that comes later is counted too', async () => {
  const url = await database.fresh();
  const weir = await startWeir({ DATABASE_URL: url }, { durable: true });
  const query = '{ user(id: "User:2") { name ... @defer { email } } }';
  const { text } = await ways['POST for an answer in parts'](weir.url, { query });
  expect(text).toContain('FORBIDDEN');
  await weir[Symbol.asyncDispose]();
  expect(await countsIn(url)).toEqual({ FORBIDDEN: 1 });
});
