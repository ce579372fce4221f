import type { Browser, BrowserContextOptions, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../client/build.ts';
import { hasBrowser, launchBrowser } from '../explorer/browser.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { openClientPage, operationOf, phone } from './client-page.ts';

const patient = { timeout: 15_000 };
const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);

describe.skipIf(!hasBrowser('buying on the page of the client'))(
  'buying and booking',
  { timeout: 60_000 },
  () => {
    let database: TestDatabase;
    let weir: Weir;
    let browser: Browser;
    beforeAll(async () => {
      database = await startTestDatabase();
      const DATABASE_URL = await database.fresh();
      [weir, browser] = await Promise.all([
        startWeir({ DATABASE_URL }, { durable: true }),
        launchBrowser(),
        buildClient(),
      ]);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await weir?.[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
    });
    const open = (place: string, options?: BrowserContextOptions) =>
      openClientPage(browser, weir, place, options);

    /** The writes of a kind that took effect, of one backend. */
    const effects = async (backend: string, kind: RegExp): Promise<number> => {
      const response = await fetch(`${weir.backends[backend]}/_demo/ledger`);
      const entries = (await response.json()) as readonly { readonly kind: string }[];
      return entries.filter((entry) => kind.test(entry.kind)).length;
    };
    const charges = () => effects('payments', /^(charge|payment)\.(created|captured)$/);
    const orders = () => effects('orders', /^order\.created$/);

    it('goes from the shop to a confirmed order by keyboard alone, on a phone, and shows each step as it comes', async () => {
      await using client = await open('/', phone);
      const { page, watched } = client;
      await page.locator('.card').first().waitFor();
      await page.keyboard.press('Tab');
      expect(await client.focused()).toBe('To the content');
      await page.keyboard.press('Enter');
      await client.tabTo(/€/);
      expect(await client.isTooWide()).toBe(false);
      await page.keyboard.press('Enter');
      await page.getByText('to buy it').waitFor();
      // Another screen is read from its beginning.
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
      await client.tabTo(/^Sign in$/);
      await page.keyboard.press('Enter');
      await client.tabTo(/^Password/);
      await page.keyboard.type('waterfall');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Buy' }).waitFor();

      await weir.fault('payments', { latencyMs: 1200 });
      await client.tabTo(/^How many/);
      await page.keyboard.press('ArrowUp');
      await client.tabTo(/^Buy$/);
      await page.keyboard.press('Enter');
      const progress = page.getByRole('region', { name: 'Your order: progress' });
      const payment = progress.getByRole('listitem').filter({ hasText: 'Payment' });
      await expect.poll(() => payment.getAttribute('data-status'), patient).toBe('RUNNING');
      expect(await client.focused()).toMatch(/^Your order/);
      // What is under way cannot be ordered once more.
      expect(await page.getByRole('button', { name: 'Buy' }).count()).toBe(0);
      expect(await client.isTooWide()).toBe(false);
      await client.picture('order-at-work-phone');
      await progress.getByText('done').first().waitFor();
      await expect.poll(() => payment.getAttribute('data-status'), patient).toBe('SUCCEEDED');
      await weir.fault('payments', null);
      await progress.getByRole('link', { name: 'See your order' }).waitFor();
      await client.picture('order-done-phone');

      await client.tabTo(/^See your order$/);
      await page.keyboard.press('Enter');
      await page.getByText('confirmed').waitFor();
      await page.getByText('2 ×').waitFor();
      await page.getByText('paid').waitFor();
      expect(await client.isTooWide()).toBe(false);
      await client.picture('order-phone');
      expect(watched).toEqual({ foreign: [], complaints: [] });
    });

    it('says why a card was declined, takes everything back, and takes another card', async () => {
      await using client = await open('/products/Product:10');
      const { page } = client;
      await client.signIn();
      const before = await orders();
      await page.getByLabel('Pay with').selectOption('tok_declined');
      await page.getByRole('button', { name: 'Buy' }).click();
      const progress = page.getByRole('region', { name: 'Your order: progress' });
      await progress
        .getByRole('alert')
        .filter({ hasText: 'Your bank declined the card. Nothing was charged. Try another card.' })
        .waitFor();
      await progress.getByText('taken back, nothing is left of it').waitFor();
      await client.picture('declined');
      expect(await effects('orders', /cancel/)).toBe(1);

      await page.getByLabel('Pay with').selectOption('tok_ok');
      await page.getByRole('button', { name: 'Buy' }).click();
      await progress.getByRole('link', { name: 'See your order' }).waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(await orders()).toBe(before + 2);
      await client.picture('order-done');

      await page.getByRole('link', { name: 'See your order' }).click();
      await page.getByRole('button', { name: 'Cancel this order' }).click();
      await page
        .getByRole('region', { name: 'Your cancellation: progress' })
        .getByText('done')
        .first()
        .waitFor();
      await page.locator('h1').getByText('cancelled').waitFor();
      await page.getByText('paid back', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Cancel this order' }).count()).toBe(0);
      await client.picture('cancelled');
    });

    it('says how many are left of what there is too little of', async () => {
      const { data } = await weir.ask('{ products(first: 100) { nodes { id name stock { available } } } }');
      const scarce = data.products.nodes.find(
        ({ stock }: { stock: { available: number } }) => stock.available > 0 && stock.available < 50,
      );
      await using client = await open(`/products/${scarce.id}`);
      const { page } = client;
      await client.signIn();
      await page.getByLabel('How many').fill('99');
      await page.getByRole('button', { name: 'Buy' }).click();
      const left = scarce.stock.available;
      await page.getByText(`${scarce.name}: only ${left} left. Order ${left} or fewer.`).waitFor();
      await client.picture('out-of-stock');
      await page.getByLabel('How many').fill('1');
      await page.getByRole('button', { name: 'Buy' }).click();
      await page.getByRole('link', { name: 'See your order' }).waitFor();
    });

    it('orders once where the answer is lost on its way and the button is pressed again', async () => {
      await using client = await open('/products/Product:11');
      const { page } = client;
      await client.signIn();
      const before = [await orders(), await charges()];
      let lost = 0;
      const loseTheAnswer = async (route: Route) => {
        if (operationOf(route.request()) !== 'PlaceOrder') return route.continue();
        await route.fetch();
        lost += 1;
        await route.abort('connectionreset');
      };
      await page.route('**/graphql', loseTheAnswer);
      await page.getByRole('button', { name: 'Buy' }).click();
      await page.getByText('We cannot reach the shop. Are you online?').waitFor();
      await page.getByText('it is still done only once').waitFor();
      expect(lost).toBe(3);
      await page.unroute('**/graphql', loseTheAnswer);
      await page.getByRole('button', { name: 'Buy' }).click();
      await page.getByRole('link', { name: 'See your order' }).waitFor();
      expect(await orders()).toBe((before[0] ?? 0) + 1);
      expect(await charges()).toBe((before[1] ?? 0) + 1);
    });

    it('shows what waits for somebody, also to who comes back later, until it is decided', async () => {
      const { data } = await weir.ask('{ products(first: 1, sort: PRICE_DESC) { nodes { id } } }');
      await using client = await open(`/products/${data.products.nodes[0].id}`);
      const { page } = client;
      await client.signIn();
      await page.getByLabel('How many').fill('20');
      await page.getByRole('button', { name: 'Buy' }).click();
      await page.getByText('We wait for an administrator to approve this order.').waitFor();
      await page.reload();
      await client.go('/account');
      await page.getByRole('heading', { name: 'Under way' }).waitFor();
      await page.getByText('We wait for an administrator to approve this order.').waitFor();
      await client.picture('account-waiting');
      const root = await weir.signIn('root@example.com');
      const waiting = await weir.ask('{ workflows(first: 1, status: WAITING) { nodes { id } } }', {
        token: root,
      });
      await weir.ask(
        'mutation ($id: ID!) { decide(input: { workflowId: $id, approve: false }) { problems { code } } }',
        {
          token: root,
          variables: { id: waiting.data.workflows.nodes[0].id },
        },
      );
      await expect.poll(() => page.getByRole('heading', { name: 'Under way' }).count(), patient).toBe(0);
      await page.getByText('cancelled').first().waitFor();
    });

    it('books: from the search over signing in to a booking that the account has', async () => {
      await using client = await open(`/flights?from=LHR&to=JFK&day=${inAWeek}&travellers=2`, {
        viewport: { width: 1000, height: 700 },
      });
      const { page, watched } = client;
      await page
        .getByRole('button', { name: /^Choose WR/ })
        .first()
        .click();
      await client.signIn();
      expect(page.url()).toContain(`day=${inAWeek}&travellers=2`);
      await page
        .getByRole('button', { name: /^Choose WR/ })
        .first()
        .click();
      await page.getByLabel('Traveller 1').fill('Ada Lovelace');
      await page.getByLabel('Traveller 2').fill('Charles Babbage');
      await client.picture('booking-form');
      await weir.fault('bookings', { latencyMs: 700 });
      await page.getByRole('button', { name: /^Book for/ }).click();
      const progress = page.getByRole('region', { name: 'Your booking: progress' });
      const seats = progress.getByRole('listitem').filter({ hasText: 'Seats' });
      await expect.poll(() => seats.getAttribute('data-status'), patient).toBe('RUNNING');
      await client.picture('booking-at-work');
      await progress.getByRole('link', { name: 'See your bookings' }).waitFor();
      await weir.fault('bookings', null);
      await client.picture('booking-done');
      await progress.getByRole('link', { name: 'See your bookings' }).click();
      await page.getByText('Ada Lovelace, Charles Babbage').waitFor();
      await client.picture('account');
      expect(watched).toEqual({ foreign: [], complaints: [] });
    });

    it('offers the new price where the old one has run out', async () => {
      await using client = await open(`/flights?from=LHR&to=JFK&day=${inAWeek}`);
      const { page } = client;
      await client.signIn();
      const { data } = await weir.ask(
        `{ flights(search: { origin: "LHR", destination: "JFK", date: "${inAWeek}" }, first: 2) { nodes { offer { token } } } }`,
      );
      // The second flight's offer is none for the first flight: refused like one whose time has passed.
      const exchange = (route: Route) => {
        if (operationOf(route.request()) !== 'BookFlight') return route.continue();
        const body = route.request().postDataJSON();
        const variables = { ...body.variables, offerToken: data.flights.nodes[1].offer.token };
        return route.continue({ postData: JSON.stringify({ ...body, variables }) });
      };
      await page.route('**/graphql', exchange);
      await page
        .getByRole('button', { name: /^Choose WR/ })
        .first()
        .click();
      await page.getByLabel('Traveller 1').fill('Ada Lovelace');
      await page.getByRole('button', { name: /^Book for/ }).click();
      await page.getByText('This price has run out. Nothing was charged.').waitFor();
      await client.picture('price-run-out');
      await page.unroute('**/graphql', exchange);
      await page.getByRole('button', { name: /^Take the new price/ }).click();
      await page.getByRole('button', { name: /^Book for/ }).click();
      await page.getByRole('link', { name: 'See your bookings' }).waitFor();
    });
  },
);
