import type { Matcher } from '@outcry/catalog';
import { createMemoryLog } from '@outcry/event-log/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Rig } from '../testing.ts';
import { rig } from '../testing.ts';
import type { FakeMastodon, FakeStatus } from './fake.ts';
import { startFakeMastodon } from './fake.ts';
import { htmlToText } from './html.ts';
import type { MastodonOptions } from './source.ts';
import { createMastodonSource } from './source.ts';

const token = 'a-user-token-that-nobody-may-see';
const patience = { timeout: 10_000, interval: 20 };
const matcher: Pick<Matcher, 'match'> = {
  match: (text) =>
    /spotify/i.test(text)
      ? [{ target: 'spotify', start: 0, end: 7, via: 'name', certainty: 1 }]
      : [],
};

vi.setConfig({ testTimeout: 30_000 });

let fake: FakeMastodon;
let running: Rig[] = [];
let count = 0;

beforeEach(async () => {
  fake = await startFakeMastodon({ token });
  count = 0;
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.ingest.stop()));
  // Whatever happens, the token is in no line that anybody may read.
  for (const one of running) expect(one.logger.lines.join('\n')).not.toContain(token);
  running = [];
  await fake.stop().catch(() => {});
});

/** Ids carry their time, as the real ones. */
function snowflake(ms: number): string {
  count += 1;
  return String((BigInt(ms) << 16n) + BigInt(count));
}

function status(overrides: Partial<FakeStatus> = {}): FakeStatus {
  const at = Date.now();
  const id = snowflake(at);
  return {
    id,
    uri: `https://mastodon.test/users/u/statuses/${id}`,
    url: `https://mastodon.test/@u/${id}`,
    created_at: new Date(at).toISOString(),
    content: '<p>Spotify is down &amp; out</p>',
    spoiler_text: '',
    language: 'en',
    visibility: 'public',
    sensitive: false,
    account: { id: '1', acct: 'someone@elsewhere.test', bot: false },
    tags: [{ name: 'spotifydown', url: 'https://mastodon.test/tags/spotifydown' }],
    ...overrides,
  };
}

const idOf = (one: FakeStatus) => `mastodon:${one.uri}`;

async function start(
  options: Partial<MastodonOptions> = {},
  rigOptions: Parameters<typeof rig>[1] = {},
): Promise<Rig> {
  const source = createMastodonSource({
    instance: fake.url,
    token,
    hashtags: ['spotifydown'],
    matcher,
    heartbeatMs: 20,
    backOffMs: { first: 5, most: 40 },
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

async function expectIds(one: Rig, statuses: readonly FakeStatus[]): Promise<void> {
  const wanted = statuses.map(idOf).toSorted();
  await vi.waitFor(
    async () => expect([...(await one.postIds())].toSorted()).toEqual(wanted),
    patience,
  );
}

describe('by stream', () => {
  test('a status becomes a post: text without markup, warning first, bots marked', async () => {
    const one = await startStreaming();
    const post = status({
      spoiler_text: 'music',
      content:
        '<p>Spotify <a href="https://x.test/a"><span class="invisible">https://</span><span>x.test/a</span></a><br>is down</p><p>&lt;sigh&gt;</p>',
      account: { id: '1', acct: 'local', bot: true },
    });
    fake.publish(post);
    await expectIds(one, [post]);
    const host = new URL(fake.url).host;
    expect((await one.posts())[0]).toMatchObject({
      source: 'mastodon',
      text: 'music\nSpotify x.test/a\nis down\n<sigh>',
      tags: ['spotifydown'],
      lang: 'en',
      bot: true,
      voice: `voice(mastodon/local@${host})`,
      url: post.url,
    });
  });

  test('edits replace or delete, and deletions delete', async () => {
    const one = await startStreaming();
    const [edited, changed, removed] = [status(), status(), status()];
    for (const post of [edited, changed, removed]) fake.publish(post);
    await expectIds(one, [edited, changed, removed]);
    const edited_at = new Date(Date.now() + 1).toISOString();
    fake.edit({ ...edited, content: '<p>Spotify is back</p>', edited_at });
    fake.edit({ ...changed, content: '<p>never mind</p>', edited_at });
    fake.remove(removed.id);
    await vi.waitFor(async () => expect(await one.deletions()).toHaveLength(2), patience);
    expect((await one.deletions()).map(({ postId }) => postId).toSorted()).toEqual(
      [idOf(changed), idOf(removed)].toSorted(),
    );
    expect((await one.posts()).map(({ text }) => text)).toContain('Spotify is back');
  });

  test('what is not public, not the author’s own, not to be indexed or of no target is not kept', async () => {
    const one = await startStreaming();
    const kept = status({ visibility: 'unlisted' });
    fake.publish(status({ visibility: 'private' }));
    fake.publish(status({ visibility: 'direct' }));
    fake.publish(status({ reblog: { id: '1' } }));
    fake.publish(status({ content: '<p>a lovely day</p>' }));
    fake.publish(status({ account: { id: '2', acct: 'shy', bot: false, noindex: true } }));
    fake.publish(kept);
    await expectIds(one, [kept]);
  });

  test('two instances that tell the same post make one record of it', async () => {
    const other = await startFakeMastodon({ token });
    try {
      const sources = [fake, other].map((instance) =>
        createMastodonSource({
          instance: instance.url,
          token,
          hashtags: ['spotifydown'],
          matcher,
          heartbeatMs: 20,
        }),
      );
      const one = await rig(sources);
      running.push(one);
      await vi.waitFor(() => expect([fake.streams, other.streams]).toEqual([1, 1]), patience);
      const post = status();
      fake.publish(post);
      other.publish({ ...post, id: snowflake(Date.now()) });
      await vi.waitFor(async () => expect(await one.posts()).toHaveLength(2), patience);
      const [first, second] = await one.posts();
      expect([second?.id, second?.voice]).toEqual([first?.id, first?.voice]);
    } finally {
      await other.stop();
    }
  });

  test('nonsense in the stream is counted and harms nothing', async () => {
    const one = await startStreaming();
    fake.send('event: update\ndata: {"id":\n\n');
    fake.send('event: update\ndata: []\n\nevent: filters_changed\n\n:thump\n');
    fake.send('event: update\ndata: {"id":1}\n\nbroken line without colon\n\n');
    const post = status({ language: null, tags: [{ name: 'spotifydown', url: '' }] });
    fake.publish(post);
    await expectIds(one, [post]);
    expect(one.counts.get(`mastodon:${new URL(fake.url).host}/malformed`)).toBe(3);
  });
});

describe('bad days', () => {
  test('after a cut in the middle of an event the gap is filled, and nothing is lost', async () => {
    const one = await startStreaming();
    const before = [status(), status()];
    for (const post of before) fake.publish(post);
    await expectIds(one, before);
    const cut = status();
    fake.cutMidEvent(cut);
    // What is published while nobody listens can be had by REST only.
    const missed = [cut, ...Array.from({ length: 100 }, () => status())];
    for (const post of missed) fake.publish(post);
    await expectIds(one, [...before, ...missed]);
    const after = status();
    await vi.waitFor(() => expect(fake.streams).toBe(1), patience);
    fake.publish(after);
    await expectIds(one, [...before, ...missed, after]);
    expect(fake.requests.filter((path) => path.includes('min_id=')).length).toBeGreaterThan(2);
  });

  test('many cuts lose nothing', async () => {
    const one = await startStreaming();
    const all: FakeStatus[] = [];
    const publish = () => {
      all.push(status());
      fake.publish(all.at(-1)!);
    };
    publish();
    await expectIds(one, all);
    for (let round = 0; round < 8; round += 1) {
      for (let index = 0; index < 10; index += 1) publish();
      fake.disconnect();
      for (let index = 0; index < 10; index += 1) publish();
      await vi.waitFor(() => expect(fake.streams).toBe(1), patience);
    }
    await expectIds(one, all);
  });

  test('what was published during a restart is caught up', async () => {
    const log = createMemoryLog({ partitions: 3 });
    const first = await startStreaming({}, { log });
    const posts = [status(), status()];
    fake.publish(posts[0]!);
    await expectIds(first, posts.slice(0, 1));
    await first.ingest.stop();
    fake.publish(posts[1]!);
    const second = await start({}, { log });
    await expectIds(second, posts);
  });

  test('a refused token is told once and leaves others alone', async () => {
    const one = await start({ token: 'another-token-that-is-wrong', refusedWaitMs: 20 });
    await vi.waitFor(
      () => expect(one.ingest.status()[0]).toMatchObject({ reason: 'refused-credentials' }),
      patience,
    );
    await vi.waitFor(() => expect(fake.requests.length).toBeGreaterThan(3), patience);
    expect(one.logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(one.logger.lines.join('\n')).not.toContain('another-token-that-is-wrong');
  });

  test('an instance that is gone is blind since then, and seen again when it is back', async () => {
    const one = await startStreaming();
    await fake.stop();
    await vi.waitFor(
      () => expect(one.ingest.status()[0]).toMatchObject({ state: 'blind', reason: 'unreachable' }),
      patience,
    );
    await fake.listen();
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
  });

  test('a stream without a beat is dead', async () => {
    const one = await startStreaming({ deadAfterMs: 500 });
    await vi.waitFor(
      () =>
        expect(fake.requests.filter((path) => path.includes('/streaming/')).length).toBeGreaterThan(
          1,
        ),
      patience,
    );
    expect(one.counts.get(`mastodon:${new URL(fake.url).host}/disconnected`)).toBeGreaterThan(0);
  });
});

describe('by polling, without a token', () => {
  test('all tags are asked in turn, and every status comes once', async () => {
    const one = await start({
      token: undefined,
      hashtags: ['spotifydown', 'netflixdown'],
      pollEveryMs: 20,
    } as never);
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
    const tagged = (name: string) => status({ tags: [{ name, url: '' }] });
    const posts = Array.from({ length: 90 }, (_, index) =>
      tagged(index % 3 === 0 ? 'NetflixDown' : 'spotifydown'),
    );
    for (const post of posts) fake.publish(post);
    await expectIds(one, posts);
    expect(await one.posts()).toHaveLength(90);
    expect(fake.requests.every((path) => path.startsWith('/api/v1/timelines/tag/'))).toBe(true);
  });

  test('a status found late still counts, one from before the first poll stays in its time', async () => {
    const old = status({ created_at: new Date(Date.now() - 3_600_000).toISOString() });
    fake.publish(old);
    const one = await start({ token: undefined, pollEveryMs: 20 } as never);
    await expectIds(one, [old]);
    expect((await one.posts())[0]?.occurredAt).toBe(old.created_at);
  });

  test('the limit is kept: near its end nothing is asked, and a refusal is blindness', async () => {
    await fake.stop();
    fake = await startFakeMastodon({ limit: { requests: 10, windowMs: 1_500 } });
    const one = await start({ token: undefined, pollEveryMs: 5 } as never);
    const post = status();
    await vi.waitFor(() => expect(fake.requests.length).toBe(6), patience);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Five are left to others behind the same address.
    expect(fake.requests.length).toBe(6);
    fake.publish(post);
    await expectIds(one, [post]);
    fake.answer(429, { 'retry-after': '1' });
    await vi.waitFor(
      () => expect(one.ingest.status()[0]).toMatchObject({ reason: 'rate-limited' }),
      patience,
    );
    fake.answer(null);
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
  });
});

test.each([
  ['<p>a</p><p>b</p>', 'a\nb'],
  ['a<br />b<br>c', 'a\nb\nc'],
  ['<script>alert(1)</script>x<style>p{}</style>', 'x'],
  ['&lt;b&gt; &amp;amp; &#128512;', '<b> &amp; 😀'],
  ['<p>unclosed <b>bold', 'unclosed bold'],
  ['<span class="invisible">https://<b>www.</b></span>a.test', 'a.test'],
  ['', ''],
])('the text of %s', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});
