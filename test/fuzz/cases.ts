import { createHash } from 'node:crypto';
import { type Chance, createChance } from './chance.ts';
import { corpus, words } from './corpus.ts';
import { toConversation } from './messages.ts';
import { mutateBytes, mutateDocument, mutateText, mutateVariables, randomValue } from './mutations.ts';

/** What is changed in a request. */
export const layers = ['bytes', 'JSON', 'GraphQL', 'variables', 'headers', 'messages'] as const;
export type Layer = (typeof layers)[number];

/** One request as bytes. */
export interface Case {
  readonly index: number;
  readonly layer: Layer;
  readonly bytes: Buffer;
  /** Whether it is a whole request by HTTP's own rules, so that an answer has to come. */
  readonly whole: boolean;
}

export interface CaseOptions {
  readonly seed: number;
  /** Tokens of people. */
  readonly tokens: readonly string[];
}

interface Draft {
  method: string;
  target: string;
  headers: [string, string][];
  body: Buffer;
}

/** The request of this number in the run of this seed: always the same. */
export function createCase({ seed, tokens }: CaseOptions, index: number): Case {
  const chance = createChance(seed, index);
  // Whoever talks by WebSocket is listened to for a while: one in fifty is enough.
  const layer = chance.happens(0.02) ? 'messages' : chance.pick(layers.slice(0, -1));
  if (layer === 'messages') return { index, layer, bytes: toConversation(tokens, chance), whole: false };
  const origin = chance.pick(corpus);
  const query = layer === 'GraphQL' ? mutateDocument(origin.query, chance) : origin.query;
  const variables = layer === 'variables' ? mutateVariables(origin.variables, chance) : origin.variables;
  const extensions = chance.happens(0.1) ? persistedQuery(query, chance) : undefined;
  const operationName = chance.happens(0.1) ? chance.pick([...words.slice(0, 10), 'A', 'Page']) : undefined;
  const body: Record<string, unknown> = { query, variables, extensions, operationName };
  if (layer === 'JSON' && chance.happens(0.5)) body[chance.pick(Object.keys(body))] = randomValue(chance);
  let text = JSON.stringify(body);
  if (layer === 'JSON') text = mutateJson(text, chance);

  const draft: Draft = {
    method: 'POST',
    target: '/graphql',
    headers: [
      ['host', 'weir.example'],
      ['content-type', 'application/json'],
    ],
    body: Buffer.from(text),
  };
  if (chance.happens(0.6)) draft.headers.push(['authorization', `Bearer ${chance.pick(tokens)}`]);
  if (chance.happens(0.2)) draft.headers.push(['accept', chance.pick(ACCEPTS)]);
  if (layer !== 'JSON' && chance.happens(0.1)) toGet(draft, body, chance);
  if (layer === 'headers') mutateHeaders(draft, chance);
  const bytes = toBytes(draft);
  if (layer === 'bytes') return { index, layer, bytes: mutateBytes(bytes, chance), whole: false };
  return { index, layer, bytes, whole: layer !== 'headers' };
}

const ACCEPTS = [
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed; deferSpec=20220824, application/json',
  'text/html',
  'application/json;q=0, application/graphql-response+json;q=x',
  ',;=,',
];

function persistedQuery(query: string, chance: Chance): unknown {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  return {
    persistedQuery: chance.pick<unknown>([
      { version: 1, sha256Hash },
      { version: 1, sha256Hash: sha256Hash.replace(/^./, '0') },
      { version: 2, sha256Hash },
      { version: 1 },
      randomValue(chance),
    ]),
  };
}

function mutateJson(text: string, chance: Chance): string {
  return chance.pick([
    () => text,
    () => mutateText(text, chance),
    () => `[${text},${text}]`,
    () => `\ufeff${text}`,
    () => text.replace('{', '{"__proto__":{"query":"{__typename}"},"constructor":1,'),
    () => text.replace('{', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)},`),
    () => `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    () => JSON.stringify(randomValue(chance)) ?? '',
    () => text.slice(0, chance.whole(0, text.length)),
    () => text.replaceAll('"', chance.pick(["'", '“', '""'])),
  ])();
}

function toGet(draft: Draft, body: Readonly<Record<string, unknown>>, chance: Chance): void {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    if (value !== undefined) search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  draft.method = 'GET';
  draft.target = `/graphql?${search}`.slice(0, 12_000);
  draft.body = Buffer.alloc(0);
  if (chance.happens(0.8)) draft.headers.push(['graphql-require-preflight', '1']);
}

function mutateHeaders(draft: Draft, chance: Chance): void {
  const names = [
    'host',
    'authorization',
    'content-type',
    'content-length',
    'content-encoding',
    'transfer-encoding',
    'accept',
    'x-weir-timeout-ms',
    'x-weir-trace',
    'x-weir-explain',
    'x-weir-subgraph-token',
    'x-request-id',
    'traceparent',
    'x-forwarded-for',
    'x-client-name',
    'origin',
    'expect',
    'connection',
    'upgrade',
    'te',
    'trailer',
    'cookie',
    'if-none-match',
    'range',
    chance.pick(words),
  ];
  const values = [
    chance.pick(words),
    String(chance.whole(-5, 700_000)),
    '',
    'chunked',
    'identity',
    'gzip, br',
    'application/json; charset=utf-16',
    'application/json;charset="utf-8"',
    'text/plain',
    'Bearer ',
    'Bearer a.b.c',
    'Basic eDp5',
    `Bearer ${'x'.repeat(9_000)}`,
    'websocket',
    '100-continue',
    'keep-alive, upgrade',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '1.2.3.4, 5.6.7.8, unknown, [::1]:7',
    'y'.repeat(chance.pick([100, 20_000, 40_000])),
  ];
  for (let times = chance.whole(1, 4); times > 0; times -= 1) {
    draft.headers.splice(chance.whole(0, draft.headers.length), chance.happens(0.3) ? 1 : 0, [
      chance.pick(names),
      chance.pick(values),
    ]);
  }
  if (chance.happens(0.2))
    draft.method = chance.pick(['GET', 'PUT', 'OPTIONS', 'HEAD', 'DELETE', 'TRACE', 'PATCH', 'x']);
  if (chance.happens(0.2)) {
    draft.target = chance.pick([
      '/',
      '*',
      '//graphql',
      '/graphql/..%2f..%2fetc',
      'http://elsewhere.example/graphql',
      '/graphql?query=%',
      '/graphql?query={__typename}&variables={',
      '/explorer/../../package.json',
      '/readyz',
      '/metrics',
      '/webhooks/orders',
      '/uploads',
      `/${'a/'.repeat(4_000)}`,
      '/%00',
      '/__proto__',
    ]);
  }
}

function toBytes({ method, target, headers, body }: Draft): Buffer {
  const has = (name: string): boolean => headers.some(([known]) => known.toLowerCase() === name);
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  if (!has('content-length') && !has('transfer-encoding') && (body.length > 0 || method === 'POST')) {
    lines.push(`content-length: ${body.length}`);
  }
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
