import type { Matcher } from '@outcry/catalog';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Rig } from '../testing.ts';
import { rig } from '../testing.ts';
import type { FakeJetstream, JetstreamEvent } from './fake.ts';
import { startFakeJetstream } from './fake.ts';
import type { JetstreamOptions } from './source.ts';
import { createJetstreamSource } from './source.ts';

const quick = {
  heartbeatMs: 20,
  backOffMs: { first: 5, most: 40 },
  handshakeTimeoutMs: 1_000,
} as const satisfies JetstreamOptions;
const patience = { timeout: 10_000, interval: 10 };

let fake: FakeJetstream;
let running: Rig[] = [];
let count = 0;

beforeEach(async () => {
  fake = await startFakeJetstream();
  count = 0;
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.ingest.stop()));
  running = [];
  await fake.stop().catch(() => {});
});

/** An event of a new post, now unless told otherwise. */
function postEvent(overrides: Partial<{ text: string; timeUs: number; record: object }> = {}) {
  count += 1;
  const timeUs = overrides.timeUs ?? Date.now() * 1000;
  return {
    did: `did:plc:author${count}`,
    time_us: timeUs,
    kind: 'commit',
    commit: {
      rev: 'r',
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey: `rkey${count}`,
      record: {
        $type: 'app.bsky.feed.post',
        createdAt: new Date(Math.floor(timeUs / 1000)).toISOString(),
        langs: ['en'],
        text: overrides.text ?? `spotify is down ${count}`,
        ...overrides.record,
      },
      cid: 'bafy',
    },
  } satisfies JetstreamEvent;
}

const idOf = (event: JetstreamEvent) =>
  `bluesky:${event.did}/${event.commit?.collection}/${event.commit?.rkey}`;

async function start(
  options: JetstreamOptions = {},
  rigOptions: Parameters<typeof rig>[1] = {},
): Promise<Rig> {
  const source = createJetstreamSource({ hosts: [fake.url], keep: 'all', ...quick, ...options });
  const one = await rig([source], rigOptions);
  running.push(one);
  return one;
}

async function startConnected(...args: Parameters<typeof start>): Promise<Rig> {
  const one = await start(...args);
  await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
  return one;
}

async function expectIds(one: Rig, events: readonly JetstreamEvent[]): Promise<void> {
  const wanted = new Set(events.map(idOf));
  await vi.waitFor(async () => expect(await one.postIds()).toEqual(wanted), patience);
}

describe('what it brings', () => {
  test('a post has its text, tags, language, parent and address, and a voice in place of its author', async () => {
    const one = await startConnected();
    const event = postEvent({
      text: '#SpotifyDown again',
      record: {
        langs: ['pt-BR'],
        facets: [
          {
            index: { byteStart: 0, byteEnd: 12 },
            features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'SpotifyDown' }],
          },
        ],
        tags: ['music'],
        reply: {
          root: { uri: 'at://did:plc:r/app.bsky.feed.post/1', cid: 'b' },
          parent: { uri: 'at://did:plc:p/app.bsky.feed.post/2', cid: 'b' },
        },
      },
    });
    fake.publish(event);
    await expectIds(one, [event]);
    const [post] = await one.posts();
    expect(post).toMatchObject({
      source: 'bluesky',
      text: '#SpotifyDown again',
      lang: 'pt',
      tags: ['SpotifyDown', 'music'],
      replyTo: 'bluesky:did:plc:p/app.bsky.feed.post/2',
      voice: `voice(bluesky/${event.did})`,
      url: `https://bsky.app/profile/${event.did}/post/rkey1`,
    });
  });

  test('it asks for posts only', async () => {
    await startConnected();
    expect(fake.subscriptions[0]?.getAll('wantedCollections')).toEqual(['app.bsky.feed.post']);
    expect(fake.subscriptions[0]?.has('cursor')).toBe(false);
  });

  test('what speaks of nothing watched is not kept', async () => {
    const matcher: Pick<Matcher, 'match'> = {
      match: (text) =>
        text.includes('spotify')
          ? [{ target: 'spotify', start: 0, end: 7, via: 'name', certainty: 1 }]
          : [],
    };
    const one = await startConnected({ keep: 'matching', matcher });
    const kept = postEvent();
    fake.publish(postEvent({ text: 'what a lovely day' }));
    fake.publish(kept);
    await expectIds(one, [kept]);
  });

  test('an edit replaces, and one that no longer names a target deletes', async () => {
    const matcher: Pick<Matcher, 'match'> = {
      match: (text) =>
        text.includes('spotify')
          ? [{ target: 'spotify', start: 0, end: 7, via: 'name', certainty: 1 }]
          : [],
    };
    const one = await startConnected({ keep: 'matching', matcher });
    const first = postEvent();
    const edit = (text: string): JetstreamEvent => ({
      ...first,
      commit: { ...first.commit, operation: 'update', record: { ...first.commit.record, text } },
    });
    fake.publish(first);
    fake.publish(edit('spotify is fine after all'));
    fake.publish(edit('never mind'));
    await vi.waitFor(async () => expect(await one.deletions()).toHaveLength(1), patience);
    expect((await one.posts()).map((post) => post.text)).toEqual([
      'spotify is down 1',
      'spotify is fine after all',
    ]);
    expect((await one.deletions())[0]?.postId).toBe(idOf(first));
  });

  test('a deleted post and a deleted account are deleted here, in every partition', async () => {
    const one = await startConnected();
    const did = 'did:plc:gone';
    fake.publish({
      did,
      time_us: Date.now() * 1000,
      kind: 'commit',
      commit: { operation: 'delete', collection: 'app.bsky.feed.post', rkey: 'x' },
    });
    fake.publish({
      did,
      time_us: Date.now() * 1000,
      kind: 'account',
      account: { active: false, did, status: 'deleted' },
    });
    fake.publish({
      did: 'did:plc:busy',
      time_us: Date.now() * 1000,
      kind: 'account',
      account: { active: false, did: 'did:plc:busy', status: 'throttled' },
    });
    const last = postEvent();
    fake.publish(last);
    await expectIds(one, [last]);
    expect(await one.deletions()).toMatchObject([
      { postId: `bluesky:${did}/app.bsky.feed.post/x` },
      { voice: `voice(bluesky/${did})` },
    ]);
  });

  test('frames that are no protocol are counted and harm nothing', async () => {
    const one = await startConnected();
    fake.send('{');
    fake.send('[]');
    fake.send('null');
    fake.send(new Uint8Array([1, 2, 3]));
    fake.send(JSON.stringify({ did: 'did:x', time_us: 1, kind: 'commit', commit: { a: 1 } }));
    fake.send(JSON.stringify({ did: 'did:x', time_us: 1, kind: 'something-new', extra: 1 }));
    fake.send(JSON.stringify({ did: 'did:x', time_us: 1, kind: 'identity', identity: {} }));
    const post = postEvent({ record: { langs: 'en', facets: 'none', tags: 7, reply: 3 } });
    fake.publish(post);
    await expectIds(one, [post]);
    expect(one.counts.get('bluesky/malformed')).toBe(5);
  });
});
