import type { IncomingHttpHeaders } from 'node:http';
import { now } from './clock.ts';

/** One call as `GET /_demo/calls` shows it. */
export interface LoggedCall {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** As they came, names in lower case, `authorization` shortened. */
  readonly headers: IncomingHttpHeaders;
  /** When it arrived: milliseconds since the epoch, with fractions, on one clock for all backends. */
  readonly at: number;
  /** Null while no status was sent, and for good where the connection was dropped before. */
  readonly status: number | null;
}

/** Notes the status that a call was answered with. */
export type NoteStatus = (status: number) => void;

export interface CallLog {
  /** Notes a call that has just arrived. */
  add(method: string, path: string, headers: IncomingHttpHeaders): NoteStatus;
  /** The calls since the last `clear`, oldest first. */
  list(): LoggedCall[];
  clear(): void;
}

/** Beyond this many the oldest calls are forgotten, so that a demo left running does not fill the memory. */
const maxCalls = 50_000;

/** Enough of a token to tell two apart, too little to use. */
const shownOfAuthorization = 20;

/** Keeps the calls of one backend in memory. */
export function createCallLog(): CallLog {
  let calls: {
    method: string;
    path: string;
    headers: IncomingHttpHeaders;
    at: number;
    status: number | null;
  }[] = [];
  return {
    add: (method, path, headers) => {
      const call: (typeof calls)[number] = { method, path, headers, at: now(), status: null };
      // In blocks, since taking one off the front of a long array costs as much as taking many.
      if (calls.length >= maxCalls * 1.2) calls = calls.slice(-maxCalls);
      calls.push(call);
      return (status) => {
        call.status = status;
      };
    },
    list: () => calls.slice(-maxCalls).map((call) => ({ ...call, headers: shortened(call.headers) })),
    clear: () => {
      calls = [];
    },
  };
}

function shortened(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { authorization } = headers;
  if (authorization === undefined || authorization.length <= shownOfAuthorization) return headers;
  return { ...headers, authorization: `${authorization.slice(0, shownOfAuthorization)}…` };
}
