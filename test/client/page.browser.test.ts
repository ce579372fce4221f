import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../client/build.ts';
import { hasBrowser, launchBrowser } from '../explorer/browser.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { openClientPage, phone } from './client-page.ts';

describe.skipIf(!hasBrowser('the page of the client'))('the page of the client', () => {
  let weir: Weir;
  let browser: Browser;
  beforeAll(async () => {
    await buildClient();
    [weir, browser] = await Promise.all([startWeir(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await weir?.[Symbol.asyncDispose]();
  });
  const open = (place: string, options?: BrowserContextOptions) =>
    openClientPage(browser, weir, place, options);

  it.each(['light', 'dark'] as const)(
    'shows the shop by one query, with nothing from elsewhere, %s',
    async (colorScheme) => {
      await using client = await open('/', { colorScheme });
      const { page, sent, watched } = client;
      await page.locator('.card').first().waitFor();
      expect(await page.locator('.card').count()).toBe(24);
      expect(sent).toEqual(['Storefront']);
      await client.picture(`shop-${colorScheme}`);
      expect(watched).toEqual({ foreign: [], complaints: [] });
    },
  );

  it('searches, sorts and turns pages, and goes back to where the reader was', async () => {
    await using client = await open('/');
    const { page, sent } = client;
    await page.getByLabel('Search').fill('notebook');
    await page.getByLabel('Sort by').selectOption('PRICE_ASC');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect.poll(() => page.url()).toContain('search=notebook&sort=PRICE_ASC');
    await expect.poll(() => page.locator('.card strong').first().textContent()).toMatch(/Notebook/);
    const cheapest = await page.locator('.card strong').first().textContent();
    await page.locator('.card').first().click();
    await page.getByRole('heading', { level: 1, name: String(cheapest) }).waitFor();
    await page.goBack();
    expect(await page.getByLabel('Search').inputValue()).toBe('notebook');
    await expect.poll(() => page.locator('.card strong').first().textContent()).toBe(cheapest);

    await page.getByLabel('Search').fill('');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('500 products').waitFor();
    const first = await page.locator('.card strong').first().textContent();
    await page.getByRole('link', { name: 'Next page' }).click();
    await expect.poll(() => page.locator('.card strong').first().textContent()).not.toBe(first);
    await page.getByRole('link', { name: 'First page' }).click();
    await expect.poll(() => page.locator('.card strong').first().textContent()).toBe(first);
    await client.go('/?search=zeppelin');
    await page.getByText('Nothing found for “zeppelin”').waitFor();
    expect(new Set(sent)).toEqual(new Set(['Storefront', 'ProductScreen']));
  });

  it('says what it could not load, and loads it when asked again', async () => {
    await weir.fault('inventory', { mode: 'reset' });
    await using client = await open('/products/Product:77');
    const { page } = client;
    await page.getByText('We could not load how many are left. The rest is here.').waitFor();
    expect(await page.getByText('stock unknown right now').count()).toBe(1);
    await client.picture('partial');
    await weir.fault('inventory', null);
    await expect
      .poll(
        async () => {
          const again = page.getByRole('button', { name: 'Try again' });
          if (await again.isEnabled().catch(() => false)) await again.click({ timeout: 500 }).catch(() => {});
          return page.getByText('stock unknown right now').count();
        },
        { timeout: 15_000, interval: 500 },
      )
      .toBe(0);
    expect(await page.locator('.note').count()).toBe(0);
  });

  it('tells a product that is not there from one that cannot be had', async () => {
    await using client = await open('/products/Product:99999999');
    await client.page.getByRole('heading', { name: 'There is no such product' }).waitFor();
    await weir.fault('products', { mode: 'reset' });
    await client.go('/products/Product:78');
    await client.page.getByText('We could not load some products').waitFor();
    expect(await client.page.getByText('There is no such product').count()).toBe(0);
    await weir.fault('products', null);
  });

  it('shows flights before their prices, at the width of a phone, in the dark', async () => {
    await weir.fault('pricing', { latencyMs: 900 });
    await using client = await open('/flights', { ...phone, colorScheme: 'dark' });
    const { page, watched, sent } = client;
    await page.getByText('price to come…').first().waitFor();
    expect(
      await page
        .getByRole('button', { name: /^Choose WR/ })
        .first()
        .isDisabled(),
    ).toBe(true);
    await page.getByText('seats left').first().waitFor();
    await weir.fault('pricing', null);
    expect(sent).toEqual(['FlightSearch']);
    expect(await client.isTooWide()).toBe(false);
    await client.picture('flights-phone-dark');
    expect(watched.complaints).toEqual([]);
  });

  it('shows flights without prices where prices cannot be had, and says so', async () => {
    await weir.fault('pricing', { mode: 'reset' });
    await using client = await open('/flights');
    await client.page.getByText('We could not load some prices. The rest is here.').waitFor();
    await client.page.getByText('no price now').first().waitFor();
    await client.picture('flights-partial');
    await weir.fault('pricing', null);
  });

  it('tells who cannot sign in, and shows the account of who can, payments after the list', async () => {
    await using client = await open('/account');
    const { page } = client;
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.problems').waitFor();
    await client.picture('sign-in');
    await weir.fault('payments', { latencyMs: 700 });
    await page.getByLabel('Password').fill('waterfall');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    await page.getByText('· …').first().waitFor();
    await page.getByText('· paid').first().waitFor();
    await weir.fault('payments', null);
    // This gateway has no database: what is under way cannot be shown, and the rest is.
    await page.getByText('We could not load what is under way. The rest is here.').waitFor();
  });

  it('signs out whom the gateway does not know any more, and goes on showing what everybody may see', async () => {
    await using client = await open('/');
    const { page } = client;
    await client.signIn();
    await page.evaluate(() => sessionStorage.setItem('weir.session', '{ "token": "forged", "name": "Ada" }'));
    await client.go('/products/Product:1');
    await page.getByText('€').first().waitFor();
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    expect(await page.locator('.note').count()).toBe(0);
  });

  it('says that it cannot reach the shop, and comes back', async () => {
    await using client = await open('/');
    const { page } = client;
    await page.locator('.card').first().waitFor();
    await page.context().setOffline(true);
    await page.locator('.card').first().click();
    await page.getByText('We cannot reach the shop. Are you online?').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('€').first().waitFor();
  });

  it('says that nothing can be ordered, and that nothing was charged, where that is so', async () => {
    await using client = await open('/products/Product:1');
    await client.signIn();
    await client.page.getByRole('button', { name: 'Buy' }).click();
    await client.page.getByText('Nothing can be ordered at the moment').waitFor({ timeout: 20_000 });
    await client.picture('no-orders');
  });
});
