import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NODE_FLAGS } from '../../src/config/node-flags.ts';

it('npm run gateway starts Node.js as everything else of ours does', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(scripts.gateway).toBe(`node ${NODE_FLAGS.join(' ')} src/main.ts`);
});
