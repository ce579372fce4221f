import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../docs/markdown.ts';
import { clientsInstalled } from './clients-installed.ts';

describe.skipIf(!clientsInstalled('the types of other people’s clients'))('this folder', () => {
  it('has types that are right, checked by itself since its packages may be missing', {
    timeout: 120_000,
  }, () => {
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'test/clients')], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});
