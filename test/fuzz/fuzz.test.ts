import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { createCase } from './cases.ts';
import { fuzz } from './fuzz.ts';
import { judge } from './judge.ts';
import { signIn } from './sign-in.ts';
import { startTarget, type Target } from './target.ts';

const SEED = 20_261_121;

describe('hostile input', () => {
  let weir: Weir;
  let target: Target;
  let tokens: readonly string[];
  beforeAll(async () => {
    weir = await startWeir();
    target = await startTarget(weir.backends);
    tokens = [
      await signIn(weir.backends.users ?? '', 'ada'),
      await signIn(weir.backends.users ?? '', 'grace'),
    ];
  });
  afterAll(async () => {
    await target?.[Symbol.asyncDispose]();
    await weir?.[Symbol.asyncDispose]();
  });

  it('of 2,000 cases is answered or refused, and nothing of it hurts', async () => {
    const report = await fuzz(target, { seed: SEED, count: 2_000, tokens });
    expect(report.crashes).toEqual([]);
    expect(report.faults).toEqual([]);
    expect(report.cases).toBe(2_000);
    expect(report.grewMb).toBeLessThan(100);
    // It goes deep as well as it breaks in at the door.
    for (const outcome of [
      'ok',
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'BAD_USER_INPUT',
      'OPERATION_TOO_COMPLEX',
      'UNAUTHENTICATED',
      '400',
    ]) {
      expect([outcome, report.outcomes.get(outcome) ?? 0]).toEqual([outcome, expect.any(Number)]);
      expect(report.outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(5);
    }
  }, 240_000);

  it('is the same for the same seed and number', () => {
    const [one, again, other] = [1, 1, 2].map((seed) =>
      createCase({ seed, tokens }, 42).bytes.toString('hex'),
    );
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it.each([
    ['a failure', { status: 500, body: '{}' }],
    [
      'a failure in words',
      { status: 200, body: '{"errors":[{"message":"x","extensions":{"code":"INTERNAL"}}]}' },
    ],
    ['an error without a code', { status: 200, body: '{"errors":[{"message":"x"}]}' }],
    [
      'a limit without a hint',
      {
        status: 200,
        body: '{"errors":[{"message":"x","extensions":{"code":"OPERATION_TOO_COMPLEX","limit":1,"actual":2}}]}',
      },
    ],
    ['a stack', { status: 200, body: '{"data":"at run (/srv/weir/src/main.ts:1:1)"}' }],
    ['an answer that took long', { status: 200, body: '{}', tookMs: 1_001 }],
    ['no answer', { status: null, body: '', end: 'silent' }],
  ] as const)('is judged: %s is a fault', (_, reply) => {
    const one = { index: 0, layer: 'JSON', bytes: Buffer.alloc(0), whole: true } as const;
    expect(judge(one, { headers: {}, tookMs: 1, end: 'answered', ...reply }).fault).not.toBeNull();
    expect(
      judge(one, { headers: {}, tookMs: 1, end: 'answered', status: 200, body: '{"data":{}}' }).fault,
    ).toBeNull();
  });
});
