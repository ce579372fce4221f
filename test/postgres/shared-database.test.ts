import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSharedDatabase } from '../../src/postgres/shared-database.ts';
import { ask } from '../workflows/test-database.ts';

describe('the database of a process', { timeout: 60_000 }, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-shared-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  test('is opened as soon as what was wrong is mended, and says what was wrong', async () => {
    const lines: string[] = [];
    const dataDir = join(folder, 'data');
    writeFileSync(dataDir, 'a file where the folder is to be');
    const database = openSharedDatabase({
      url: null,
      dataDir: () => dataDir,
      log: (level, message) => lines.push(`${level}: ${message}`),
      retryMs: 50,
    });
    const opened = new Promise<string>((resolve) => database.whenOpen(resolve));
    await database.failed;
    expect(database.isOpen()).toBe(false);
    expect(lines.join('\n')).toMatch(/^error: The database could not be opened: .*data/);
    rmSync(dataDir);
    const url = await opened;
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await new Promise((resolve) => database.whenOpen(resolve))).toBe(url);
    await database.close();
    await expect(ask(url, 'select 1')).rejects.toThrow();
  });

  test('tells nobody how to connect once it is closed', async () => {
    const database = openSharedDatabase({ url: null, dataDir: () => folder, log: () => undefined });
    let told = false;
    database.whenOpen(() => {
      told = true;
    });
    await database.close();
    database.whenOpen(() => {
      told = true;
    });
    expect(told).toBe(false);
  });
});
