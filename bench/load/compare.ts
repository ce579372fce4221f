import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { RawAnswer } from './connection.ts';

const answerShape = z.object({ data: z.unknown(), errors: z.unknown().optional() });

/** Where a server said something else than L. */
export class WrongAnswer extends Error {
  constructor(server: string, why: string, answer: RawAnswer, limit: RawAnswer) {
    const show = ({ status, body }: RawAnswer): string => `${status} ${body.slice(0, 600)}`;
    super(`${server} ${why}\n  it says  ${show(answer)}\n  L says   ${show(limit)}`);
    this.name = 'WrongAnswer';
  }
}

/** Says whether answers are L's. */
export interface Comparison {
  /** Compares each answer with L's to the same request. Throws a `WrongAnswer` for the first that differs. */
  check(server: string, answers: readonly RawAnswer[], limits: readonly RawAnswer[]): void;
}

/** Makes a comparison, which remembers the last pair that was equal: most rounds are the same request over again. */
export function createComparison(): Comparison {
  let equal: { readonly answer: string; readonly limit: string } | null = null;
  return {
    check(server, answers, limits) {
      for (const [index, answer] of answers.entries()) {
        const limit = limits[index];
        if (limit === undefined) throw new Error('there are more answers than L gave');
        if (answer.status !== 200) throw new WrongAnswer(server, 'did not answer 200', answer, limit);
        if (equal?.answer === answer.body && equal.limit === limit.body) continue;
        const { data, errors } = answerShape.parse(JSON.parse(answer.body));
        if (errors !== undefined) throw new WrongAnswer(server, 'answered with errors', answer, limit);
        if (!isDeepStrictEqual(data, answerShape.parse(JSON.parse(limit.body)).data)) {
          throw new WrongAnswer(server, 'answered something else than L', answer, limit);
        }
        equal = { answer: answer.body, limit: limit.body };
      }
    },
  };
}
