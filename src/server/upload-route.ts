import type { IncomingMessage, ServerResponse } from 'node:http';
import { catalogue, WeirError } from '../errors.ts';
import type { Pipeline } from '../execution/pipeline.ts';
import type { Identity } from '../guard/identity.ts';
import { headersOf, requestIdOf, write } from './direct.ts';
import { toJsonAnswer } from './json-answer.ts';
import { readBody } from './read-body.ts';

export interface UploadRouteOptions {
  readonly identity: Identity;
  /** Keeps a catalogue for its owner; answers its id. */
  readonly save: (owner: string, csv: string) => Promise<string>;
  /** Counts whoever is sent away among the others. */
  readonly pipeline: Pick<Pipeline, 'refusal'>;
}

/** 20,000 rows of a catalogue, with room to spare, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** `POST /uploads`: an administrator's catalogue as CSV, kept until `importProducts` names it. */
export function createUploadRoute({ identity, pipeline, save }: UploadRouteOptions) {
  const take = async (request: IncomingMessage): Promise<string> => {
    const header = headersOf(request);
    const viewer = await identity.identify(header('authorization'));
    if (viewer === null) throw new WeirError('UNAUTHENTICATED', 'This needs an access token.');
    if (!viewer.scopes.has('admin')) throw new WeirError('FORBIDDEN', 'This is for administrators.');
    if (!/^text\/csv\b/i.test(header('content-type') ?? '')) {
      throw new WeirError('UNSUPPORTED_MEDIA_TYPE', 'An upload must be text/csv in UTF-8.');
    }
    return save(viewer.id, toText(await readBody(request, MAX_BYTES)));
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      return write(response, toJsonAnswer(405, { error: 'A catalogue is uploaded by POST.' }));
    }
    try {
      write(response, toJsonAnswer(201, { uploadId: await take(request) }));
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      pipeline.refusal(error, { requestId: requestIdOf(headersOf(request)('x-request-id')) });
      // What is left of the body is not read.
      response.setHeader('connection', 'close');
      write(response, toJsonAnswer(catalogue[error.code].status, { error: error.message, code: error.code }));
    }
  };
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new WeirError('BAD_USER_INPUT', 'The upload is not UTF-8.');
  }
}
