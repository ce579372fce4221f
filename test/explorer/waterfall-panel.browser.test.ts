import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildExplorer } from '../../explorer/build.ts';
import { hasBrowser, launchBrowser } from './browser.ts';
import { type ExplorerPage, openExplorer } from './explorer-page.ts';
import { adasToken } from './explorer-world.ts';
import { aWaterfall, largeWaterfall, orderPageWaterfall } from './waterfalls.ts';

describe.skipIf(!hasBrowser())('the Waterfall panel in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let explorer: ExplorerPage;

  beforeAll(async () => {
    await buildExplorer();
    browser = await launchBrowser();
  }, 120_000);
  afterAll(() => browser?.close());

  beforeEach(async () => {
    explorer = await openExplorer(browser);
  });
  afterEach(async () => {
    await explorer.close();
    // Whatever a test did, the page has asked nobody else, broken no policy and complained of nothing.
    expect(explorer.watched).toEqual({ foreign: [], complaints: [] });
  });

  it('draws the run: figures, waves, bars, the critical path, and the same as a table', async () => {
    const { panel, row, rows, runTab } = explorer;
    await runTab('OrderPage');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(7);
    expect(await panel.getByRole('group', { name: /^Wave/ }).count()).toBe(2);
    expect(await panel.getByRole('status').textContent()).toBe(
      'Answered in 211 ms with 7 calls, 63 saved. The plain calls one after the other need 5.18 s.',
    );
    expect(await row(/^products/).getAttribute('aria-label')).toBe(
      'products, GET /products?ids, status 200, started at 124 ms, took 84.3 ms, 24 keys, on the critical path',
    );
    const widthOf = async (name: RegExp) => (await row(name).locator('.wf-bar').boundingBox())?.width ?? 0;
    expect((await widthOf(/^orders/)) / (await widthOf(/^bookings/))).toBeCloseTo(121.8 / 63.1, 1);
    expect(await panel.locator('.wf-link').count()).toBe(1);

    await panel.getByRole('button', { name: 'Table' }).click();
    const table = panel.getByRole('table', { name: 'REST calls of this run' });
    expect(await table.getByRole('row').count()).toBe(8);
    expect(await table.getByRole('rowheader').allTextContents()).toEqual([
      'users',
      'orders',
      'bookings',
      'flights',
      'products',
      'inventory',
      'payments',
    ]);
  });

  it('marks the fields of the call that is clicked, also while the text is edited', async () => {
    const { page, panel, row, runTab, marked } = explorer;
    await runTab('OrderPage');
    await row(/^products/).click();
    await page.locator('.weir-mark').waitFor();
    expect(await marked()).toEqual(['product']);
    const detail = panel.locator('.wf-detail');
    expect(await detail.textContent()).toContain('GET /products?ids');
    expect(await detail.locator('code').allTextContents()).toHaveLength(24);
    await detail.getByRole('button', { name: /me\..*items\..*product.*line 18/ }).click();
    expect(
      await page.evaluate(() => document.activeElement?.closest('.graphiql-query-editor') !== null),
    ).toBe(true);

    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('# one line more\n');
    await detail.getByRole('button', { name: /line 19/ }).waitFor();
    await row(/^orders/).click();
    await expect.poll(marked).toEqual(['orders']);
    await row(/^orders/).press('Escape');
    await expect.poll(marked).toEqual([]);
  });

  it('works by keyboard alone', async () => {
    const { page, row, rows, runTab, marked } = explorer;
    await runTab('OrderPage');
    const active = () => page.evaluate(() => document.activeElement?.getAttribute('data-call'));
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
      return active();
    };
    await rows.first().focus();
    expect(await press('ArrowDown')).toBe('2');
    expect(await press('ArrowRight')).toBe('4');
    expect(await press('End')).toBe('7');
    expect(await press('ArrowDown')).toBe('7');
    expect(await press('ArrowLeft')).toBe('1');
    expect(await press('PageDown', 'Home')).toBe('1');
    expect(await page.locator('.wf-row[tabindex="0"]').count()).toBe(1);
    await press('ArrowDown', 'Enter');
    await expect.poll(marked).toEqual(['orders']);
    expect(await row(/^orders/).getAttribute('aria-selected')).toBe('true');
    expect(await press('Escape')).toBe('2');
    await expect.poll(marked).toEqual([]);

    const edge = page.getByRole('separator', { name: 'Height of the Waterfall panel' });
    const before = Number(await edge.getAttribute('aria-valuenow'));
    await edge.press('ArrowDown');
    expect(Number(await edge.getAttribute('aria-valuenow'))).toBe(before - 24);
  });

  it('compares with the run before', async () => {
    const { world, panel, rows, run, runTab } = explorer;
    await runTab('OrderPage');
    await rows.first().waitFor();
    const before = orderPageWaterfall();
    world.setWaterfall('OrderPage', {
      ...before,
      totalMs: 163.2,
      calls: before.calls.map((call) =>
        call.id === '6' ? { ...call, source: 'cache', durationMs: 0 } : call,
      ),
    });
    await run();
    await panel.getByText('48.2 ms faster, 1 call fewer').waitFor();
    await panel.getByRole('heading', { name: 'Since the run before' }).waitFor();
    expect(await panel.locator('.wf-changes').textContent()).toBe('inventory GET /stock?productIds 1 → 0');
  });

  it('advises, and leads to the calls it speaks of', async () => {
    const { panel, runTab, marked } = explorer;
    await runTab('FlightSearch');
    const advice = panel.getByRole('button', {
      name: /5 calls of GET \/offers\/\{flightId\}, one key each/,
    });
    await advice.hover();
    expect(await panel.locator('.wf-row[data-pointed="true"]').count()).toBe(5);
    await advice.click();
    await expect.poll(marked).toEqual(['offer']);
  });

  it('copies the waterfall, and the request without its secrets', async () => {
    const { page, world, panel, rows, run, runTab } = explorer;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await run();
    await page.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
    const copied = async (title: RegExp, name: string) => {
      const button = panel.getByTitle(title);
      await button.filter({ hasText: name }).click();
      await button.filter({ hasText: 'Copied' }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copied(/cURL/, 'cURL')).toContain('password: \\"<password>\\"');
    await runTab('OrderPage');
    await rows.first().waitFor();
    const command = await copied(/cURL/, 'cURL');
    expect(command).toContain(`curl '${world.origin}/graphql'`);
    expect(command).toContain('-H "authorization: Bearer $WEIR_TOKEN"');
    expect(command).not.toContain(adasToken);
    expect(JSON.parse(await copied(/as JSON/, 'JSON'))).toEqual(orderPageWaterfall());
  });

  it('says why there is no chart: trace off, refused, or nothing to call', async () => {
    const { page, world, panel, run, runTab } = explorer;
    await page.getByRole('switch', { name: 'Trace' }).click();
    await runTab('OrderPage');
    await panel.getByRole('heading', { name: 'The trace is off' }).waitFor();
    expect(world.seen.at(-1)?.headers).not.toHaveProperty('x-weir-trace');

    await panel.getByRole('button', { name: 'Turn the trace on' }).click();
    await panel.getByRole('heading', { name: 'This run was not traced' }).waitFor();
    world.setWaterfall('OrderPage', null);
    await run();
    await panel.getByRole('heading', { name: 'The gateway sent no waterfall' }).waitFor();

    const saved = { batched: 0, deduplicated: 0, cached: 7 };
    world.setWaterfall('OrderPage', aWaterfall([], { totalMs: 1.2, serialMs: 600, depth: 0, saved }));
    await run();
    await panel.getByRole('heading', { name: 'No REST call was needed' }).waitFor();
    await panel.getByText('Everything came from the cache: 7 calls saved.').waitFor();
  });

  it('holds 300 calls without a stutter', async () => {
    const { page, world, rows, runTab } = explorer;
    world.setWaterfall('OrderPage', largeWaterfall(300));
    await runTab('OrderPage');
    await rows.nth(299).waitFor({ state: 'attached' });
    await rows.first().focus();
    const longestMs = await page.evaluate(async () => {
      let longest = 0;
      for (let step = 0; step < 60; step++) {
        const key = step % 3 === 2 ? 'Enter' : 'ArrowDown';
        const startedAt = performance.now();
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
        );
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        longest = Math.max(longest, performance.now() - startedAt);
      }
      return longest;
    });
    // Two frames are 33 ms; a chart that draws all its rows anew at each step needs many times that.
    expect(longestMs).toBeLessThan(400);
  });

  it('moves beside the editors, and stays there', async () => {
    const { page, panel, rows, runTab } = explorer;
    await runTab('OrderPage');
    await rows.first().waitFor();
    const top = async () => (await panel.boundingBox())?.y ?? 0;
    const below = await top();
    await panel.getByRole('button', { name: 'Move the panel beside the editors' }).click();
    expect(await top()).toBeLessThan(below);
    await page.reload();
    await panel.waitFor();
    expect(await panel.getAttribute('data-dock')).toBe('side');
  });
});
