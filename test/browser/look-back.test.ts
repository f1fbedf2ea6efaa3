import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { embedded, openStores } from '../support/deployment.ts';
import type { ServiceProcess } from '../support/processes.ts';
import { startProcess, until } from '../support/processes.ts';
import type { Visit } from './browser.ts';
import {
  accessibilityProblems,
  describeWithBrowser,
  overhang,
  redPixels,
  visit,
} from './browser.ts';
import { appendMorning, hostile, moment } from './demo-morning.ts';

/** What the test reads of `/v1/status`. */
interface Overview {
  targets: { id: string; state: string }[];
  open: { startedAt: string }[];
}

const phone = { width: 360, height: 740 };

describeWithBrowser('the page in a look back to an outage', (launch) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-look-back-'));
  let service: ServiceProcess;
  let address: string;
  let browser: Browser;
  let last: Visit | undefined;

  beforeAll(async () => {
    const deployment = embedded(dataDir);
    const { log, index } = await openStores(deployment);
    await appendMorning(log);
    await index.close();
    await log.close();
    service = startProcess('standalone', {
      ...deployment.env,
      OUTCRY_LIVE: 'false',
      // The door speaks of now and the records of a day in the past: one watermark cannot do both.
      OUTCRY_REPORTS: 'false',
      OUTCRY_SILENCE_SECONDS: '3600',
    });
    address = await service.address;
    browser = await launch();
    await until(
      'the outage to be found, and the hostile post',
      async () => {
        const status = await json<Overview>(`/v1/status?at=${moment}&target=spotify`);
        const posts = await json<{ total: number }>(`/v1/signals?record=${hostile.id}`);
        return status.targets[0]?.state === 'confirmed' && posts.total === 1 ? true : undefined;
      },
      { timeoutMs: 240_000, everyMs: 500 },
    );
  }, 300_000);

  afterEach(async () => {
    const troubles = last?.troubles ?? [];
    await last?.close();
    last = undefined;
    expect(troubles, 'errors in the console').toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function json<T>(where: string): Promise<T> {
    return (await (await fetch(`${address}${where}`)).json()) as T;
  }

  /** When the outage began, by the clock of the visitor. */
  async function onset(): Promise<string> {
    const [outage] = (await json<Overview>(`/v1/status?at=${moment}`)).open;
    const zone = { timeZone: 'Europe/Stockholm' } as const;
    return new Date(outage?.startedAt ?? '').toLocaleTimeString('en-GB', zone).slice(0, 5);
  }

  async function open(query = `?at=${moment}`, options: BrowserContextOptions = {}) {
    last = await visit(browser, `${address}/${query}`, options);
    await last.page.locator('.headline').waitFor();
    return last.page;
  }

  it('says first that Spotify fails and that it is not just you, and that it is a simulation', async () => {
    const page = await open();
    expect(await page.locator('.headline').textContent()).toMatch(
      /^Spotify is in trouble\. It is not just you\./,
    );
    expect(await page.title()).toContain('Spotify is in trouble');
    expect(await page.getByText('are simulated').count()).toBe(1);
    const outage = page.getByRole('article', { name: 'Spotify' });
    expect(await outage.locator('.reason').textContent()).toMatch(/\d+ .*people reported/);
    expect(await outage.locator('dl').textContent()).toContain(await onset());
  });

  it('opens its explanation by keyboard', async () => {
    const page = await open();
    const article = page.getByRole('article', { name: 'Spotify' });
    const explanation = article.getByText('different people');
    expect(await explanation.isVisible()).toBe(false);
    await article.locator('summary').focus();
    await page.keyboard.press('Enter');
    await explanation.waitFor({ state: 'visible' });
    expect(await article.locator('details').textContent()).toContain('would be usual');
  });

  it('draws the rise in the chart and says it in words', async () => {
    const page = await open();
    await expect.poll(() => redPixels(page), { timeout: 20_000 }).toBeGreaterThan(200);
    const chart = page.getByRole('img', { name: /People a minute with problems at Spotify/ });
    expect(await chart.getAttribute('aria-label')).toMatch(/at most \d/);
  });

  it('answers "is it just me" for a failing, a calm and an unknown service', async () => {
    const page = await open();
    const headline = page.locator('.headline');
    const search = page.getByRole('searchbox', { name: 'Find a service' });
    await search.fill('spotify');
    await expect.poll(() => headline.textContent()).toMatch(/^Spotify: it is not just you/);
    await search.fill('Duolingo');
    await expect
      .poll(() => headline.textContent())
      .toMatch(/^Duolingo: no more complaints than usual/);
    expect(await page.getByRole('article').count()).toBe(0);
    await search.fill('no such service');
    await expect
      .poll(() => headline.textContent())
      .toMatch(/^We do not watch a service of that name/);
    await search.fill('');
    await expect.poll(() => headline.textContent()).toMatch(/^Spotify is in trouble/);
  });

  it('shows the most talked-about of the calm, and all when asked', async () => {
    const page = await open();
    const cards = page.locator('.targets > li');
    expect(await cards.count()).toBe(24);
    const all = (await json<Overview>(`/v1/status?at=${moment}`)).targets.length;
    await page.getByRole('button', { name: `Show all ${all - 1}` }).click();
    expect(await cards.count()).toBe(all - 1);
    expect(all).toBeGreaterThan(100);
  });

  it('names the time zone and gives UTC beside it', async () => {
    const page = await open(undefined, { timezoneId: 'Asia/Tokyo' });
    const notice = page.locator('.notice').first();
    expect(await notice.textContent()).toContain('16 Apr 2025, 21:40 UTC+9 (12:40 UTC)');
    expect(await page.locator('.chart figcaption').first().textContent()).toContain(
      'times in UTC+9',
    );
  });

  it('has a page of its own for a target, which a link leads to', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Spotify' }).click();
    await page.waitForURL(`**/?target=spotify&at=${moment}`);
    await expect
      .poll(() => page.locator('.headline').textContent())
      .toMatch(/^Spotify: it is not just you/);
    await expect.poll(() => redPixels(page), { timeout: 20_000 }).toBeGreaterThan(200);
    await page.locator('.sayings li').first().waitFor();
    expect(await page.locator('.history li').textContent()).toContain(await onset());
    await page.getByRole('link', { name: 'All services' }).click();
    await page.waitForURL(`**/?at=${moment}`);
  });

  it('has one for a calm target too, and an honest answer for one that nobody watches', async () => {
    const page = await open(`?at=${moment}&target=duolingo`);
    expect(await page.locator('.headline').textContent()).toMatch(/^Duolingo: no more complaints/);
    await page.getByText('None that we know of').waitFor();
    await page.goto(`${address}/?target=nobody-knows-it`);
    await expect
      .poll(() => page.locator('.headline').textContent())
      .toMatch(/^We do not watch a service of that name/);
  });

  it('shows what people wrote as text, whatever they wrote', async () => {
    const page = await open(`?target=spotify&at=${moment}`);
    const quote = page.locator('.sayings blockquote', { hasText: 'anyone else?' });
    await quote.waitFor();
    expect(await quote.textContent()).toBe(hostile.text);
    expect(await quote.locator('*').count()).toBe(0);
    expect(await page.evaluate('window.harmed')).toBeUndefined();
  });

  it('forbids scripts and styles that are not its own', async () => {
    const response = await fetch(`${address}/`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    const page = await open();
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'window.harmed = true';
      document.body.append(script);
    }`);
    expect(await page.evaluate('window.harmed')).toBeUndefined();
    // The browser told of the one refusal that was provoked here.
    expect(last?.troubles.splice(0)).toEqual([expect.stringMatching(/Content Security Policy/)]);
  });

  it.each([`?at=${moment}`, `?target=spotify&at=${moment}`])(
    'fits a narrow phone without scrolling sideways: %s',
    async (query) => {
      const page = await open(query, { viewport: phone });
      await page.locator('.chart canvas').first().waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      if (query.includes('target')) await page.locator('.sayings li').first().waitFor();
      expect(await overhang(page)).toBe(0);
    },
  );

  it.each(
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      [`?at=${moment}`, `?target=spotify&at=${moment}`].map((query) => ({ colorScheme, query })),
    ),
  )('has nothing that axe complains of: $colorScheme $query', async ({ colorScheme, query }) => {
    const page = await open(query, { colorScheme });
    await page.locator('.chart canvas').first().waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    if (query.includes('target')) await page.locator('.sayings li').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
