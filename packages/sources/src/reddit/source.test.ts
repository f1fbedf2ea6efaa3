import type { Target } from '@outcry/catalog';
import { loadCatalog } from '@outcry/catalog';
import { createMemoryLog } from '@outcry/event-log/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Rig } from '../testing.ts';
import { rig } from '../testing.ts';
import type { FakeLink, FakeReddit } from './fake.ts';
import { startFakeReddit } from './fake.ts';
import type { RedditOptions } from './source.ts';
import { createRedditSource } from './source.ts';

vi.setConfig({ testTimeout: 30_000 });
const credentials = { clientId: 'client-id-of-ours', clientSecret: 'a-secret-nobody-may-see' };
const patience = { timeout: 10_000, interval: 20 };
const spotify = loadCatalog().byId.get('spotify') as Target;
const catalog = {
  targets: [
    { ...spotify, subreddits: ['spotify', 'truespotify'] },
    { ...spotify, id: 'other', subreddits: ['spotify'] },
  ],
};

let fake: FakeReddit;
let running: Rig[] = [];
let count = 0;

beforeEach(async () => {
  fake = await startFakeReddit({ ...credentials, limit: { requests: 10_000, windowMs: 60_000 } });
  count = 0;
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.ingest.stop()));
  for (const one of running) {
    const lines = one.logger.lines.join('\n');
    expect(lines).not.toContain(credentials.clientSecret);
    expect(lines).not.toContain('token-1');
  }
  running = [];
  await fake.stop().catch(() => {});
});

function link(overrides: Partial<FakeLink> = {}): FakeLink {
  count += 1;
  return {
    name: `t3_${(1_000_000 + count).toString(36)}`,
    title: `Is Spotify down? ${count}`,
    selftext: '',
    created_utc: Math.floor(Date.now() / 1000),
    author: `user${count}`,
    subreddit: 'spotify',
    permalink: '/r/spotify/comments/x',
    over_18: false,
    ...overrides,
  };
}

async function start(
  options: Partial<RedditOptions> = {},
  rigOptions: Parameters<typeof rig>[1] = {},
): Promise<Rig> {
  const source = createRedditSource({
    ...credentials,
    userAgent: 'test:outcry:0.1 (by /u/nobody)',
    catalog,
    tokenBase: fake.url,
    apiBase: fake.url,
    pollEveryMs: 10,
    heartbeatMs: 20,
    backOffMs: { first: 5, most: 40 },
    refusedWaitMs: 30,
    ...options,
  });
  const one = await rig([source], rigOptions);
  running.push(one);
  return one;
}

async function startSeeing(...args: Parameters<typeof start>): Promise<Rig> {
  const one = await start(...args);
  await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
  return one;
}

async function expectIds(one: Rig, links: readonly FakeLink[]): Promise<void> {
  const wanted = links.map(({ name }) => `reddit:${name}`).toSorted();
  await vi.waitFor(
    async () => expect([...(await one.postIds())].toSorted()).toEqual(wanted),
    patience,
  );
}

async function expectBlind(one: Rig, reason: string): Promise<void> {
  await vi.waitFor(
    () => expect(one.ingest.status()[0]).toMatchObject({ state: 'blind', reason }),
    patience,
  );
}

describe('what it brings', () => {
  test('a post has title and text, and the targets whose community it is', async () => {
    const one = await startSeeing();
    const post = link({ selftext: 'since an hour' });
    fake.publish(post);
    await expectIds(one, [post]);
    expect((await one.posts())[0]).toMatchObject({
      source: 'reddit',
      text: 'Is Spotify down? 1\nsince an hour',
      targets: ['spotify', 'other'],
      voice: 'voice(reddit/user1)',
      url: `https://www.reddit.com/comments/${post.name.slice(3)}`,
    });
  });

  test('each post comes once, from all communities, more than a page at a time', async () => {
    const one = await startSeeing();
    const links = Array.from({ length: 260 }, (_, index) =>
      link(index % 5 === 0 ? { subreddit: 'truespotify' } : {}),
    );
    for (const post of links) fake.publish(post);
    await expectIds(one, links);
    expect(await one.posts()).toHaveLength(260);
  });

  test('what was taken back there is taken back here', async () => {
    const one = await startSeeing({ recheckEveryMs: 50 });
    const [kept, gone] = [link(), link()];
    fake.publish(kept);
    fake.publish(gone);
    await expectIds(one, [kept, gone]);
    fake.remove(gone.name);
    await vi.waitFor(
      async () => expect(await one.deletions()).toMatchObject([{ postId: `reddit:${gone.name}` }]),
      patience,
    );
  });
});

describe('bad days', () => {
  test('the newest post may vanish, and nothing behind it is lost', async () => {
    const one = await startSeeing();
    const links = [link(), link()];
    for (const post of links) fake.publish(post);
    await expectIds(one, links);
    for (const { name } of links) fake.remove(name);
    const later = [link(), link()];
    for (const post of later) fake.publish(post);
    await expectIds(one, [...links, ...later]);
  });

  test('what was published during a restart is caught up, and nothing comes again', async () => {
    const log = createMemoryLog({ partitions: 3 });
    const first = await startSeeing({}, { log });
    const links = [link(), link()];
    fake.publish(links[0]!);
    await expectIds(first, links.slice(0, 1));
    await first.ingest.stop();
    fake.publish(links[1]!);
    await expectIds(await startSeeing({}, { log }), links);
    expect(await first.posts()).toHaveLength(2);
  });

  test('an answer that stops in the middle is blindness, and comes again whole', async () => {
    const one = await startSeeing();
    fake.answer('cut');
    const post = link();
    fake.publish(post);
    await expectBlind(one, 'unreachable');
    fake.answer(null);
    await expectIds(one, [post]);
  });

  test('a token that was revoked is renewed without a word', async () => {
    const one = await startSeeing();
    fake.revoke();
    const post = link();
    fake.publish(post);
    await expectIds(one, [post]);
    expect(fake.tokens).toBe(2);
    expect(one.logger.lines.some((line) => line.startsWith('error'))).toBe(false);
  });

  test('refused credentials are told once', async () => {
    const one = await start({ clientSecret: 'another-secret-that-is-wrong' });
    await expectBlind(one, 'refused-credentials');
    await vi.waitFor(() => expect(fake.requests.length).toBeGreaterThan(2), patience);
    expect(one.logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(one.logger.lines.join('\n')).not.toContain('another-secret');
  });

  test('the page for strangers is a refusal, a closed community only left out', async () => {
    const one = await startSeeing();
    fake.answer('block');
    await expectBlind(one, 'refused-credentials');
    fake.answer(null);
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
    fake.close('truespotify');
    await vi.waitFor(
      () => expect(one.logger.lines.join('\n')).toContain('"subreddit":"truespotify"'),
      patience,
    );
    const post = link();
    fake.publish(post);
    await expectIds(one, [post]);
    expect(one.ingest.status()[0]?.state).toBe('seeing');
  });

  test('the limit is kept, and a refusal for it is blindness', async () => {
    await fake.stop();
    fake = await startFakeReddit({ ...credentials, limit: { requests: 8, windowMs: 1_200 } });
    const one = await start();
    await vi.waitFor(() => expect(fake.requests.length).toBe(8), patience);
    await new Promise((resolve) => setTimeout(resolve, 200));
    // One token, and all but one of the window's requests.
    expect(fake.requests.length).toBe(8);
    const post = link();
    fake.publish(post);
    await expectIds(one, [post]);
    fake.answer('limit');
    await expectBlind(one, 'rate-limited');
  });

  test('a server that is gone is blindness, and seen again when it is back', async () => {
    const one = await startSeeing();
    await fake.stop();
    await expectBlind(one, 'unreachable');
    await fake.listen();
    const post = link();
    fake.publish(post);
    await expectIds(one, [post]);
  });
});
