import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startWeir, type Weir } from '../start-weir.ts';
import { readProject, root } from './markdown.ts';
import { copyProject, type ProjectCopy, readRecipe } from './recipe.ts';

const reviewsShape = z.array(
  z.object({ stars: z.number(), text: z.string(), author: z.object({ name: z.string() }) }),
);
const answerShape = z.strictObject({
  data: z.object({
    products: z.object({
      nodes: z.array(z.object({ name: z.string(), reviews: z.object({ nodes: reviewsShape }) })).length(5),
    }),
  }),
});

const steps = readRecipe(readProject('docs/adding-a-backend.md'));

// Whoever has added the recipe's own backend has followed it already: then every block is in its place.
if (existsSync(`${root}/contracts/reviews.openapi.yaml`)) {
  it('docs/adding-a-backend.md has been followed', () => {
    for (const step of steps) {
      if (step.kind === 'new' || step.kind === 'edit') expect(readProject(step.file)).toContain(step.text);
    }
  });
} else describe('docs/adding-a-backend.md, followed to the letter', follow);

function follow(): void {
  const children: ChildProcess[] = [];
  const undo: AsyncDisposable[] = [];
  let copy: ProjectCopy;
  /** The other backends: those of this project. */
  let weir: Weir;
  let dataDir: string;

  /** Starts a process of the copy; resolves with the first address that it prints. */
  const start = (file: string, args: readonly string[], environment: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: copy.folder,
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
        if (address !== undefined) resolve(address);
      });
      child.once('close', () => reject(new Error(`${file} ended before it was ready`)));
    });
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'weir-recipe-data-'));
    copy = await copyProject();
    undo.push(copy);
    weir = await startWeir();
    undo.push(weir);
  });

  afterAll(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    for (const one of undo) await one[Symbol.asyncDispose]();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('has blocks that fit where they are to go, and generates', async () => {
    for (const step of steps) {
      if (step.kind === 'new' || step.kind === 'edit') await copy.apply(step);
      if (step.kind === 'commands' && step.commands.includes('npm run codegen')) {
        expect(await copy.npm('npm run codegen')).toMatchObject({ code: 0 });
      }
    }
  });

  it('answers its query with one call for all reviews and one for their authors', async () => {
    const reviews = await start('demo/main.ts', ['reviews'], { DEMO_PORT_BASE: '0', DEMO_LATENCY: '0' });
    const addresses = Object.entries(weir.backends).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
    const gateway = await start('src/main.ts', [], {
      ...Object.fromEntries(addresses),
      REVIEWS_URL: reviews,
      PORT: '0',
      EXPLORER: 'false',
    });
    await weir.forgetCalls();
    const query = steps.find((step) => step.kind === 'query');
    const response = await fetch(`${gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: query?.text }),
    });
    const { data } = answerShape.parse(await response.json());
    const all = data.products.nodes.flatMap((product) => product.reviews.nodes);
    expect(all.length).toBeGreaterThan(5);
    const log: unknown = await (await fetch(`${reviews}/_demo/calls`)).json();
    expect(log).toHaveLength(1);
    expect((await weir.allCalls()).map((call) => call.replace(/\?.*/, ''))).toEqual([
      'products GET /products',
      'users GET /users',
    ]);
  });

  it('says commands that leave everything good', async () => {
    const last = steps.findLast((step) => step.kind === 'commands');
    for (const command of last?.commands ?? []) {
      const { code, output } = await copy.npm(command);
      expect(code, `${command}\n${output.slice(-4000)}`).toBe(0);
    }
  }, 120_000);
}
