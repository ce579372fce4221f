import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLineBuffer } from '../../src/log/line-buffer.ts';

const openSink = () => {
  const pieces: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pieces.push(chunk.toString());
      done();
    },
  });
  return { pieces, sink };
};

describe('the buffer of lines', () => {
  it('hands lines on together, in their order, and keeps none for long', async () => {
    const { pieces, sink } = openSink();
    const buffer = createLineBuffer(sink);
    for (const line of ['one\n', 'two\n', 'three\n']) buffer.write(line);
    expect(pieces).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(pieces).toEqual(['one\ntwo\nthree\n']);
  });

  it('does not wait once there are many', () => {
    const { pieces, sink } = openSink();
    const buffer = createLineBuffer(sink);
    const line = `${'x'.repeat(1023)}\n`;
    for (let count = 0; count < 40; count += 1) buffer.write(line);
    expect(pieces).toEqual([line.repeat(16), line.repeat(16)]);
  });

  const logTo = fileURLToPath(new URL('../../src/log.ts', import.meta.url));
  const start = (then: string) =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { createLog } = await import(${JSON.stringify(logTo)}); const log = createLog('production'); ${then}`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );

  it('loses nothing when the process ends', async () => {
    const child = start("log.info('the last words'); process.exit(3);");
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([3, null]);
    expect(text).toContain('the last words');
  });

  it('goes on when whoever read it is gone', async () => {
    const child = start(
      "let n = 0; const timer = setInterval(() => { log.info('x'.repeat(20_000)); if (++n === 20) { clearInterval(timer); process.exit(4); } }, 20);",
    );
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([4, null]);
  });
});
