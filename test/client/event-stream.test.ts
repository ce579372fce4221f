import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventStream } from '../../client/src/event-stream.ts';
import { collected } from '../explorer/collected.ts';

async function eventsOf(...chunks: (string | Uint8Array)[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      }
      controller.close();
    },
  });
  return (await collected(eventStream(body))).map(({ event, data }) => [event, data]);
}

it('reads events with all three kinds of line ends, comments and fields without a colon', async () => {
  expect(
    await eventsOf(
      ':\n\nevent: next\r\ndata: {"a":1}\r\n\r\ndata:x\rdata: y\r\rretry: 5\n\nevent: complete\ndata\n\n',
    ),
  ).toEqual([
    ['next', '{"a":1}'],
    ['message', 'x\ny'],
    ['complete', ''],
  ]);
});

it('does not give out an event that was cut off', async () => {
  expect(await eventsOf('event: next\ndata: {"a"')).toEqual([]);
});

it('reads the same wherever the stream is cut into chunks', async () => {
  const text = ': ping\r\n\r\nevent: next\r\ndata: {"name":"Åda – 𝄞"}\r\n\r\nevent: complete\ndata:\n\n';
  const bytes = new TextEncoder().encode(text);
  const whole = await eventsOf(bytes);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, index) => bytes.slice(at[index], end));
      expect(await eventsOf(...chunks)).toEqual(whole);
    }),
  );
});
