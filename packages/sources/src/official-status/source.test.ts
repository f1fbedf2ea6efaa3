import type { OfficialStatus } from '@outcry/catalog';
import type { Check, Heartbeat } from '@outcry/contracts';
import { checksRecord, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import { createMemoryLog } from '@outcry/event-log/memory';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readTopic, rig } from '../testing.ts';
import type { FakeStatusPages } from './fake.ts';
import { startFakeStatusPages } from './fake.ts';
import type { PageKind } from './fake-pages.ts';
import type { OfficialStatusOptions } from './source.ts';
import { createOfficialStatusSource } from './source.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function pages(): Promise<FakeStatusPages> {
  const started = await startFakeStatusPages();
  closing.push(() => started.stop());
  return started;
}

const statuspage = 'statuspage/api/v2/summary.json';

/** Reads pages in a hurry, through the real ingest into a real log. */
async function follow(
  status: OfficialStatus | OfficialStatus[],
  more: Partial<OfficialStatusOptions> & { log?: EventLog } = {},
) {
  const { log = createMemoryLog({ partitions: 2 }), ...options } = more;
  const source = createOfficialStatusSource({
    targets: [status].flat().map((one, index) => ({ id: `t${index}`, status: one })),
    intervalMs: 25,
    longestWaitMs: 60,
    timeoutMs: 500,
    heartbeatMs: 20,
    ...options,
  });
  const { ingest, counts, logger, deadLetters } = await rig([source], { log });
  closing.push(() => ingest.stop());
  const checks = async () =>
    (await readTopic(log, topics.checks, checksRecord)).filter(
      (one): one is Check => one.kind === 'check',
    );
  return {
    ingest,
    counts,
    logger,
    deadLetters,
    checks,
    outcomes: async (subject: RegExp) =>
      (await checks()).filter((check) => subject.test(check.subject)).map((check) => check.outcome),
    beats: async () =>
      (await readTopic(log, topics.checks, checksRecord, 0)).filter(
        (one): one is Heartbeat => one.kind === 'heartbeat',
      ),
    sight: () => ingest.status()[0]?.state,
  };
}

const minutesAgo = (minutes: number) =>
  new Date(Math.floor(Date.now() / 1_000) * 1_000 - minutes * 60_000);
const soon = { timeout: 4_000 };

const dialects: [OfficialStatus['kind'], PageKind][] = [
  ['statuspage', statuspage],
  ['instatus', 'instatus/summary.json'],
  ['slack', 'slack/current'],
  ['aws', 'aws/currentevents'],
  ['google', 'google/incidents.json'],
  ['rss', 'feed/rss'],
  ['rss', 'feed/atom'],
];

describe.each(dialects)('%s at %s', (kind, path) => {
  test('tells the official beginning and end of an incident, each once', async () => {
    const fake = await pages();
    const { outcomes, checks, counts } = await follow({ kind, url: fake.url(path) });
    await vi.waitFor(
      () => expect(counts.get('official-status/unchanged')).toBeGreaterThan(0),
      soon,
    );
    const startedAt = minutesAgo(7);
    fake.open({ id: 'i1', name: 'Login & playback trouble', impact: 'major', startedAt });
    await vi.waitFor(
      async () => expect(await outcomes(/Login & playback/)).toEqual(['down']),
      soon,
    );
    const resolvedAt = minutesAgo(1);
    fake.update('i1', 'resolved', resolvedAt);
    await vi.waitFor(
      async () => expect(await outcomes(/Login & playback/)).toEqual(['down', 'up']),
      soon,
    );
    const reads = counts.get('official-status/unchanged')!;
    await vi.waitFor(
      () => expect(counts.get('official-status/unchanged')).toBeGreaterThan(reads + 1),
      soon,
    );
    const [down, up] = (await checks()).filter((check) => /Login/.test(check.subject));
    expect(down).toMatchObject({
      source: 'official-status',
      target: 't0',
      method: 'official-status',
      officialStartedAt: startedAt.toISOString(),
    });
    expect(up).toMatchObject({ officialStartedAt: startedAt.toISOString() });
    // Where a page drops what is over, the time at which we saw it gone has to do.
    const told = Date.parse(up!.officialResolvedAt!);
    if (['instatus', 'slack'].includes(kind))
      expect(Math.abs(told - Date.now())).toBeLessThan(10_000);
    else expect(told).toBe(resolvedAt.getTime());
    expect(await outcomes(/Login/)).toHaveLength(2);
  });

  test('words that nobody knows yet are unknown, and stop nothing', async () => {
    const fake = await pages();
    const { outcomes, sight, deadLetters } = await follow({ kind, url: fake.url(path) });
    fake.extend({
      indicator: 'purple',
      impact: 'cosmic',
      type: 'eclipse',
      status_impact: 'SERVICE_HAUNTED',
      notes: 'none',
      event_log: null,
      most_recent_update: [],
      ...(kind === 'aws' ? { status: '9' } : {}),
    });
    fake.open({ id: 'i1', name: 'Something new', impact: 'minor', startedAt: minutesAgo(2) });
    await vi.waitFor(async () => expect((await outcomes(/Something new/)).length).toBe(1), soon);
    expect(['unknown', 'degraded']).toContain((await outcomes(/Something new/))[0]);
    await vi.waitFor(() => expect(sight()).toBe('seeing'), soon);
    expect(await deadLetters()).toEqual([]);
  });
});

test('an incident goes through its states, and the summary of the page goes with it', async () => {
  const fake = await pages();
  const { outcomes, checks } = await follow({ kind: 'statuspage', url: fake.url(statuspage) });
  await vi.waitFor(async () => expect(await outcomes(/status page/)).toEqual(['up']), soon);
  fake.open({ id: 'i1', name: 'Search is down', impact: 'major', startedAt: minutesAgo(3) });
  await vi.waitFor(async () => expect(await outcomes(/Search/)).toEqual(['down']), soon);
  fake.update('i1', 'monitoring', minutesAgo(2));
  await vi.waitFor(
    async () => expect(await outcomes(/Search/)).toEqual(['down', 'degraded']),
    soon,
  );
  fake.update('i1', 'resolved', minutesAgo(1));
  await vi.waitFor(async () => expect((await outcomes(/Search/)).at(-1)).toBe('up'), soon);
  await vi.waitFor(
    async () => expect(await outcomes(/status page/)).toEqual(['up', 'down', 'up']),
    soon,
  );
  const down = (await checks()).find((check) => check.outcome === 'down');
  expect(down?.detail).toBe('investigating: We are looking into it.');
});

test('a restart repeats nothing and sees what ended meanwhile', async () => {
  const fake = await pages();
  const log = createMemoryLog({ partitions: 2 });
  const status = { kind: 'statuspage', url: fake.url(statuspage) } as const;
  fake.open({ id: 'i1', name: 'Early trouble', impact: 'minor', startedAt: minutesAgo(9) });
  fake.open({ id: 'i2', name: 'Late trouble', impact: 'minor', startedAt: minutesAgo(8) });
  const before = await follow(status, { log });
  await vi.waitFor(async () => expect(await before.checks()).toHaveLength(3), soon);
  await before.ingest.stop();
  const resolvedAt = minutesAgo(5);
  fake.update('i1', 'resolved', resolvedAt);
  const after = await follow(status, { log });
  await vi.waitFor(async () => expect(await after.checks()).toHaveLength(4), soon);
  expect(await after.outcomes(/Late trouble/)).toEqual(['degraded']);
  expect((await after.checks()).find((check) => check.outcome === 'up')).toMatchObject({
    subject: 'Early trouble',
    officialResolvedAt: resolvedAt.toISOString(),
  });
});

test('only what changed is asked for', async () => {
  const fake = await pages();
  const { counts } = await follow({ kind: 'statuspage', url: fake.url(statuspage) });
  await vi.waitFor(() => expect(counts.get('official-status/unchanged')).toBeGreaterThan(3), soon);
  expect(counts.get('official-status/read')).toBe(1);
  expect(fake.requests.slice(1).every((one) => one.status === 304)).toBe(true);
});

describe('a bad day', () => {
  test.each([
    ['an error page', { kind: 'status', status: 500 }, 'unreachable'],
    ['a refusal', { kind: 'status', status: 429, retryAfter: 0 }, 'rate-limited'],
    ['silence', { kind: 'silent' }, 'unreachable'],
    ['redirects without end', { kind: 'loop' }, 'unreachable'],
    ['half a page', { kind: 'cut' }, 'unreachable'],
    [
      'a page of something else',
      { kind: 'garbage', body: '<html>Wi-Fi login</html>' },
      'unreachable',
    ],
    ['JSON of something else', { kind: 'garbage', body: '[{"a":1}]' }, 'unreachable'],
  ] as const)('%s: blind and unknown, then seeing again', async (_what, mood, reason) => {
    const fake = await pages();
    const { sight, beats, outcomes, logger } = await follow(
      { kind: 'statuspage', url: fake.url(statuspage) },
      { timeoutMs: 150 },
    );
    await vi.waitFor(() => expect(sight()).toBe('seeing'), soon);
    fake.mood(mood);
    await vi.waitFor(async () => expect(await outcomes(/./)).toEqual(['up', 'unknown']), soon);
    expect((await beats()).at(-1)).toMatchObject({ state: 'blind', reason });
    expect(logger.lines.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
    fake.mood({ kind: 'well' });
    fake.open({ id: 'i1', name: 'Trouble', impact: 'minor', startedAt: minutesAgo(1) });
    await vi.waitFor(async () => expect(await outcomes(/Trouble/)).toEqual(['degraded']), soon);
    await vi.waitFor(() => expect(sight()).toBe('seeing'), soon);
  });

  test('an endless page is not read to its end', async () => {
    const fake = await pages();
    const { counts } = await follow(
      { kind: 'statuspage', url: fake.url(statuspage) },
      { mostBytes: 1_000_000, timeoutMs: 5_000 },
    );
    fake.mood({ kind: 'flood' });
    await vi.waitFor(
      () => expect(counts.get('official-status/unreadable')).toBeGreaterThan(0),
      soon,
    );
    expect(fake.flooded).toBeLessThan(64 * 1024 * 1024);
  });

  test('what cannot be understood is kept once as a dead letter', async () => {
    const fake = await pages();
    fake.mood({ kind: 'garbage', body: 'not a page' });
    const { deadLetters, counts } = await follow({
      kind: 'aws',
      url: fake.url('aws/currentevents'),
    });
    await vi.waitFor(
      () => expect(counts.get('official-status/unreadable')).toBeGreaterThan(2),
      soon,
    );
    const letters = await deadLetters();
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ reason: 'unreadable-page' });
    expect(Buffer.from(letters[0]!.payload, 'base64').toString()).toBe('not a page');
  });

  test('a page that asks to be left alone is left alone', async () => {
    const fake = await pages();
    fake.mood({ kind: 'status', status: 429, retryAfter: 30 });
    const { counts } = await follow({ kind: 'statuspage', url: fake.url(statuspage) });
    await vi.waitFor(() => expect(counts.get('official-status/rate-limited')).toBe(1), soon);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(fake.requests).toHaveLength(1);
  });

  test('one lost page does not blind us to the others', async () => {
    const [good, bad] = [await pages(), await pages()];
    bad.mood({ kind: 'status', status: 503 });
    const { sight, checks } = await follow([
      { kind: 'statuspage', url: good.url(statuspage) },
      { kind: 'statuspage', url: bad.url(statuspage) },
    ]);
    await vi.waitFor(async () => expect(await checks()).toHaveLength(2), soon);
    expect(sight()).toBe('seeing');
    expect((await checks()).map(({ target, outcome }) => `${target} ${outcome}`).sort()).toEqual([
      't0 up',
      't1 unknown',
    ]);
  });
});

test('pages that only people can read are left to them', async () => {
  const { ingest, checks } = await follow({ kind: 'none', url: 'http://127.0.0.1:9/' });
  await ingest.stop();
  expect(await checks()).toEqual([]);
});
