import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExplorer } from '../../explorer/build.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { hasBrowser, launchBrowser, type Watch, watch } from './browser.ts';

const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);

describe.skipIf(!hasBrowser())('GraphiQL before a whole Weir', { timeout: 60_000 }, () => {
  let weir: Weir;
  let browser: Browser;
  beforeAll(async () => {
    [weir, browser] = await Promise.all([startWeir(), launchBrowser(), buildExplorer()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await weir?.[Symbol.asyncDispose]();
  });

  /** Opens GraphiQL, signs Ada in, and puts a query into a tab of its own. */
  const open = async (query: string): Promise<{ readonly page: Page; readonly watched: Watch }> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1400 } });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const watched = await watch(page, weir.url);
    await page.goto(`${weir.url}/graphql`);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('dialog', { name: 'Sign in' }).getByRole('button', { name: 'Ada' }).click();
    await page.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
    await page.getByRole('button', { name: 'New tab' }).click();
    await page.locator('.graphiql-query-editor .monaco-editor').click();
    await page.keyboard.insertText(query);
    await page.waitForTimeout(400);
    return { page, watched };
  };
  const run = (page: Page) => page.getByRole('button', { name: /^Execute query/ }).click();
  const response = (page: Page) => page.getByRole('region', { name: 'Result Window' });
  const lines = async (page: Page) =>
    (await response(page).locator('.view-line').allTextContents()).join('\n');

  it('shows the flights, then what each costs: @defer', async () => {
    const { page, watched } = await open(
      `{ flights(search: { origin: "LHR", destination: "JFK", date: "${day}" }, first: 2) { nodes { number ... @defer { offer { price { amount } } } } } }`,
    );
    await weir.fault('pricing', { latencyMs: 1500 });
    await run(page);
    await response(page)
      .locator('.view-line', { hasText: /"number":/ })
      .first()
      .waitFor();
    expect(await lines(page)).not.toMatch(/"offer"/);
    await response(page)
      .locator('.view-line', { hasText: /"amount":/ })
      .nth(1)
      .waitFor();
    await weir.fault('pricing', null);
    // And the Waterfall panel has the calls of all parts.
    await page
      .getByRole('option', { name: /^pricing/ })
      .nth(1)
      .waitFor();
    if (process.env.CLIENT_PICTURES)
      await page.screenshot({ path: `${process.env.CLIENT_PICTURES}/graphiql-defer.png` });
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    expect(watched).toEqual({ foreign: [], complaints: [] });
  });

  it('shows the order page: orders one by one, and payments after them: @stream and @defer', async () => {
    const { page, watched } = await open(
      '{ me { name orders(first: 3) { nodes @stream(initialCount: 1) { id status ... @defer { payment { status } } } } } }',
    );
    await weir.fault('payments', { latencyMs: 1500 });
    await run(page);
    await response(page).locator('.view-line', { hasText: /"id":/ }).first().waitFor();
    expect(await lines(page)).not.toMatch(/"payment"/);
    await response(page)
      .locator('.view-line', { hasText: /"payment":/ })
      .nth(2)
      .waitFor();
    await weir.fault('payments', null);
    expect((await lines(page)).match(/"id":/g)).toHaveLength(3);
    if (process.env.CLIENT_PICTURES)
      await page.screenshot({ path: `${process.env.CLIENT_PICTURES}/graphiql-stream.png` });
    expect(watched).toEqual({ foreign: [], complaints: [] });
  });
});
