import type { Asker, Question } from '../asker.ts';

/** A question, a new one each time: what it makes, or acts on, nobody has asked for before. */
export type Ask = (world: CaseWorld) => Promise<Question> | Question;

/** What cases can reach to prepare their questions. */
export interface CaseWorld extends Pick<Asker, 'next'> {
  /** Asks the endpoint with this name its good question, as amended, and answers the body. Fails where that fails. */
  make(endpoint: string, amended?: Partial<Question>): Promise<Readonly<Record<string, unknown>>>;
}

/** How to put the questions that only this endpoint understands. */
export interface EndpointCases {
  /** What is answered with what was asked for. */
  readonly good: Ask;
  /** Problems that follow from the question's content, by the last segment of their type. */
  readonly problems?: Readonly<Record<string, Ask>>;
}

/** By the endpoint's name. */
export type BackendCases = Readonly<Record<string, EndpointCases>>;

/** Keys of writes are known by the question that carried them. */
export const withKey = (key: string): Partial<Question> => ({ headers: { 'idempotency-key': key } });

/** The good question of an endpoint that answers what the write of another made. */
export function madeBy(write: string): EndpointCases {
  return {
    good: async ({ make, next }) => {
      const key = `made-${next()}`;
      await make(write, withKey(key));
      return { as: 'machine', query: { idempotencyKey: key } };
    },
  };
}

/** The good question of an endpoint that acts on what the write of another made. */
export function actingOn(write: string, body?: unknown): EndpointCases {
  return {
    good: async ({ make }) => ({
      as: 'machine',
      path: { id: idOf(await make(write)) },
      ...(body === undefined ? {} : { body }),
    }),
  };
}

/** The id of what was made. */
export function idOf(made: Readonly<Record<string, unknown>>): string {
  return String(made.id);
}
