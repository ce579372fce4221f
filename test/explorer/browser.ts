import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Whether there is a browser to test with. Says it aloud where there is none, since the tests then prove nothing. */
export function hasBrowser(what = 'the explorer'): boolean {
  const found = existsSync(executablePath);
  if (!found) console.warn(`SKIPPED: ${what} was not tried in a browser, there is no ${executablePath}`);
  return found;
}

/** A browser that asks nobody for anything by itself. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Watch {
  /** Addresses on other hosts that the page asked for. */
  readonly foreign: string[];
  /** Errors and warnings on the console, exceptions, and breaches of the content security policy. */
  readonly complaints: string[];
}

/** Listens to all that a page could do wrong, from before its first byte. */
export async function watch(page: Page, origin: string): Promise<Watch> {
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(`${origin}/`) && !/^(data|blob):/.test(address)) foreign.push(address);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`content security policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  return { foreign, complaints };
}
