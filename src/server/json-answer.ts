import type { HttpAnswer } from './http-answer.ts';

/** An answer of JSON that is no GraphQL: the state of things, and what is not there. */
export function toJsonAnswer(status: number, body: unknown): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
