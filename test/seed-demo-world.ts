import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createDemoWorld } from '../demo/world.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A data folder with the seeded stores of the demo; each world of a test starts from a copy of it. */
    readonly seededDataDir: string;
  }
}

/** Seeds the demo's stores once for all tests, because seeding is the slow part of a start. */
export default async function seedDemoWorld(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weir-seed-'));
  const world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
  await world.close();
  project.provide('seededDataDir', dataDir);
  return () => rm(dataDir, { recursive: true, force: true });
}
