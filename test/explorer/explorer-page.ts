import type { Browser, Locator, Page } from 'playwright-core';
import { type Watch, watch } from './browser.ts';
import { type ExplorerWorld, startExplorerWorld } from './explorer-world.ts';

/** The explorer in a browser's tab, before a small gateway of its own. */
export interface ExplorerPage {
  readonly page: Page;
  readonly world: ExplorerWorld;
  readonly watched: Watch;
  /** The Waterfall panel. */
  readonly panel: Locator;
  /** All calls of the chart. */
  readonly rows: Locator;
  /** The call whose words begin like this. */
  row(words: RegExp): Locator;
  /** Runs what is in the editor, until the gateway has begun to answer. */
  run(): Promise<void>;
  /** Puts a tab in front and runs it. */
  runTab(name: string): Promise<void>;
  /** The marked fields in the query editor, from top to bottom. */
  marked(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens the explorer and waits until its editor is there. */
export async function openExplorer(browser: Browser): Promise<ExplorerPage> {
  const world = await startExplorerWorld();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const watched = await watch(page, world.origin);
  await page.goto(`${world.origin}/graphql`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();

  async function run(): Promise<void> {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await answered;
  }

  return {
    page,
    world,
    watched,
    panel: page.getByRole('region', { name: 'Waterfall' }),
    rows: page.getByRole('option'),
    row: (words) => page.getByRole('option', { name: words }),
    run,
    async runTab(name) {
      await page.getByRole('tab', { name }).click();
      await run();
    },
    marked: () => page.locator('.graphiql-query-editor .weir-mark').allTextContents(),
    async close() {
      await context.close();
      await world[Symbol.asyncDispose]();
    },
  };
}
