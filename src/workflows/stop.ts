import type { Problem } from './state.ts';

/** Thrown within a saga to end it before its end. What was done is undone. */
export class Stop extends Error {
  readonly how: 'failed' | 'cancelled';
  readonly problem: Problem;

  constructor(how: 'failed' | 'cancelled', problem: Problem) {
    super(problem.message);
    this.name = 'Stop';
    this.how = how;
    this.problem = problem;
  }
}
