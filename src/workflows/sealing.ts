import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Encrypts what a workflow must remember and nobody may read, such as payment tokens. */
export interface Sealing {
  /** AES-256-GCM; `context` must be the same when it is opened, so that a value cannot be moved elsewhere. */
  seal(text: string, context: string): string;
  /** Throws where the value, its context or its key is not the one it was sealed with. */
  open(sealed: string, context: string): string;
}

const algorithm = 'aes-256-gcm';

/**
 * Sealing with the first of `keys`; what any of the others sealed can still be opened, so that a key can be changed.
 *
 * A key is 32 bytes. A sealed value names its key by a digest of it: `v1.<key>.<nonce>.<tag>.<text>`, base64url.
 */
export function createSealing(keys: readonly Buffer[]): Sealing {
  const named = new Map(keys.map((key) => [nameOf(key), key]));
  const [first] = keys;
  if (!first || keys.some((key) => key.length !== 32)) throw new Error('A sealing key must have 32 bytes.');
  return {
    seal(text, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, first, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const parts = [nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'));
      return ['v1', nameOf(first), ...parts].join('.');
    },
    open(sealed, context) {
      const [version, name = '', ...parts] = sealed.split('.');
      const [nonce, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
      const key = named.get(name);
      if (version !== 'v1' || !nonce || !tag || !text) throw new Error('This is not a sealed value.');
      if (!key) throw new Error(`The key ${name} that sealed a value is not among the configured ones.`);
      const decipher = createDecipheriv(algorithm, key, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
      return decipher.update(text, undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

/** Keys from a setting: 32 bytes each in base64, separated by commas. Throws on anything else. */
export function parseSealingKeys(text: string): readonly Buffer[] {
  return text.split(',').map((part) => {
    const key = Buffer.from(part.trim(), 'base64');
    if (key.length !== 32) throw new Error('32 bytes in base64, such as `openssl rand -base64 32` makes');
    return key;
  });
}

/** A key that is made once and kept in `dataDir`, readable for whoever runs Weir and for nobody else. */
export function keptKey(dataDir: string): Buffer {
  const file = join(dataDir, 'workflow.key');
  const mine = `${file}.${process.pid}`;
  mkdirSync(dataDir, { recursive: true });
  // Written whole and then given its name: two that start at once end up with the same key.
  writeFileSync(mine, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  try {
    linkSync(mine, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(mine);
  }
  const [key] = parseSealingKeys(readFileSync(file, 'utf8').trim());
  if (!key) throw new Error(`${file} holds no key.`);
  return key;
}

function nameOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
