import pino, { type Logger } from 'pino';
import { createLineBuffer } from './log/line-buffer.ts';

export type { Logger };

/** Fields that must never be written, wherever in a log line they stand. */
const SECRETS = [
  'authorization',
  'token',
  'accessToken',
  'password',
  'secret',
  '*.authorization',
  '*.token',
  '*.password',
];

/** What a client calls itself or its operation may have this many characters in a log line or a figure. */
const MAX_LABEL = 80;

/**
 * Text of a stranger as a log or a figure may carry it: in one line, without anything that a terminal obeys or that
 * turns the direction of writing, and not long.
 */
export function toLabel(text: string): string;
export function toLabel(text: string | undefined): string | undefined;
export function toLabel(text: string | undefined): string | undefined {
  // Nearly all are, and the classes of Unicode are dear.
  if (text === undefined || PLAIN.test(text)) return text;
  return text.slice(0, MAX_LABEL).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

const PLAIN = /^[\w .:/@-]{0,80}$/;

/** What the log line of an operation says. */
export interface OperationLine {
  readonly requestId: string;
  readonly operation: string | null;
  /** Null where it was refused before anybody knew. */
  readonly kind: string | null;
  readonly hash: string | null;
  readonly viewer: string | null;
  readonly clientId: string | null;
  readonly client?: string | null;
  readonly durationMs: number;
  readonly calls: number;
  readonly depth: number;
  readonly outcome: string;
}

/** Writes the one line of an operation: fields for machines, a sentence for people. */
export function createOperationLog(log: Logger): (line: OperationLine) => void {
  // No field of the line is a secret: nothing has to be looked for in each of them.
  const lines = log.child({}, { redact: [] });
  return (line) => {
    const { kind, outcome, calls, depth } = line;
    const operation = line.operation === null ? null : toLabel(line.operation);
    const durationMs = Math.round(line.durationMs * 10) / 10;
    const work = calls === 0 ? 'no calls' : `${calls} ${calls === 1 ? 'call' : 'calls'} in ${depth || 1}`;
    lines.info(
      {
        requestId: line.requestId,
        operation,
        kind,
        hash: line.hash,
        viewer: line.viewer,
        clientId: line.clientId,
        client: toLabel(line.client ?? undefined) ?? null,
        durationMs,
        calls,
        depth,
        outcome,
      },
      `${kind ?? 'request'} ${operation ?? '(no name)'}: ${outcome}, ${work}, ${durationMs} ms`,
    );
  };
}

/** Characters that stand in JSON as they are, and that a terminal obeys or that turn the direction of writing. */
const UNSEEN = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The same JSON, with such characters by their numbers. */
const escaped = (json: string): string => {
  // Nearly every line, and the classes of Unicode are dear.
  if (PRINTABLE.test(json)) return json;
  return json.replaceAll(UNSEEN, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
};

const PRINTABLE = /^[ -~\n]*$/;

/**
 * JSON for whoever makes text of it: nothing but line breaks and tabs is left of what a terminal obeys.
 *
 * Escapes are looked at one after the other, since the second half of an escaped backslash begins none.
 */
const tamed = (json: string): string =>
  json
    .replaceAll(UNSEEN, '?')
    .replaceAll(/\\(?:u[0-9a-f]{4}|.)/g, (sign) => (/^\\(?:u|[bfr])/.test(sign) ? '?' : sign));

/** A message whose further lines stand in from the margin, where lines of the log begin. */
const indented = <T>(value: T): T | string =>
  typeof value === 'string' ? value.replaceAll('\n', '\n    ') : value;

/**
 * The gateway's log: JSON lines in production, coloured lines for people in development, silent in tests.
 *
 * Whatever is written, nothing in it can look like another line, or tell a terminal what to do.
 */
export function createLog(environment: 'development' | 'test' | 'production'): Logger {
  const level = environment === 'test' ? 'silent' : 'info';
  const base = { level, redact: { paths: SECRETS, censor: '[hidden]' }, base: null };
  if (environment !== 'development') {
    return pino({ ...base, hooks: { streamWrite: escaped } }, createLineBuffer(process.stdout));
  }
  return pino({
    ...base,
    hooks: {
      streamWrite: tamed,
      logMethod(args, method) {
        args.splice(0, args.length, ...args.map(indented));
        method.apply(this, args);
      },
    },
    transport: {
      target: 'pino-pretty',
      options: {
        colorize: process.stdout.isTTY,
        translateTime: 'HH:MM:ss.l',
        ignore: 'pid,hostname',
        sync: true,
      },
    },
  });
}
