import type { Check, Heartbeat } from '@outcry/contracts';
import { checksRecord, topics } from '@outcry/contracts';
import { createMemoryLog } from '@outcry/event-log/memory';
import { afterEach, expect, test, vi } from 'vitest';
import type { Ingest } from '../ingest.ts';
import { readTopic, rig } from '../testing.ts';
import { makeCertificate } from './certificate.ts';
import type { FakeSite } from './fake.ts';
import { startFakeSite } from './fake.ts';
import type { ProbeOptions } from './source.ts';
import { createProbeSource } from './source.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function sites(count: number): Promise<FakeSite[]> {
  const started = await Promise.all(Array.from({ length: count }, () => startFakeSite()));
  closing.push(() => Promise.all(started.map((site) => site.stop().catch(() => {}))));
  return started;
}

/** A prober in a hurry, through the real ingest into a real log. */
async function watch(started: readonly FakeSite[], more: Partial<ProbeOptions> = {}) {
  const log = createMemoryLog({ partitions: 2 });
  const source = createProbeSource({
    targets: started.map((site, index) => ({ id: `t${index}`, probes: [{ url: site.url }] })),
    intervalMs: 60,
    retryMs: { least: 1, most: 5 },
    timeoutMs: 500,
    heartbeatMs: 20,
    allowPrivate: true,
    ...more,
  });
  const { ingest, counts, logger } = await rig([source], { log });
  closing.push(() => ingest.stop());
  const records = () => readTopic(log, topics.checks, checksRecord);
  return {
    ingest,
    counts,
    logger,
    checks: async () => (await records()).filter((one): one is Check => one.kind === 'check'),
    beats: async () =>
      (await readTopic(log, topics.checks, checksRecord, 0)).filter(
        (one): one is Heartbeat => one.kind === 'heartbeat',
      ),
  };
}
const outcomes = (checks: readonly Check[], target = 't0') =>
  checks.filter((check) => check.target === target).map((check) => check.outcome);
const state = (ingest: Ingest) => ingest.status()[0]?.state;

test('a site goes down only after repeated failures, and comes back after two successes', async () => {
  const [site] = await sites(1);
  const { checks, counts, ingest } = await watch([site!], { country: 'SE' });
  await vi.waitFor(async () => expect(outcomes(await checks())).toEqual(['up']));
  const before = counts.get('probe/http_5xx') ?? 0;
  site!.mood({ kind: 'status', status: 503 });
  await vi.waitFor(async () => expect(outcomes(await checks())).toEqual(['up', 'down']), 3_000);
  // Three failures that count, each looked at twice.
  expect(counts.get('probe/http_5xx')! - before).toBeGreaterThanOrEqual(6);
  site!.mood({ kind: 'well' });
  await vi.waitFor(
    async () => expect(outcomes(await checks())).toEqual(['up', 'down', 'up']),
    3_000,
  );
  const [, down] = await checks();
  expect(down).toMatchObject({
    source: 'probe',
    method: 'probe',
    target: 't0',
    subject: site!.url,
    errorClass: 'http_5xx',
    countries: ['SE'],
    detail: expect.stringMatching(/^answered 503; (resolve \d+ ms, )?connect \d+ ms, processing/),
  });
  expect(state(ingest)).toBe('seeing');
});

test('one bad look is looked at again and never told', async () => {
  const [site] = await sites(1);
  const { checks, counts } = await watch([site!]);
  await vi.waitFor(async () => expect(outcomes(await checks())).toEqual(['up']));
  site!.mood({ kind: 'reset' });
  await vi.waitFor(() => expect(counts.get('probe/connect')).toBeGreaterThanOrEqual(1));
  site!.mood({ kind: 'well' });
  const ups = counts.get('probe/up')!;
  await vi.waitFor(() => expect(counts.get('probe/up')).toBeGreaterThanOrEqual(ups + 3), 2_000);
  expect(outcomes(await checks())).toEqual(['up']);
});

test('who refuses us is blocked, not down, and asked less often', async () => {
  const [site] = await sites(1);
  const { checks } = await watch([site!], { intervalMs: 20 });
  await vi.waitFor(async () => expect(outcomes(await checks())).toEqual(['up']));
  site!.mood({ kind: 'status', status: 429 });
  await vi.waitFor(async () => expect(outcomes(await checks())).toEqual(['up', 'blocked']), 3_000);
  const asked = site!.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 210));
  // At full speed there would be ten.
  expect(site!.requests.length - asked).toBeLessThanOrEqual(3);
});

test('an outcome that stays is told again now and then', async () => {
  const [site] = await sites(1);
  const { checks } = await watch([site!], { intervalMs: 20, repeatMs: 100 });
  await vi.waitFor(async () => expect((await checks()).length).toBeGreaterThanOrEqual(3), 3_000);
  const all = await checks();
  expect(new Set(all.map((check) => check.id)).size).toBe(all.length);
  expect(new Set(outcomes(all))).toEqual(new Set(['up']));
});

test('one dead site among others is down, and we are not blind', async () => {
  const four = await sites(4);
  const { checks, ingest } = await watch(four, { intervalMs: 200 });
  await vi.waitFor(async () => expect((await checks()).length).toBe(4));
  for (const site of four.slice(1)) await site.stop();
  await vi.waitFor(async () => {
    for (const target of ['t1', 't2', 't3'])
      expect(outcomes(await checks(), target)).toEqual(['up', 'down']);
  }, 4_000);
  expect(outcomes(await checks())).toEqual(['up']);
  await vi.waitFor(() => expect(state(ingest)).toBe('seeing'));
});

test('when nobody answers any more we are blind, and nobody is called down', async () => {
  const four = await sites(4);
  const { checks, beats, ingest, logger } = await watch(four);
  await vi.waitFor(async () => expect((await checks()).length).toBe(4));
  await vi.waitFor(() => expect(state(ingest)).toBe('seeing'));
  await Promise.all(four.map((site) => site.stop()));
  await vi.waitFor(() => expect(state(ingest)).toBe('blind'), 3_000);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const blind = (await beats()).find((beat) => beat.state === 'blind');
  expect(blind).toMatchObject({ source: 'probe', reason: 'unreachable' });
  expect(Date.parse(blind!.since!)).toBeLessThan(Date.parse(blind!.through));
  expect((await checks()).filter((check) => check.outcome === 'down')).toEqual([]);
  await Promise.all(four.map((site) => site.listen()));
  await vi.waitFor(() => expect(state(ingest)).toBe('seeing'), 3_000);
  expect(logger.lines.some((line) => line.includes('probe is blind: unreachable'))).toBe(true);
});

test('a certificate near its end is told in time, once', async () => {
  const day = 24 * 60 * 60_000;
  const made = makeCertificate({
    hosts: ['site.test'],
    from: new Date(Date.now() - day),
    to: new Date(Date.now() + 5.5 * day),
  });
  const site = await startFakeSite(made);
  closing.push(() => site.stop());
  const { checks, logger, counts } = await watch([], {
    targets: [{ id: 't0', probes: [{ url: `https://site.test:${site.port}/` }] }],
    ca: made.cert,
    lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  await vi.waitFor(() => expect(counts.get('probe/up')).toBeGreaterThanOrEqual(3), 3_000);
  expect((await checks())[0]?.detail).toMatch(/certificate ends \d{4}-\d\d-\d\d, in 5 day\(s\)$/);
  expect(logger.lines.filter((line) => line.includes('ends in 5 day(s)'))).toHaveLength(1);
});

test('a stop ends at once and says so in every partition', async () => {
  const [site] = await sites(1);
  site!.mood({ kind: 'silent' });
  const { ingest, beats } = await watch([site!], { timeoutMs: 60_000 });
  await vi.waitFor(() => expect(site!.requests.length).toBe(1));
  const begin = performance.now();
  await ingest.stop();
  expect(performance.now() - begin).toBeLessThan(1_000);
  expect((await beats()).at(-1)).toMatchObject({ state: 'blind', reason: 'stopped' });
});

test('with nothing to probe it just waits for its end', async () => {
  const { ingest, checks } = await watch([]);
  await ingest.stop();
  expect(await checks()).toEqual([]);
});
