import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode, topics } from '@outcry/contracts';
import { buildOutageEvent } from '@outcry/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { embedded, openStores } from '../support/deployment.ts';
import type { ServiceProcess } from '../support/processes.ts';
import { startProcess, until } from '../support/processes.ts';
import type { Visit } from './browser.ts';
import { accessibilityProblems, describeWithBrowser, overhang, visit } from './browser.ts';

/** Without it the page would ask every ten seconds, and a test of the live stream could not fail. */
const withoutPolling = `{
  const real = window.setTimeout;
  window.setTimeout = (run, delay, ...rest) => delay === 10000 ? 0 : real(run, delay, ...rest);
}`;

describeWithBrowser('the page of a new installation', (launch) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'outcry-live-'));
  const deployment = embedded(dataDir);
  const env = { ...deployment.env, OUTCRY_LIVE: 'false' };
  let service: ServiceProcess;
  let address: string;
  let browser: Browser;
  let live: Visit;

  beforeAll(async () => {
    service = startProcess('standalone', env);
    address = await service.address;
    browser = await launch();
    await until('the report door to speak', async () => {
      const sources = (await (await fetch(`${address}/v1/sources`)).json()) as { state: string }[];
      return sources.some(({ state }) => state === 'seeing') ? true : undefined;
    });
    live = await visit(browser, `${address}/`, { before: withoutPolling });
    await live.page.locator('.headline').waitFor();
  }, 240_000);

  afterAll(async () => {
    await live?.close();
    await browser?.close();
    await service?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const headline = () => live.page.locator('.headline').textContent();

  it('does not say that all is well: it has only begun to listen, and to reports alone', async () => {
    expect(await headline()).toMatch(/^No sign of trouble so far, but we have only just begun/);
    expect(await headline()).toContain('no posts are read');
    const badges = await live.page.locator('.badge').allInnerTexts();
    expect(new Set(badges)).toEqual(new Set(['Not yet known']));
  });

  it('says so too for a service that is asked for', async () => {
    await live.page.getByRole('searchbox').fill('spotify');
    await expect
      .poll(headline)
      .toMatch(/^Spotify: no sign of trouble so far, but we have only just/);
    await live.page.getByRole('searchbox').fill('');
    await expect.poll(headline).toMatch(/^No sign of trouble so far/);
  });

  it('takes a report by keyboard in the words of the service, and the report is found', async () => {
    const { page } = live;
    const card = page.locator('.targets > li').filter({ hasText: 'Spotify' }).first();
    await card.getByRole('button', { name: 'It fails for me at Spotify' }).focus();
    await page.keyboard.press('Enter');
    const first = card.getByRole('button', { name: 'Music does not play or stops' });
    const focused = card.locator('button:focus');
    await expect.poll(() => focused.textContent()).toBe('Music does not play or stops');
    expect(await card.getByRole('button').allInnerTexts()).toContain('Nothing works');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => focused.textContent()).toMatch(/^It fails for me/);
    await page.keyboard.press('Enter');
    await first.waitFor();
    await page.keyboard.press('Enter');
    await card.getByText('Thank you').waitFor();
    const found = await until('the report in the index', async () => {
      const answer = await fetch(`${address}/v1/signals?target=spotify&trouble=true`);
      const { items } = (await answer.json()) as { items: { recordKind: string; type: string }[] };
      return items.length > 0 ? items : undefined;
    });
    expect(found).toEqual([expect.objectContaining({ recordKind: 'report', type: 'playback' })]);
  });

  it('says what went wrong when a report is not taken', async () => {
    const other = await visit(browser, `${address}/`);
    await other.page.route('**/v1/reports', (route) => route.abort('connectionrefused'));
    await other.page.getByRole('searchbox').fill('netflix');
    const card = other.page.locator('.targets > li').filter({ hasText: 'Netflix' }).first();
    await card.getByRole('button', { name: 'It fails for me at Netflix' }).click();
    await card.getByRole('button', { name: 'Cannot log in' }).click();
    await card.getByRole('alert').waitFor();
    expect(await card.getByRole('alert').textContent()).toContain('could not be reached');
    expect(await card.getByRole('button', { name: 'Cannot log in' }).isEnabled()).toBe(true);
    await other.close();
  });

  it('fits a narrow phone with a report form open', async () => {
    const small = await visit(browser, `${address}/`, { viewport: { width: 360, height: 740 } });
    await small.page.getByRole('button', { name: 'It fails for me at Spotify' }).click();
    await small.page.getByRole('button', { name: 'Nothing works' }).waitFor();
    expect(await overhang(small.page)).toBe(0);
    await small.close();
  });

  it('shows a new outage by itself, by the live stream', async () => {
    const { page } = live;
    await page.evaluate('window.sameDocument = true');
    const { log, index } = await openStores(deployment);
    const now = new Date().toISOString();
    const opened = buildOutageEvent({
      id: 'live-outage/1',
      outageId: 'live-outage',
      sequence: 1,
      type: 'outage.opened',
      state: 'confirmed',
      target: 'github',
      startedAt: now,
      decidedAt: now,
      endedAt: null,
    });
    await log.append([{ topic: topics.outages, key: 'github', value: encode(opened) }]);
    await index.close();
    await log.close();
    await expect
      .poll(headline, { timeout: 30_000 })
      .toMatch(/^GitHub is in trouble\. It is not just you\./);
    expect(await page.getByRole('article', { name: 'GitHub' }).count()).toBe(1);
    expect(await page.evaluate('window.sameDocument')).toBe(true);
  });

  it('opens the live stream again when something between refuses it', async () => {
    const other = await visit(browser, 'about:blank', { before: withoutPolling });
    let refused = 0;
    await other.page.route('**/v1/live', (route) =>
      refused++ === 0 ? route.fulfill({ status: 503 }) : route.continue(),
    );
    await other.page.goto(`${address}/`);
    await other.page.locator('.headline').waitFor();
    await expect.poll(() => refused, { timeout: 30_000 }).toBe(2);
    await other.close();
  });

  it('says that what it shows may be old while the server is away, and recovers by itself', async () => {
    const { page, troubles } = live;
    expect(troubles, 'errors in the console').toEqual([]);
    const notice = page.locator('.notice.bad');
    expect(await notice.count()).toBe(0);
    await service.stop();
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(/^What you see may be old, it is of \d\d:\d\d: /);
    expect(await headline()).toMatch(/^GitHub is in trouble/);
    service = startProcess('standalone', { ...env, OUTCRY_HTTP_PORT: new URL(address).port });
    await service.address;
    await notice.waitFor({ state: 'detached' });
    expect(await headline()).toMatch(/^GitHub is in trouble/);
    expect(await page.evaluate('window.sameDocument')).toBe(true);
    expect(troubles.filter((line) => !line.includes('net::ERR_'))).toEqual([]);
  }, 240_000);
});
