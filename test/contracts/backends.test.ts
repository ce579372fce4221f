import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Asker, createAsker, type Question } from './asker.ts';
import { type CaseWorld, withKey } from './cases/backend-cases.ts';
import { casesByBackend } from './cases/cases-by-backend.ts';
import { createConformity } from './conformity.ts';
import { type Contract, type ContractEndpoint, readContracts } from './contract.ts';
import { expectationsOf } from './expectations.ts';

const contracts = readContracts();
const zBody = z.record(z.string(), z.unknown());
const zProblem = z.object({ type: z.string(), status: z.int() });
const zDecoders = z.record(z.string(), z.instanceof(z.ZodType));

let asker: Asker;

beforeAll(async () => {
  asker = await createAsker();
});

afterAll(async () => {
  await asker?.[Symbol.asyncDispose]();
});

it('has a contract and cases for each backend', () => {
  expect([...contracts.keys()].sort()).toEqual(Object.keys(asker.urls).sort());
  expect([...casesByBackend.keys()].sort()).toEqual([...contracts.keys()].sort());
});

describe.each([...contracts.values()])('the $backend backend', (contract) => {
  const conformity = createConformity(contract);
  const endpoints = contract.operations.flatMap((operation) => operation.endpoints);

  it('serves its contract', async () => {
    const { status, text } = await asker.call('nobody', contract.backend, '/openapi.json');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual(contract.document);
  });

  it('has cases for the endpoints of its contract and for no others', () => {
    const cases = Object.keys(casesByBackend.get(contract.backend) ?? {});
    expect(cases.sort()).toEqual(endpoints.map(({ name }) => name).sort());
  });

  describe.each(endpoints)('$name', (endpoint) => {
    const cases = casesOf(endpoint);

    it.each(expectationsOf(endpoint, cases))('$title: $status', async ({ status, problem, provoke }) => {
      const answer = await provoke(asker, worldOf(contract));
      expect(answer.status, answer.text).toBe(status);
      expect(conformity.faultsOfAnswer(endpoint, answer)).toEqual([]);
      if (problem === null) return;
      const document = zProblem.parse(JSON.parse(answer.text));
      expect(document).toEqual({ type: `https://weir.example/problems/${problem}`, status });
    });

    it('is decoded without loss by the generated decoder', async () => {
      const module = await import(`../../src/datasources/${contract.backend}/wire/zod.gen.ts`);
      const decoder = zDecoders.parse({ ...module })[`z${endpoint.answer}`];
      const answer = await asker.ask(endpoint, await cases.good(worldOf(contract)));
      const body: unknown = JSON.parse(answer.text);
      expect(decoder?.parse(body)).toEqual(body);
    });

    if (endpoint.operation.parameters.some(({ name }) => name === 'Idempotency-Key')) {
      it('answers a repeat with the same key alike, and acts once', async () => {
        const world = worldOf(contract);
        const question = { ...(await cases.good(world)), ...withKey(`repeat-${world.next()}`) };
        const effects = async () => (await asker.call('nobody', contract.backend, '/_demo/ledger')).text;
        const first = await asker.ask(endpoint, question);
        const after = await effects();
        const second = await asker.ask(endpoint, question);
        expect([second.status, second.text]).toEqual([first.status, first.text]);
        expect(first.headers.get('idempotency-replayed')).toBeNull();
        expect(second.headers.get('idempotency-replayed')).toBe('true');
        expect(conformity.faultsOfAnswer(endpoint, second)).toEqual([]);
        expect(await effects()).toBe(after);
      });
    }
  });

  it.each(contract.operations)('declares for $id what can come of it, and nothing else', (operation) => {
    const declared = [...operation.responses].flatMap(([status, { problems }]) =>
      problems.length === 0 ? [`${status}`] : problems.map((problem) => `${status} ${problem}`),
    );
    const provoked = operation.endpoints
      .flatMap((endpoint) => expectationsOf(endpoint, casesOf(endpoint)))
      .map(({ status, problem }) => (problem === null ? `${status}` : `${status} ${problem}`));
    expect(declared.sort()).toEqual([...new Set(provoked)].sort());
  });
});

function casesOf({ name, operation }: ContractEndpoint) {
  const cases = casesByBackend.get(operation.backend)?.[name];
  if (!cases) throw new Error(`no cases for ${operation.backend}.${name}: add them to test/contracts/cases`);
  return cases;
}

function worldOf(contract: Contract): CaseWorld {
  const make = async (name: string, amended: Partial<Question> = {}) => {
    const endpoint = contract.operations
      .flatMap((operation) => operation.endpoints)
      .find((candidate) => candidate.name === name);
    if (!endpoint) throw new Error(`${contract.backend} has no endpoint ${name}`);
    const answer = await asker.ask(endpoint, { ...(await casesOf(endpoint).good(world)), ...amended });
    if (answer.status >= 300) throw new Error(`${name} answered ${answer.status}: ${answer.text}`);
    return zBody.parse(JSON.parse(answer.text));
  };
  const world: CaseWorld = { next: () => asker.next(), make };
  return world;
}
