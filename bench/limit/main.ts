import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce, backendUrl } from '../ready.ts';
import { createViewerOf } from '../viewer.ts';
import { createPages } from './pages.ts';
import { createRest } from './rest.ts';

/**
 * L, the limit: what the same answers cost when somebody writes each page by hand, over node:http and undici, with
 * nothing between them. No checks, no deadlines, no logs.
 */
const backend = backendUrl();
const pages = createPages(createRest(backend), createViewerOf(backend));

async function answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const { operationName, variables } = JSON.parse(body);
  const page = pages.get(operationName);
  const data = await page?.(variables ?? {}, request.headers.authorization);
  const text = JSON.stringify({ data });
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(request, response, Buffer.concat(chunks).toString()).catch((error: Error) => {
      response.writeHead(500).end(error.message);
    });
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  announce({ url: `http://127.0.0.1:${port}/graphql` });
});
