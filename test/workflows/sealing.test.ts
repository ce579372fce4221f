import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createInputKeeper } from '../../src/workflows/sealed-input.ts';
import { createSealing, keptKey, parseSealingKeys } from '../../src/workflows/sealing.ts';

const key = randomBytes(32);

describe('a sealed value', () => {
  test('opens with its key and in its place, and nowhere else', () => {
    const sealing = createSealing([key]);
    const sealed = sealing.seal('tok_secret', 'workflow-1/paymentToken');
    expect(sealed).not.toContain('tok_secret');
    expect(sealing.open(sealed, 'workflow-1/paymentToken')).toBe('tok_secret');
    expect(() => sealing.open(sealed, 'workflow-2/paymentToken')).toThrow();
    expect(() => createSealing([randomBytes(32)]).open(sealed, 'workflow-1/paymentToken')).toThrow(
      /not among/,
    );
    const parts = sealed.split('.');
    const changed = [...parts.slice(0, 4), Buffer.from('other').toString('base64url')].join('.');
    expect(() => sealing.open(changed, 'workflow-1/paymentToken')).toThrow();
    expect(() => sealing.open('tok_secret', 'workflow-1/paymentToken')).toThrow(/not a sealed value/);
  });

  test('looks different each time', () => {
    const sealing = createSealing([key]);
    expect(sealing.seal('same', 'c')).not.toBe(sealing.seal('same', 'c'));
  });

  test('still opens after its key was followed by another', () => {
    const next = randomBytes(32);
    const sealed = createSealing([key]).seal('kept', 'c');
    const sealing = createSealing([next, key]);
    expect(sealing.open(sealed, 'c')).toBe('kept');
    expect(() => createSealing([key]).open(sealing.seal('new', 'c'), 'c')).toThrow(/not among/);
  });
});

describe('keys', () => {
  test('are 32 bytes in base64, one or several', () => {
    const text = key.toString('base64');
    expect(parseSealingKeys(`${text}, ${text}`)).toEqual([key, key]);
    for (const bad of ['', 'short', randomBytes(31).toString('base64')]) {
      expect(() => parseSealingKeys(bad)).toThrow(/32 bytes in base64/);
    }
    expect(() => createSealing([randomBytes(16)])).toThrow(/32 bytes/);
  });

  test('that nobody has set are made once, for whoever runs Weir alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-key-'));
    chmodSync(folder, 0o755);
    const made = keptKey(folder);
    expect(keptKey(folder)).toEqual(made);
    expect(statSync(join(folder, 'workflow.key')).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });
});

describe('an input', () => {
  const keeper = createInputKeeper(createSealing([key]));
  const input = { items: [{ productId: '1', quantity: 2 }], paymentToken: 'tok_ok' };

  test('is the same whatever the order of its fields, and another one where anything differs', () => {
    const kept = keeper.keep('w', input, ['paymentToken']);
    const turned = { paymentToken: 'tok_ok', items: [{ quantity: 2, productId: '1' }] };
    expect(keeper.isSame('w', kept, turned, ['paymentToken'])).toBe(true);
    expect(keeper.isSame('w', kept, { ...input, items: [] }, ['paymentToken'])).toBe(false);
    expect(keeper.isSame('w', kept, { ...input, paymentToken: 'tok_no' }, ['paymentToken'])).toBe(false);
  });

  test('is kept without its secrets, and its digest says nothing of them', () => {
    const kept = keeper.keep('w', input, ['paymentToken']);
    expect(JSON.stringify(kept)).not.toContain('tok_ok');
    expect(kept.hash).toBe(keeper.keep('w', { ...input, paymentToken: 'tok_no' }, ['paymentToken']).hash);
    expect(keeper.open('w', kept.input, ['paymentToken'])).toEqual(input);
  });
});
