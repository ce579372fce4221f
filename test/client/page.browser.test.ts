import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../client/build.ts';
import { hasBrowser, launchBrowser, watch } from '../explorer/browser.ts';
import { startWeir, type Weir } from '../start-weir.ts';

/** A folder for pictures, for whoever wants to look at them. */
const pictures = process.env.CLIENT_PICTURES;

describe.skipIf(!hasBrowser())('the page of the client', () => {
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

  const open = async (place: string, options: Parameters<Browser['newPage']>[0] = {}) => {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(8_000);
    const seen = await watch(page, weir.url);
    await page.goto(`${weir.url}/client/#${place}`);
    return { page, seen };
  };
  const picture = async (page: Page, name: string): Promise<void> => {
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  };
  const signIn = async (page: Page): Promise<void> => {
    await page.goto(`${weir.url}/client/#/sign-in`);
    await page.getByLabel('Password').fill('waterfall');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Ada', { exact: false }).first().waitFor();
  };

  it('shows the shop by one query, with nothing from elsewhere and nothing to complain of', async () => {
    const { page, seen } = await open('/');
    await page.locator('.card').first().waitFor();
    expect(await page.locator('.card').count()).toBe(24);
    await page.getByLabel('Search').fill('a');
    await page.getByLabel('Order').selectOption('PRICE_ASC');
    await page.keyboard.press('Tab');
    await picture(page, 'shop');
    expect(seen).toEqual({ foreign: [], complaints: [] });
    await page.close();
  });

  it('is used by keyboard alone', async () => {
    const { page } = await open('/');
    await page.locator('.card').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.locator('.card').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(page.url()).toContain('#/products/');
    await page.close();
  });

  it('says what it could not load, and loads it when asked again', async () => {
    await weir.fault('inventory', { mode: 'reset' });
    const { page } = await open('/products/Product:77');
    await page.getByText('We could not load how many are left').waitFor();
    expect(await page.getByText('stock unknown right now').count()).toBe(1);
    await picture(page, 'partial');
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
    await page.close();
  });

  it('shows flights before their prices, at the width of a phone, in the dark', async () => {
    await weir.fault('pricing', { latencyMs: 900 });
    const { page, seen } = await open('/flights', {
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
    });
    await page.getByText('price to come…').first().waitFor();
    await page.getByText('seats left').first().waitFor();
    await weir.fault('pricing', null);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(tooWide).toBe(false);
    await picture(page, 'flights-phone-dark');
    expect(seen.complaints).toEqual([]);
    await page.close();
  });

  it('tells who cannot sign in, and shows the account of who can', async () => {
    const { page } = await open('/sign-in');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.problems').waitFor();
    await picture(page, 'sign-in');
    await signIn(page);
    await page.goto(`${weir.url}/client/#/account`);
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    await page.locator('.rows .row').first().waitFor();
    await picture(page, 'account');
    await page.close();
  });

  it('says that nothing can be ordered, and that nothing was charged, where that is so', async () => {
    const { page } = await open('/sign-in');
    await signIn(page);
    await page.goto(`${weir.url}/client/#/products/Product:1`);
    await page.getByRole('button', { name: 'Buy' }).click();
    await page.getByText('Nothing can be ordered at the moment').waitFor({ timeout: 20_000 });
    await picture(page, 'no-orders');
    await page.close();
  });
});
