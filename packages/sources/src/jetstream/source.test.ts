import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Matcher } from '@outcry/catalog';
import { bucketStart, clampOccurredAt, postsRecord, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import { createMemoryLog } from '@outcry/event-log/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Rig } from '../testing.ts';
import { readTopic, rig } from '../testing.ts';
import type { FakeJetstream, JetstreamEvent } from './fake.ts';
import { startFakeJetstream } from './fake.ts';
import type { JetstreamOptions } from './source.ts';
import { createJetstreamSource } from './source.ts';

const quick = {
  heartbeatMs: 20,
  backOffMs: { first: 5, most: 40 },
  handshakeTimeoutMs: 1_000,
} as const satisfies JetstreamOptions;
const patience = { timeout: 10_000, interval: 20 };
/** For thousands of posts, which take their time to be looked through. */
const morePatience = { timeout: 40_000, interval: 300 };

vi.setConfig({ testTimeout: 30_000 });

let fake: FakeJetstream;
let running: Rig[] = [];
let count = 0;
let releases: (() => void)[] = [];

beforeEach(async () => {
  fake = await startFakeJetstream();
  count = 0;
});
afterEach(async () => {
  for (const release of releases) release();
  releases = [];
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

async function expectIds(
  one: Rig,
  events: readonly JetstreamEvent[],
  within = patience,
): Promise<void> {
  const wanted = new Set(events.map(idOf));
  await vi.waitFor(async () => {
    const found = await one.postIds();
    expect({
      missing: [...wanted].filter((id) => !found.has(id)).slice(0, 5),
      extra: [...found].filter((id) => !wanted.has(id)).slice(0, 5),
    }).toEqual({ missing: [], extra: [] });
  }, within);
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

  test('deleted posts that we hold and deleted accounts are deleted here, strangers’ posts are not', async () => {
    const one = await startConnected();
    const held = postEvent();
    fake.publish(held);
    await expectIds(one, [held]);
    const deleteOf = (did: string, rkey: string): JetstreamEvent => ({
      did,
      time_us: Date.now() * 1000,
      kind: 'commit',
      commit: { operation: 'delete', collection: 'app.bsky.feed.post', rkey },
    });
    fake.publish(deleteOf('did:plc:stranger', 'x'));
    fake.publish(deleteOf(held.did, held.commit.rkey));
    const accountOf = (did: string, status: string): JetstreamEvent => ({
      did,
      time_us: Date.now() * 1000,
      kind: 'account',
      account: { active: false, did, status },
    });
    fake.publish(accountOf('did:plc:gone', 'deleted'));
    fake.publish(accountOf('did:plc:busy', 'throttled'));
    const last = postEvent();
    fake.publish(last);
    await expectIds(one, [held, last]);
    const deletions = await one.deletions();
    expect(deletions.map(({ postId, voice }) => postId ?? voice).toSorted()).toEqual(
      [idOf(held), 'voice(bluesky/did:plc:gone)'].toSorted(),
    );
  });

  test('frames that are no protocol are counted and harm nothing', async () => {
    const one = await startConnected();
    fake.send('{');
    fake.send('[]');
    fake.send('null');
    fake.send(new Uint8Array([1, 2, 3]));
    fake.send(JSON.stringify({ did: 'did:plc:x', time_us: 1, kind: 'commit', commit: { a: 1 } }));
    fake.send(JSON.stringify({ did: 'did:plc:x', time_us: 1, kind: 'something-new', extra: 1 }));
    fake.send(JSON.stringify({ did: 'did:plc:x', time_us: 1, kind: 'identity', identity: {} }));
    const post = postEvent({ record: { langs: 'en', facets: 'none', tags: 7, reply: 3 } });
    fake.publish(post);
    await expectIds(one, [post]);
    expect(one.counts.get('bluesky/malformed')).toBe(5);
  });
});

describe('bad days', () => {
  test('after a cut in the middle of a message it resumes, and nothing is lost', async () => {
    const one = await startConnected();
    const events = Array.from({ length: 30 }, () => postEvent());
    for (const event of events.slice(0, 10)) fake.publish(event);
    await expectIds(one, events.slice(0, 10));
    fake.cutMidMessage(events[10]!);
    for (const event of events.slice(10)) fake.publish(event);
    await expectIds(one, events);
    const resumed = fake.subscriptions.at(-1)!;
    const cursor = Number(resumed.get('cursor'));
    // Some seconds before the newest that is durable, because server time is not monotonic.
    expect(cursor).toBeLessThanOrEqual(events[9]!.time_us - 5_000_000 + 1);
    expect(cursor).toBeGreaterThan(events[0]!.time_us - 6_000_000);
  });

  test('what was published while nothing listened is caught up after a restart', async () => {
    const first = await startConnected();
    const events = Array.from({ length: 20 }, () => postEvent());
    for (const event of events.slice(0, 10)) fake.publish(event);
    await expectIds(first, events.slice(0, 10));
    await first.ingest.stop();
    for (const event of events.slice(10)) fake.publish(event);
    const second = await start({}, { log: first.log });
    await expectIds(second, events);
  });

  test('killed before anything came, it still knows where to go on', async () => {
    const first = await startConnected();
    const appended = first.log.append;
    // From here on nothing reaches the log any more, as after a kill.
    first.log.append = () => new Promise(() => {});
    const missed = postEvent();
    fake.publish(missed);
    await vi.waitFor(() => expect(first.counts.get('bluesky/received')).toBe(1), patience);
    first.log.append = appended;
    const second = await start({}, { log: first.log });
    await expectIds(second, [missed]);
    running = [second];
  });

  test('times that go backwards by seconds lose nothing over many cuts', async () => {
    const one = await startConnected();
    const events: JetstreamEvent[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 40; index += 1) {
        const jitter = (index % 7) * 400_000;
        events.push(postEvent({ timeUs: Date.now() * 1000 - jitter }));
        fake.publish(events.at(-1)!);
      }
      fake.disconnect(round % 2 === 0 ? 'destroy' : 'close');
      await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
    }
    await expectIds(one, events);
  });

  test('a host that warms up or refuses is left for the next one', async () => {
    const other = await startFakeJetstream();
    try {
      fake.answer(503);
      const one = await start({ hosts: [fake.url, other.url] });
      await vi.waitFor(() => expect(other.clients).toBe(1), patience);
      const event = postEvent();
      other.publish(event);
      await expectIds(one, [event]);
      fake.answer(null);
      await other.stop();
      await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
    } finally {
      await other.stop().catch(() => {});
    }
  });

  test('while no host answers it is blind since what it saw last, and sees again afterwards', async () => {
    const one = await startConnected();
    const before = postEvent();
    fake.publish(before);
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
    await fake.stop();
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('blind'), patience);
    const blind = one.ingest.status()[0]!;
    expect(blind).toMatchObject({ reason: 'unreachable', since: blind.through });
    await fake.listen();
    await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
    fake.publish(postEvent());
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
    expect(one.logger.lines.filter((line) => line.includes('is blind'))).toHaveLength(2);
  });

  test('a refusal for too many requests is told as such', async () => {
    fake.answer(429);
    const one = await start();
    await vi.waitFor(
      () => expect(one.ingest.status()[0]).toMatchObject({ reason: 'rate-limited' }),
      patience,
    );
  });

  test('a host that falls silent without closing is given up', async () => {
    const one = await startConnected({ stalledAfterMs: 150 });
    fake.publish(postEvent());
    await vi.waitFor(() => expect(fake.subscriptions.length).toBeGreaterThan(2), patience);
    expect(one.logger.lines.some((line) => line.includes('no event for 150 ms'))).toBe(true);
  });
});

describe('heartbeats', () => {
  test('every partition hears that all up to now was seen, behind the posts', async () => {
    const one = await startConnected();
    const events = Array.from({ length: 50 }, () => postEvent());
    for (const event of events) fake.publish(event);
    await expectIds(one, events);
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
    await one.ingest.stop();
    for (const partition of [0, 1, 2]) {
      const beats = await one.heartbeats(partition);
      expect(beats.some((beat) => beat.state === 'seeing')).toBe(true);
      const throughs = beats.map((beat) => beat.through);
      expect(throughs).toEqual(throughs.toSorted());
      expect(beats.at(-1)).toMatchObject({ state: 'blind', reason: 'stopped' });
    }
  });

  test('no heartbeat claims sight of a post that stands behind it', async () => {
    const one = await startConnected();
    const feeding = setInterval(() => fake.publish(postEvent()), 1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    clearInterval(feeding);
    await one.ingest.stop();
    expect((await one.posts()).length).toBeGreaterThan(50);
    for (const partition of [0, 1, 2]) {
      let seen = '';
      for (const record of await readTopic(one.log, topics.posts, postsRecord, partition)) {
        if (record.kind === 'heartbeat' && record.state === 'seeing') seen = record.through;
        if (record.kind === 'post') expect(record.observedAt > seen).toBe(true);
      }
    }
  });

  test('a stream that is minutes behind is blind, because what it brings is late', async () => {
    const one = await startConnected();
    fake.publish(postEvent({ timeUs: (Date.now() - 180_000) * 1000 }));
    await vi.waitFor(
      () => expect(one.ingest.status()[0]).toMatchObject({ state: 'blind', reason: 'lagging' }),
      patience,
    );
    fake.publish(postEvent());
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'), patience);
  });
});

describe('a log that is slow', () => {
  test('pauses the socket, is told as lagging, holds little, and loses nothing', async () => {
    await fake.stop();
    fake = await startFakeJetstream({ mostUnreadBytes: 100_000_000 });
    const slow = slowLog(createMemoryLog({ partitions: 3 }));
    // The clock runs a hundred times as fast, so that seconds of lag pass quickly.
    const began = Date.now();
    const now = () => began + (Date.now() - began) * 100;
    const one = await start({ queueLimit: 200, batchLimit: 50 }, { log: slow.log, now });
    await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
    slow.hold();
    const pad = 'x'.repeat(6_000);
    const events: JetstreamEvent[] = [];
    for (let index = 0; index < 3_000; index += 1) {
      events.push(postEvent({ text: `spotify down ${pad}` }));
      fake.publish(events.at(-1)!);
      if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(one.counts.get('bluesky/paused')).toBeGreaterThan(0), patience);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The socket is full, and what is not read waits at the server.
    expect(fake.unread).toBeGreaterThan(1_000_000);
    const received = one.counts.get('bluesky/received') ?? 0;
    expect(received).toBeLessThan(1_000);
    slow.release();
    await vi.waitFor(
      async () =>
        expect((await one.heartbeats()).some((beat) => beat.reason === 'lagging')).toBe(true),
      patience,
    );
    await expectIds(one, events, morePatience);
  }, 60_000);

  test('a server that drops the slow reader is asked again from the cursor', async () => {
    await fake.stop();
    fake = await startFakeJetstream({ mostUnreadBytes: 1_000_000 });
    const slow = slowLog(createMemoryLog({ partitions: 3 }));
    const one = await start({ queueLimit: 100, batchLimit: 50 }, { log: slow.log });
    await vi.waitFor(() => expect(fake.clients).toBe(1), patience);
    slow.hold();
    const pad = 'x'.repeat(2_000);
    const events: JetstreamEvent[] = [];
    while (fake.slowDrops === 0 && events.length < 20_000) {
      events.push(postEvent({ text: `spotify down ${pad}` }));
      fake.publish(events.at(-1)!);
      if (events.length % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(fake.slowDrops).toBe(1);
    slow.release();
    await expectIds(one, events, morePatience);
  }, 60_000);
});

describe('clocks in disorder', () => {
  const day = 86_400_000;
  test.each([
    ['a day early', -day],
    ['a day late', day],
    ['an hour early', -3_600_000],
    ['in range', -60_000],
    ['unreadable', Number.NaN],
  ])('an author whose clock is %s is placed by the rule', async (_, offset) => {
    const one = await startConnected();
    const timeUs = Date.now() * 1000;
    const handedOver = Math.floor(timeUs / 1000);
    const claimed = handedOver + offset;
    const event = postEvent({
      timeUs,
      record: { createdAt: Number.isNaN(claimed) ? 'yesterday' : new Date(claimed).toISOString() },
    });
    fake.publish(event);
    await expectIds(one, [event]);
    const [post] = await one.posts();
    const expected = new Date(clampOccurredAt(claimed, handedOver)).toISOString();
    expect(post?.occurredAt).toBe(expected);
    expect(bucketStart(Date.parse(post!.occurredAt))).toBe(bucketStart(Date.parse(expected)));
  });

  test('a server whose clock is a day ahead moves neither the cursor nor the time past now', async () => {
    const one = await startConnected();
    const future = postEvent({ timeUs: (Date.now() + day) * 1000 });
    const usual = postEvent();
    fake.publish(future);
    fake.publish(usual);
    await expectIds(one, [future, usual]);
    for (const post of await one.posts())
      expect(post.occurredAt <= new Date().toISOString()).toBe(true);
    await one.ingest.stop();
    const missed = postEvent();
    fake.publish(missed);
    const again = await start({}, { log: one.log });
    await expectIds(again, [future, usual, missed]);
  });
});

const capture = path.join(
  process.env.OUTCRY_SHARED ?? path.join(import.meta.dirname, '../../../../../shared'),
  'data/jetstream/capture-v1.jsonl',
);
test.skipIf(!existsSync(capture))(
  `a real capture is replayed exactly (needs ${path.basename(capture)} of the shared data)`,
  async () => {
    const events = readFileSync(capture, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JetstreamEvent);
    const one = await startConnected();
    for (const event of events) fake.publish(event);
    const ours = events.filter((event) => event.commit?.collection === 'app.bsky.feed.post');
    const created = ours.filter((event) => event.commit?.operation === 'create');
    const deleted = ours.filter((event) => event.commit?.operation === 'delete');
    expect([created.length, deleted.length]).toEqual([17, 1]);
    await expectIds(one, created);
    // The post that is deleted there was written before the capture begins, so we never held it.
    expect(await one.deletions()).toEqual([]);
    fake.publish({
      ...deleted[0]!,
      did: created[0]!.did,
      commit: { ...deleted[0]!.commit!, rkey: created[0]!.commit!.rkey },
    });
    await vi.waitFor(
      async () =>
        expect((await one.deletions()).map((deletion) => deletion.postId)).toEqual([
          idOf(created[0]!),
        ]),
      patience,
    );
    const texts = new Map((await one.posts()).map((post) => [post.id, post]));
    for (const event of created) {
      const record = event.commit?.record as { text: string; createdAt: string };
      const post = texts.get(idOf(event))!;
      expect(post.text).toBe(record.text);
      const expected = clampOccurredAt(Date.parse(record.createdAt), event.time_us / 1000);
      expect(post.occurredAt).toBe(new Date(expected).toISOString());
    }
    expect(one.counts.get('bluesky/malformed')).toBeUndefined();
  },
);

/** A real log whose appends can be held back. */
function slowLog(inner: EventLog): { log: EventLog; hold(): void; release(): void } {
  let gate: PromiseWithResolvers<void> | null = null;
  const log = Object.create(inner) as EventLog;
  for (const name of ['prepare', 'consume', 'partitions', 'extents', 'positions', 'ping', 'close'])
    Reflect.set(log, name, Reflect.get(inner, name).bind(inner));
  log.read = (options) => inner.read(options);
  log.append = async (records) => {
    await gate?.promise;
    await inner.append(records);
  };
  const release = () => {
    gate?.resolve();
    gate = null;
  };
  releases.push(release);
  return {
    log,
    release,
    hold() {
      gate = Promise.withResolvers();
    },
  };
}
