import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPages, type Page } from '../../bench/limit/pages.ts';
import { createRest } from '../../bench/limit/rest.ts';
import { createViewerOf } from '../../bench/viewer.ts';
import { type Workload, type WorkloadName, workloads } from '../../bench/workloads.ts';
import { type BenchGateway, startBenchGateway } from './bench-gateway.ts';

const named = (name: WorkloadName): Workload => {
  const workload = workloads.find((one) => one.name === name);
  if (!workload) throw new Error(`there is no ${name}`);
  return workload;
};

describe('the workloads on the engine', () => {
  let gateway: BenchGateway;
  let pages: ReadonlyMap<string, Page>;
  beforeAll(async () => {
    gateway = await startBenchGateway();
    const { url } = gateway.backend;
    pages = createPages(createRest(url), createViewerOf(url));
  });
  afterAll(async () => gateway[Symbol.asyncDispose]());

  it.each(workloads)(
    '$name makes the calls that L makes, as deep, and says what L says',
    async (workload) => {
      for (const draw of workload.draws === 1 ? [0] : [0, 41, workload.draws - 1]) {
        const ran = await gateway.run(workload, draw);
        expect(ran.errors).toBeUndefined();
        expect(ran.calls).toEqual(workload.calls);
        expect(ran.depth).toBe(workload.depth);
        const page = pages.get(workload.operationName);
        const limit = await page?.(workload.variables(draw), `Bearer ${gateway.backend.token}`);
        expect(ran.data).toEqual(JSON.parse(JSON.stringify(limit)));
      }
    },
  );

  it('gives each workload as much as it says', async () => {
    const posts = (await gateway.run(named('W1'))).data.posts;
    expect(posts).toHaveLength(100);
    expect(new Set(posts.map((post: { author: { id: string } }) => post.author.id)).size).toBe(10);
    const { orders } = (await gateway.run(named('W2'))).data.me;
    expect(orders).toHaveLength(10);
    for (const { items } of orders) expect(items).toHaveLength(3);
    const { rows } = (await gateway.run(named('W3'))).data;
    expect(rows).toHaveLength(1000);
    expect(Object.keys(rows[0])).toHaveLength(8);
  });

  it('repeats every call with the next request: nothing is kept, and nothing shared', async () => {
    for (const workload of workloads) {
      await gateway.run(workload);
      expect((await gateway.run(workload)).calls).toEqual(workload.calls);
    }
  });

  it('answers for an id that nobody has with null', async () => {
    const ran = await gateway.run({ ...named('W4'), variables: () => ({ id: 'nobody' }) });
    expect(ran.data).toEqual({ user: null });
    expect(ran.errors).toBeUndefined();
  });
});

describe('the workloads with the shared cache', () => {
  it('spare the calls that somebody made before', async () => {
    await using gateway = await startBenchGateway(true);
    for (const workload of workloads) {
      // W4's last: its first is who asks in W2 as well.
      const first = await gateway.run(workload, workload.draws - 1);
      expect(first.calls).toEqual(workload.calls);
      const again = await gateway.run(workload, workload.draws - 1);
      expect(again.data).toEqual(first.data);
      const personal = Object.keys(workload.calls).filter((path) => path === '/users' || path === '/orders');
      expect(Object.keys(again.calls).sort()).toEqual(personal.sort());
    }
  });
});
