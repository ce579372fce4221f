import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExplorer, isStale } from '../../explorer/build.ts';

let workshop: string;
beforeAll(async () => {
  workshop = await mkdtemp(join(tmpdir(), 'weir-explorer-'));
});
afterAll(() => rm(workshop, { recursive: true, force: true }));

describe('buildExplorer', () => {
  it('builds what is missing, twice at once without harm, and then has nothing to do', {
    timeout: 120_000,
  }, async () => {
    const folder = join(workshop, 'dist');
    const abandoned = join(workshop, '.build-abandoned');
    await mkdir(abandoned);
    await utimes(abandoned, 0, 0);
    expect(await isStale(folder)).toBe(true);

    const lines: string[] = [];
    const onProgress = (line: string) => lines.push(line);
    const results = await Promise.all([buildExplorer({ folder, onProgress }), buildExplorer({ folder })]);

    expect(results.map((result) => result.built)).toEqual([true, true]);
    expect(lines).toEqual([
      'explorer: bundling GraphiQL and the Waterfall panel, once and for a few seconds',
      'explorer: all modules read, writing the bundle',
      expect.stringMatching(/^explorer: ready after [\d.]+ s, [\d.]+ MB compressed$/),
    ]);
    expect(await readdir(workshop)).toEqual(['dist']);
    expect(await isStale(folder)).toBe(false);
    expect(await buildExplorer({ folder })).toMatchObject({ built: false });

    const page = await readFile(join(folder, 'index.html'), 'utf8');
    const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(2);
    expect(named.every((address) => address?.startsWith('/explorer/'))).toBe(true);
    expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\bon\w+=/);
  });

  it('leaves nothing behind when it is ended', async () => {
    const folder = join(workshop, 'ended', 'dist');
    await mkdir(join(workshop, 'ended'));
    await expect(buildExplorer({ folder, signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(await readdir(join(workshop, 'ended'))).toEqual([]);
  });
});
