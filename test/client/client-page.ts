import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { committedManifest } from '../../codegen/client.ts';
import { type Watch, watch } from '../explorer/browser.ts';
import type { Weir } from '../start-weir.ts';

/** A folder for pictures, for whoever wants to look at them. */
const pictures = process.env.CLIENT_PICTURES;

/** The page of the client in a browser's tab. */
export interface ClientPage extends AsyncDisposable {
  readonly page: Page;
  readonly watched: Watch;
  /** The operations that the page has sent, by name. */
  readonly sent: readonly string[];
  /** Signs Ada in by the form, which the link on the screen leads to, or the one in the header. */
  signIn(): Promise<void>;
  /** Goes to a place of the page. */
  go(place: string): Promise<void>;
  picture(name: string): Promise<void>;
  /** Whether the page is wider than its window. */
  isTooWide(): Promise<boolean>;
  /** What the keyboard is at, as it would be read out. */
  focused(): Promise<string>;
  /** Presses Tab until the keyboard is at what is called like this; throws where it never comes there. */
  tabTo(name: RegExp): Promise<void>;
}

/** The operation that a request names by its hash: the page sends no texts. Null for what names none. */
export function operationOf(request: Request): string | null {
  const hash: unknown = request.postDataJSON()?.extensions?.persistedQuery?.sha256Hash;
  const text = committedManifest()[`sha256:${hash}`] ?? '';
  return /(?:query|mutation|subscription) (\w+)/.exec(text)?.[1] ?? null;
}

export const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 } };

/** Opens a place of the page in a tab that shares nothing with others. */
export async function openClientPage(
  browser: Browser,
  weir: Weir,
  place: string,
  options: BrowserContextOptions = {},
): Promise<ClientPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const watched = await watch(page, weir.url);
  const sent: string[] = [];
  page.on('request', (request) => {
    const name = operationOf(request);
    if (name !== null) sent.push(name);
  });
  const go = async (to: string): Promise<void> => {
    await page.goto(`${weir.url}/client/#${to}`);
  };
  await go(place);
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const at = document.activeElement;
      const label = at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? at.labels?.[0] : null;
      return (label ?? at)?.textContent?.trim() ?? '';
    });
  return {
    page,
    watched,
    sent,
    go,
    focused,
    async signIn() {
      await page.getByRole('link', { name: 'Sign in' }).last().click();
      await page.getByLabel('Password').fill('waterfall');
      await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    },
    async picture(name) {
      if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    },
    isTooWide: () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
    async tabTo(name) {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        if (name.test(await focused())) return;
      }
      throw new Error(`Tab never comes to ${name}`);
    },
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}
