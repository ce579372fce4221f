import type { Chance } from './chance.ts';
import { corpus, words } from './corpus.ts';
import { mutateBytes, mutateDocument, mutateText, mutateVariables, randomValue } from './mutations.ts';

const HANDSHAKE = [
  'GET /graphql HTTP/1.1',
  'host: weir.example',
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: graphql-transport-ws',
  '',
  '',
].join('\r\n');

/** A connection by WebSocket, and everything that is said on it, at once. */
export function toConversation(tokens: readonly string[], chance: Chance): Buffer {
  const messages: unknown[] = [
    chance.happens(0.9)
      ? {
          type: 'connection_init',
          payload: chance.happens(0.5)
            ? { authorization: `Bearer ${chance.pick(tokens)}` }
            : randomValue(chance),
        }
      : { type: chance.pick(words) },
  ];
  for (let times = chance.whole(1, 5); times > 0; times -= 1) {
    const { query, variables } = chance.pick(corpus);
    messages.push(
      chance.pick<unknown>([
        {
          type: 'subscribe',
          id: String(times),
          payload: { query, variables: mutateVariables(variables, chance) },
        },
        {
          type: 'subscribe',
          id: chance.pick(words),
          payload: { query: mutateDocument(query, chance), variables },
        },
        { type: 'subscribe', id: '1', payload: randomValue(chance) },
        { type: 'complete', id: String(times) },
        { type: 'ping', payload: randomValue(chance) },
        { type: 'next', id: '1', payload: {} },
        randomValue(chance),
      ]),
    );
  }
  const frames = messages.map((message) => {
    const text = JSON.stringify(message) ?? 'undefined';
    return toFrame(
      Buffer.from(chance.happens(0.2) ? mutateText(text, chance) : text),
      chance.happens(0.1) ? chance.whole(0, 15) : 1,
    );
  });
  const all = Buffer.concat(frames);
  return Buffer.concat([Buffer.from(HANDSHAKE), chance.happens(0.2) ? mutateBytes(all, chance) : all]);
}

/** One whole frame of a client, masked with nothing. */
function toFrame(payload: Buffer, opcode: number): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : payload.length < 65_536
        ? Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff])
        : Buffer.from([
            0x80 | 127,
            0,
            0,
            0,
            0,
            ...[24, 16, 8, 0].map((shift) => (payload.length >> shift) & 0xff),
          ]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, Buffer.alloc(4), payload]);
}
