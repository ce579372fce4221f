import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchBrowser, watch } from '../explorer/browser.ts';
import { startWeir, type Weir } from '../start-weir.ts';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 375, height: 800 };

describe.skipIf(!hasBrowser())('the race', () => {
  let weir: Weir;
  let browser: Browser;
  beforeAll(async () => {
    weir = await startWeir({ WEIR_DEMO: 'true' });
    for (const name of Object.keys(weir.backends)) await weir.fault(name, { latencyMs: 40 });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await weir[Symbol.asyncDispose]();
  });

  const open = async (viewport: typeof DESK, colorScheme: 'light' | 'dark' = 'light') => {
    const page = await browser.newPage({ viewport, colorScheme });
    const watched = await watch(page, weir.url);
    await weir.forgetCalls();
    await page.goto(weir.url);
    await page
      .getByRole('status')
      .filter({ hasText: /1 request instead of \d+/ })
      .waitFor();
    return { page, ...watched };
  };

  it('loads the same page twice on real calls, and draws each of them', async () => {
    const { page, foreign, complaints } = await open(DESK);
    const rest = await page.locator('#rest-facts').textContent();
    const ours = await page.locator('#weir-facts').textContent();
    const loaded = /Ada[^:]*: \d+ orders, \d+ products, \d+ bookings/;
    expect(loaded.exec(rest ?? '')?.[0]).toBeDefined();
    expect(loaded.exec(ours ?? '')?.[0]).toBe(loaded.exec(rest ?? '')?.[0]);

    const requests = Number(/^\d+/.exec(rest ?? '')?.[0]);
    const behind = Number(/(\d+) calls? behind/.exec(ours ?? '')?.[1]);
    expect(await page.locator('#rest-chart .bar').count()).toBe(requests);
    expect(await page.locator('#weir-chart .bar').count()).toBe(behind + 1);
    const seen = (await weir.allCalls()).filter((call) => !call.includes('/sessions'));
    expect(seen).toHaveLength(requests + behind);

    const times = await page.locator('.clock').allTextContents();
    const [restMs = 0, weirMs = 0] = times.map((text) => Number(text.replace(/\D/g, '')));
    expect(restMs).toBeGreaterThan(weirMs);
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is played by keyboard, and fits a phone in the dark', async () => {
    const { page, complaints } = await open(PHONE, 'dark');
    await page.getByRole('radio', { name: 'Ada’s orders' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('flights with their offers').first().waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: /1 request instead of \d+/ })
      .waitFor();
    await page.getByRole('button', { name: 'Race' }).focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .filter({ hasText: /1 request instead of \d+/ })
      .waitFor();
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('says what went wrong where a backend is down, and can be run again', async () => {
    await weir.fault('orders', { errorRate: 1, status: 503 });
    const page = await browser.newPage();
    await page.goto(weir.url);
    await page.getByRole('status').filter({ hasText: 'could not be run: orders answers 503' }).waitFor();
    await weir.fault('orders', { latencyMs: 40 });
    // Weir's breaker lets the backend rest for a moment.
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Race' }).click();
          const status = page.getByRole('status').filter({ hasText: /instead|could not/ });
          return status.textContent();
        },
        { timeout: 15_000, interval: 1_000 },
      )
      .toContain('1 request instead of');
    await page.close();
  });
});
