import { hash, randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from './answer.ts';
import type { NoteStatus } from './call-log.ts';
import type { Spoil } from './faults.ts';
import { toBlankProblem, toProblemDocument } from './problem.ts';

/** Between two bytes of a `slow-body`. */
const slowByteMs = 25;

const problemType = 'application/problem+json; charset=utf-8';
const jsonType = 'application/json; charset=utf-8';

/** How an answer goes out. */
export interface Delivery {
  readonly spoil: Spoil | null;
  readonly noteStatus: NoteStatus;
}

/** An answer as bytes: what is sent, or spoiled on its way. */
interface Message {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Null: no body. */
  readonly payload: string | null;
}

/**
 * Sends an answer: its JSON, and for a read that succeeded an `ETag`, or 304 where the caller has it already.
 *
 * Where the call is to be spoiled after it acted, this is where that happens.
 */
export function deliver(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
  delivery: Delivery,
): FastifyReply {
  const message = toMessage(request, answer, delivery.spoil === null);
  switch (delivery.spoil?.mode) {
    case 'after-acting':
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    case 'truncate':
      return sendHalf(reply, message, delivery.noteStatus);
    case 'slow-body':
      return sendSlowly(reply, message, delivery.noteStatus);
    default:
      delivery.noteStatus(message.status);
      return reply
        .code(message.status)
        .headers(message.headers)
        .send(message.payload ?? undefined);
  }
}

function toMessage(request: FastifyRequest, answer: Answer, mayBeKnown: boolean): Message {
  const payload = JSON.stringify(answer.body);
  const failed = answer.status >= 400;
  const headers: Record<string, string> = {
    'content-type': failed ? problemType : jsonType,
    'cache-control': 'no-store',
    ...answer.headers,
  };
  if (request.method !== 'GET' || answer.status !== 200) return { status: answer.status, headers, payload };
  const etag = `"${hash('sha1', payload, 'base64url')}"`;
  headers.etag = etag;
  // What is to be cut short needs a body: 304 has none.
  if (!mayBeKnown || !isKnown(request.headers['if-none-match'], etag))
    return { status: 200, headers, payload };
  const { 'content-type': _none, ...kept } = headers;
  return { status: 304, headers: kept, payload: null };
}

/** Whether `If-None-Match` names this tag. The comparison is the weak one of RFC 9110, 13.1.2. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

function sendHalf(
  reply: FastifyReply,
  { status, headers, payload }: Message,
  noteStatus: NoteStatus,
): FastifyReply {
  reply.hijack();
  noteStatus(status);
  const bytes = Buffer.from(payload ?? '');
  reply.raw.writeHead(status, { ...headers, 'content-length': Math.max(bytes.length, 2) });
  reply.raw.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => reply.raw.destroy());
  return reply;
}

function sendSlowly(
  reply: FastifyReply,
  { status, headers, payload }: Message,
  noteStatus: NoteStatus,
): FastifyReply {
  reply.hijack();
  noteStatus(status);
  const bytes = Buffer.from(payload ?? '');
  reply.raw.writeHead(status, { ...headers, 'content-length': bytes.length });
  let sent = 0;
  const timer = setInterval(() => {
    if (sent >= bytes.length) reply.raw.end();
    else reply.raw.write(bytes.subarray(sent, ++sent));
  }, slowByteMs);
  reply.raw.once('close', () => clearInterval(timer));
  reply.raw.flushHeaders();
  return reply;
}

/**
 * Spoils a call before anything was done, and says whether it did. Modes that act first are left to `deliver`.
 */
export function spoilBefore(request: FastifyRequest, reply: FastifyReply, delivery: Delivery): boolean {
  const { spoil, noteStatus } = delivery;
  if (spoil === null) return false;
  const send = (contentType: string | null, payload: string | Buffer | undefined): true => {
    noteStatus(spoil.status);
    reply.code(spoil.status).header('cache-control', 'no-store');
    if (spoil.retryAfter !== null) reply.header('retry-after', String(spoil.retryAfter));
    if (contentType !== null) reply.header('content-type', contentType);
    reply.send(payload);
    return true;
  };
  switch (spoil.mode) {
    case null: {
      const document = spoil.status === 503 ? toProblemDocument('unavailable') : problemOf(spoil.status);
      return send(problemType, JSON.stringify(document));
    }
    case 'hang':
      reply.hijack();
      return true;
    case 'reset':
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return true;
    case 'html':
      return send(
        'text/html; charset=utf-8',
        '<!doctype html><title>Sorry</title><h1>We will be back soon</h1>\n',
      );
    case 'garbage':
      return send(jsonType, randomBytes(256));
    case 'wrong-shape':
      return send(jsonType, JSON.stringify({ version: 2, result: [{ kind: 'unexpected', value: 42 }] }));
    case 'empty':
      return send(null, undefined);
    case 'truncate':
    case 'slow-body':
    case 'after-acting':
      return false;
  }
}

function problemOf(status: number) {
  return status === 500
    ? toProblemDocument('internal')
    : toBlankProblem(status, STATUS_CODES[status] ?? 'Error');
}
