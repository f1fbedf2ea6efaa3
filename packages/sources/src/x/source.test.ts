import { createMatcher, loadCatalog } from '@outcry/catalog';
import { createMemoryLog } from '@outcry/event-log/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Rig } from '../testing.ts';
import { rig } from '../testing.ts';
import { isRise } from './counts.ts';
import type { FakeTweet, FakeX } from './fake.ts';
import { startFakeX } from './fake.ts';
import { createLadders } from './ladders.ts';
import { diffRules, mostRuleLength, rulesOf } from './rules.ts';
import type { XOptions } from './source.ts';
import { createXSource } from './source.ts';
import { idAt, timeOfId } from './tweet.ts';

const token = 'a-bearer-token-that-nobody-may-see';
const patience = { timeout: 10_000, interval: 20 };
const catalog = loadCatalog();
const matcher = createMatcher(catalog);
/** Few targets, so that few searches fill a gap. */
const few = {
  targets: catalog.targets.filter(({ id }) => ['spotify', 'netflix', 'youtube'].includes(id)),
  hashtagsOf: catalog.hashtagsOf,
};
vi.setConfig({ testTimeout: 30_000 });

let fake: FakeX;
let running: Rig[] = [];
let count = 0;

beforeEach(async () => {
  fake = await startFakeX({ token, places: [{ id: 'p1', country_code: 'SE' }] });
  count = 0;
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.ingest.stop()));
  for (const one of running) expect(one.logger.lines.join('\n')).not.toContain(token);
  running = [];
  await fake.stop().catch(() => {});
});

function tweet(overrides: Partial<FakeTweet> = {}, at = Date.now()): FakeTweet {
  count += 1;
  return {
    id: String(BigInt(idAt(at)) + BigInt(count)),
    text: `#SpotifyDown again ${count}`,
    created_at: new Date(at).toISOString(),
    author_id: String(count),
    lang: 'en',
    entities: { hashtags: [{ start: 0, end: 12, tag: 'SpotifyDown' }] },
    edit_history_tweet_ids: [],
    ...overrides,
  };
}

async function start(
  options: Partial<XOptions> = {},
  rigOptions: Parameters<typeof rig>[1] = {},
): Promise<Rig> {
  const source = createXSource({
    token,
    catalog: few,
    matcher,
    base: fake.url,
    heartbeatMs: 20,
    waitUnit: 0.01,
    ...options,
  });
  const one = await rig([source], rigOptions);
  running.push(one);
  return one;
}

async function startStreaming(...args: Parameters<typeof start>): Promise<Rig> {
  const one = await start(...args);
  await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
  return one;
}

async function expectIds(one: Rig, tweets: readonly FakeTweet[]): Promise<void> {
  const wanted = tweets.map(({ id }) => `x:${id}`).toSorted();
  await vi.waitFor(
    async () => expect([...(await one.postIds())].toSorted()).toEqual(wanted),
    patience,
  );
}

const requestsTo = (path: string) => fake.requests.filter(({ line }) => line.endsWith(path));

describe('rules', () => {
  test('each target has one that fits, and none is longer than allowed', () => {
    const rules = rulesOf(catalog);
    expect(rules).toHaveLength(catalog.targets.length);
    for (const { value } of rules) expect(value.length).toBeLessThanOrEqual(mostRuleLength);
    const spotify = rules.find(({ tag }) => tag === 'outcry:spotify')!;
    expect(spotify.value).toMatch(/^\("Spotify down" OR .*#spotifydown.*\) -is:retweet$/);
    expect(spotify.value).not.toMatch(/#spotify /);
  });

  test('only the difference is sent, and the rules of others are left alone', () => {
    const wanted = [
      { value: 'a', tag: 'outcry:a' },
      { value: 'b', tag: 'outcry:b' },
    ];
    const existing = [
      { id: '1', value: 'a', tag: 'outcry:a' },
      { id: '2', value: 'old', tag: 'outcry:b' },
      { id: '3', value: 'theirs', tag: 'someone else' },
    ];
    expect(diffRules(wanted, existing)).toEqual({ add: [wanted[1]], remove: ['2'] });
    expect(diffRules(wanted, [])).toEqual({ add: wanted, remove: [] });
  });

  test('they are in at the start, and a second start changes nothing', async () => {
    fake.rules.push(
      { id: 'x1', value: 'cats', tag: 'mine' },
      { id: 'x2', value: 'gone', tag: 'outcry:gone' },
    );
    const log = createMemoryLog({ partitions: 3 });
    const first = await startStreaming({}, { log });
    expect(fake.rules.map(({ tag }) => tag)).toEqual([
      'mine',
      ...few.targets.map(({ id }) => `outcry:${id}`),
    ]);
    await first.ingest.stop();
    const posts = () => fake.requests.filter(({ line }) => line.startsWith('POST')).length;
    const before = posts();
    await startStreaming({}, { log });
    expect(posts()).toBe(before);
  });
});

describe('the stream', () => {
  test('a post has its tags, place, language and parent; duplicates are one record', async () => {
    const one = await startStreaming();
    const post = tweet({
      geo: { place_id: 'p1' },
      lang: 'pt',
      referenced_tweets: [{ type: 'replied_to', id: '77' }],
    });
    fake.publish(post, 3);
    fake.publish(tweet({ referenced_tweets: [{ type: 'retweeted', id: '1' }] }));
    await expectIds(one, [post]);
    expect((await one.posts())[0]).toMatchObject({
      source: 'x',
      country: 'SE',
      lang: 'pt',
      tags: ['SpotifyDown'],
      replyTo: 'x:77',
      voice: `voice(x/${post.author_id})`,
      url: `https://x.com/i/status/${post.id}`,
    });
  });

  test('an edited post takes the place of what it was', async () => {
    const one = await startStreaming();
    const first = tweet();
    fake.publish(first);
    const second = tweet();
    fake.publish({ ...second, edit_history_tweet_ids: [first.id, second.id] });
    await vi.waitFor(
      async () => expect(await one.deletions()).toMatchObject([{ postId: `x:${first.id}` }]),
      patience,
    );
  });

  test('nonsense is counted, beats are heard, and the stream goes on', async () => {
    const one = await startStreaming();
    fake.send('\r\n{"data":\r\n\r\n{"data":{"id":7}}\r\n{}\r\n');
    const post = tweet();
    fake.publish(post);
    await expectIds(one, [post]);
    expect(one.counts.get('x/malformed')).toBe(3);
    expect(one.counts.get('x/disconnected')).toBeUndefined();
  });

  test('after a cut in the middle of a post, and an error in the stream, nothing is lost', async () => {
    const one = await startStreaming();
    const all: FakeTweet[] = [];
    const publish = () => {
      all.push(tweet());
      fake.publish(all.at(-1)!);
    };
    publish();
    await expectIds(one, all);
    all.push(tweet());
    fake.cutMidMessage(all.at(-1)!);
    for (let index = 0; index < 150; index += 1) publish();
    await vi.waitFor(() => expect(fake.streams).toBe(1), patience);
    await expectIds(one, all);
    fake.operationalDisconnect();
    for (let index = 0; index < 10; index += 1) publish();
    await expectIds(one, all);
    expect(one.logger.lines.join('\n')).toContain('operational reasons');
    expect(fake.mostStreams).toBe(1);
  });

  test('what was published during a restart is caught up', async () => {
    const log = createMemoryLog({ partitions: 3 });
    const first = await startStreaming({}, { log });
    const posts = [tweet(), tweet()];
    fake.publish(posts[0]!);
    await expectIds(first, posts.slice(0, 1));
    await first.ingest.stop();
    fake.publish(posts[1]!);
    await expectIds(await startStreaming({}, { log }), posts);
  });

  test('without a beat the stream is dead and opened again', async () => {
    await startStreaming({ deadAfterMs: 400 });
    await vi.waitFor(
      () => expect(requestsTo('/search/stream').length).toBeGreaterThan(1),
      patience,
    );
  });

  test('refused credentials are told once and are blindness', async () => {
    const one = await start({ token: 'wrong-token-wrong-token' });
    await vi.waitFor(
      () => expect(one.ingest.status()[0]).toMatchObject({ reason: 'refused-credentials' }),
      patience,
    );
    await vi.waitFor(() => expect(fake.requests.length).toBeGreaterThan(2), patience);
    expect(one.logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(one.logger.lines.join('\n')).not.toContain('wrong-token');
  });

  test('a rate limit is blindness, and the waits grow', async () => {
    fake.answer({ status: 429, path: 'rules' });
    const one = await start({ waitUnit: 0.001 });
    await vi.waitFor(() => expect(fake.requests.length).toBe(4), patience);
    expect(one.ingest.status()[0]).toMatchObject({ state: 'blind', reason: 'rate-limited' });
    const times = fake.requests.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    expect(gaps[2]).toBeGreaterThan(gaps[0]! * 1.5);
    fake.answer(null);
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
  });
});

test('the ladders are those that the API documents', () => {
  const ladders = createLadders();
  expect([ladders.network(), ladders.network()]).toEqual([250, 500]);
  for (let index = 0; index < 100; index += 1) ladders.network();
  expect(ladders.network()).toBe(16_000);
  const http = Array.from({ length: 8 }, () => ladders.http());
  expect(http).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 320_000]);
  expect([ladders.limited(0, undefined), ladders.limited(0, undefined)]).toEqual([60_000, 120_000]);
  expect(ladders.limited(1_000, 501_000)).toBe(500_000);
  ladders.reset();
  expect(ladders.network()).toBe(250);
});

describe('by counts', () => {
  test('posts are read only where the number rises', async () => {
    const now = Date.now();
    for (let minute = 6; minute < 60; minute += 6) {
      fake.publish(tweet({}, now - minute * 60_000));
      fake.publish(tweet({ text: '#NetflixDown as ever' }, now - minute * 60_000));
    }
    const risen = Array.from({ length: 30 }, (_, index) => tweet({}, now - index * 1_000));
    for (const post of risen) fake.publish(post);
    const one = await start({ mode: 'counts', countsEveryMs: 100 });
    await expectIds(one, risen);
    expect(requestsTo('/search/stream')).toHaveLength(0);
    expect(one.counts.get('x/rise')).toBeGreaterThan(0);
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
    const later = tweet();
    fake.publish(later);
    await expectIds(one, [...risen, later]);
  });

  test.each([
    ['quiet', Array(60).fill(0), false],
    ['usual', Array(60).fill(20), false],
    ['a rise out of nothing', [...Array(55).fill(0), 1, 3, 5, 8, 9], true],
    ['a rise over much', [...Array(55).fill(20), 60, 80, 90, 90, 99], true],
    ['a little more', [...Array(55).fill(20), 25, 30, 30, 30, 30], false],
    ['nothing known', [], false],
  ])('%s', (_, perMinute, expected) => {
    expect(isRise(perMinute)).toBe(expected);
  });
});

test('an id and its time belong together', () => {
  const at = Date.parse('2025-04-16T12:20:00.123Z');
  expect(timeOfId(idAt(at))).toBe(at);
});
