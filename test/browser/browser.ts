import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever a page might ask for elsewhere stays unfound.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Where the system's Chromium is; undefined where there is none. */
function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A suite that needs a real browser. Without one it is skipped visibly, or fails where CI is set. */
export function describeWithBrowser(
  name: string,
  suite: (launch: () => Promise<Browser>) => void,
): void {
  const executablePath = findChromium();
  if (executablePath !== undefined) {
    describe(name, () => suite(() => chromium.launch({ executablePath, args, timeout: 120_000 })));
    return;
  }
  const reason = `needs Chromium: none of ${names.join(', ')} is in PATH`;
  describe(name, () => {
    if (process.env.CI) it(reason, () => expect.fail(reason));
    else it.skip(reason, () => undefined);
  });
}

export interface Visit {
  page: Page;
  /** Errors of the console and of scripts, what the content policy refused, and requests to elsewhere. */
  troubles: string[];
  close(): Promise<void>;
}

/** Opens a page in a profile of its own and listens for everything that goes wrong in it. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { before?: string } = {},
): Promise<Visit> {
  const { before, ...contextOptions } = options;
  const context = await browser.newContext({ timezoneId: 'Europe/Stockholm', ...contextOptions });
  context.setDefaultTimeout(60_000);
  if (before !== undefined) await context.addInitScript(before);
  const page = await context.newPage();
  const troubles: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:'))
      troubles.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  return { page, troubles, close: () => context.close() };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against WCAG 2.2 AA and good practice, one line each; empty when all is well. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} })`,
  )) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
  );
}

/** How far the page is wider than the window, in CSS pixels. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

/** Pixels of the first chart that are clearly red: the line of what people report. */
export function redPixels(page: Page): Promise<number> {
  return page.evaluate(`{
    const canvas = document.querySelector('.chart canvas');
    const context = canvas?.getContext('2d');
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let red = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at + 3] > 200 && pixels[at] > 140 && pixels[at] - pixels[at + 1] > 80) red++;
    }
    red;
  }`);
}
