import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildExplorer } from '../../explorer/build.ts';
import { hasBrowser, launchBrowser } from './browser.ts';
import { type ExplorerPage, openExplorer } from './explorer-page.ts';
import { adasToken } from './explorer-world.ts';

describe.skipIf(!hasBrowser())('the explorer in a browser', { timeout: 60_000 }, () => {
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

  it('comes under a policy that forbids inline scripts, eval and other hosts', async () => {
    const { page, world, watched } = explorer;
    const policy = (await page.request.get(`${world.origin}/graphql`)).headers()['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy?.match(/[\w-]+ [^;]*unsafe[^;]*/g)).toEqual(["style-src 'self' 'unsafe-inline'"]);
    expect(policy).not.toMatch(/https?:|\*/);
    // And it is in force: what it forbids is told here, so that its silence elsewhere means something.
    await page.evaluate(() => fetch('https://example.com/').catch(() => null));
    await expect.poll(() => watched.complaints.join()).toContain('connect-src https://example.com/');
    watched.complaints.length = 0;
  });

  it('opens offline with its examples, and with a schema', async () => {
    const { page, panel } = explorer;
    expect(await page.title()).toBe('Weir');
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual([
      'SignInAsAda',
      'OrderPage',
      'FlightSearch',
    ]);
    await panel.getByText('One query in, the fewest REST calls out').waitFor();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('A GraphQL schema provides a root type').waitFor();
    await page.getByRole('link', { name: 'Query', exact: true }).waitFor();
  });

  it('signs in by running the example, sends the token from then on, and forgets it with the tab', async () => {
    const { page, world, rows, run, runTab } = explorer;
    await run();
    await page.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
    await runTab('OrderPage');
    await rows.first().waitFor();
    expect(world.seen.at(-1)).toMatchObject({
      operationName: 'OrderPage',
      headers: { authorization: `Bearer ${adasToken}`, 'x-weir-trace': '1' },
    });
    const kept = await page.evaluate(() => [
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
    ]);
    expect(kept[0]).not.toContain(adasToken);
    expect(kept[1]).toContain(adasToken);

    await page.reload();
    await page.getByRole('button', { name: 'Ada Lovelace' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(adasToken);
  });

  it('signs in by the form', async () => {
    const { page } = explorer;
    await page.getByRole('button', { name: 'Sign in' }).click();
    const form = page.getByRole('dialog', { name: 'Sign in' });
    await form.getByLabel('Email').fill('ada@example.com');
    await form.getByLabel('Password').fill('wrong');
    await form.getByLabel('Password').press('Enter');
    await form.getByRole('alert').filter({ hasText: 'Nobody has this e-mail and password.' }).waitFor();
    await form.getByRole('button', { name: 'Ada' }).click();
    await page.getByRole('button', { name: 'Ada Lovelace' }).waitFor();
    await form.waitFor({ state: 'hidden' });
  });

  it('keeps a token from the headers editor out of localStorage', async () => {
    const { page, world, run } = explorer;
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
    await page.keyboard.insertText(`{ "authorization": "Bearer ${adasToken}" }`);
    // GraphiQL takes the headers into its tab, and the tab into its storage, half a second after the last key.
    await page.waitForTimeout(700);
    await run();
    await page.waitForFunction(() => localStorage.getItem('graphiql:queries'));
    await page.waitForTimeout(700);
    expect(world.seen.at(-1)?.headers.authorization).toBe(`Bearer ${adasToken}`);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(adasToken);
  });

  it('folds the waterfall in the response away', async () => {
    const { page, rows, runTab } = explorer;
    await runTab('OrderPage');
    await rows.first().waitFor();
    const response = page.getByRole('region', { name: 'Result Window' });
    await response.click();
    await page.keyboard.press('Control+End');
    await response.locator('.view-line', { hasText: '"waterfall": {' }).waitFor();
    expect(await response.locator('.view-line', { hasText: '"traceId"' }).count()).toBe(0);
  });

  it('streams a subscription, and stops it', async () => {
    const { page, panel, run } = explorer;
    await page.getByRole('button', { name: 'New tab' }).click();
    await page.locator('.graphiql-query-editor .monaco-editor').click();
    await page.keyboard.insertText('subscription Countdown { countdown(from: 500) }');
    await page.waitForTimeout(300);
    await run();
    const response = page.getByRole('region', { name: 'Result Window' });
    await response.locator('.view-line', { hasText: /"countdown":\s4\d\d/ }).waitFor();
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    await panel.getByRole('heading', { name: 'Stopped' }).waitFor();
  });

  it('follows the system to dark and back, and the theme that is chosen', async () => {
    const { page, row, runTab } = explorer;
    const lightness = () =>
      page.evaluate(() => {
        const container = document.querySelector('.graphiql-container');
        const channels = container && getComputedStyle(container).backgroundColor.match(/[\d.]+/g);
        return channels?.slice(0, 3).reduce((sum, channel) => sum + Number(channel), 0);
      });
    const accent = () =>
      page.evaluate(() => getComputedStyle(document.body).getPropertyValue('--weir-error') !== '');
    expect(await lightness()).toBe(3 * 255);
    expect(await accent()).toBe(true);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await lightness()).toBeLessThan(150);
    await runTab('OrderPage');
    const bar = () =>
      row(/^products/)
        .locator('.wf-segment')
        .first()
        .evaluate((part) => getComputedStyle(part).backgroundColor);
    const inTheDark = await bar();
    await page.getByRole('button', { name: 'Open settings dialog' }).click();
    await page.getByRole('button', { name: 'Light' }).click();
    await page.keyboard.press('Escape');
    expect(await lightness()).toBe(3 * 255);
    expect(await bar()).not.toBe(inTheDark);
  });
});
