import type { IncomingMessage } from 'node:http';
import { WeirError } from '../errors.ts';
import { type OperationParams, toParams } from '../execution/params.ts';
import { checkBodyHeaders, parseBody, readBody } from './read-body.ts';

/** A header that a client may send once. */
export type HeaderOf = (name: string) => string | undefined;

/** Either of these on a GET says that a script sent it: a page of another origin cannot add them unasked. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight'];

/** What the client asks for: from the body of a POST, or from the address of a GET. */
export async function paramsOf(
  request: IncomingMessage,
  header: HeaderOf,
  search: string,
  maxBytes: number,
): Promise<OperationParams> {
  if (request.method === 'POST') {
    checkBodyHeaders({
      type: header('content-type'),
      encoding: header('content-encoding'),
      length: header('content-length'),
      maxBytes,
    });
    return toParams(parseBody(await readBody(request, maxBytes)));
  }
  if (request.method !== 'GET') {
    throw new WeirError('METHOD_NOT_ALLOWED', 'GraphQL is served by POST, and by GET for reading.');
  }
  if (!PREFLIGHT_HEADERS.some((name) => header(name) !== undefined)) {
    throw new WeirError('CSRF_REJECTED', 'A query by GET needs a header that only a script can send.', {
      hint: `Add the header ${PREFLIGHT_HEADERS[0]}: 1, or use POST.`,
    });
  }
  const query = toQuery(search);
  return toParams({
    query: query.get('query'),
    documentId: query.get('documentId'),
    operationName: query.get('operationName'),
    variables: jsonIn(query, 'variables'),
    extensions: jsonIn(query, 'extensions'),
  });
}

/** The parts of an address, which must be good UTF-8: `URLSearchParams` would put other characters in its place. */
function toQuery(search: string): URLSearchParams {
  try {
    decodeURIComponent(search);
  } catch {
    throw new WeirError('BAD_USER_INPUT', 'The address is not UTF-8, encoded by percent signs.', {
      hint: 'Encode each part with encodeURIComponent.',
    });
  }
  return new URLSearchParams(search);
}

function jsonIn(query: URLSearchParams, name: string): unknown {
  const text = query.get(name);
  if (text === null || text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new WeirError('BAD_USER_INPUT', `"${name}" in the address is not JSON.`);
  }
}
