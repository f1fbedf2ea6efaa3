import type { Post } from '@outcry/contracts';
import { deletion, post, report } from '@outcry/contracts';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { readFrame as readJetstreamFrame } from './jetstream/protocol.ts';
import { isOurs, postOf as mastodonPost, readStatus } from './mastodon/status.ts';
import { readRecord } from './ndjson/records.ts';
import { readListing, postOf as redditPost } from './reddit/listing.ts';
import { plainVoice } from './testing.ts';
import { timesOf, timesOfPoll, toInstant } from './times.ts';
import { readFrame as readXFrame, recordsOf } from './x/tweet.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

// Whatever the other side sends, a reader answers with a record that fits the contract or with none,
// and never throws: what it throws would stop the process.

const observed = Date.parse('2025-04-16T12:20:00.000Z');
const times = timesOf('2025-04-16T12:19:59Z', observed, observed);
const either = post.or(report).or(deletion);

const samples = {
  jetstream: {
    did: 'did:plc:abc',
    time_us: observed * 1000,
    kind: 'commit',
    commit: {
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey: '3mpu',
      record: {
        text: 'spotify is down',
        createdAt: '2025-04-16T12:19:59Z',
        langs: ['en'],
        facets: [{ features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'SpotifyDown' }] }],
        tags: ['music'],
        reply: { parent: { uri: 'at://did:plc:p/app.bsky.feed.post/1', cid: 'b' } },
      },
    },
    account: { active: false, status: 'deleted' },
  },
  mastodon: {
    id: '114347',
    uri: 'https://m.test/1',
    url: 'https://m.test/@a/1',
    created_at: '2025-04-16T12:19:59Z',
    content: '<p>spotify is <b>down</b></p>',
    spoiler_text: 'x',
    language: 'en',
    visibility: 'public',
    account: { acct: 'a@b.test', bot: true },
    tags: [{ name: 'spotifydown' }],
  },
  x: {
    data: {
      id: '1912467712345678901',
      text: '#SpotifyDown',
      created_at: '2025-04-16T12:19:59Z',
      author_id: '9',
      lang: 'en',
      geo: { place_id: 'p' },
      entities: { hashtags: [{ tag: 'SpotifyDown' }] },
      referenced_tweets: [{ type: 'replied_to', id: '1' }],
      edit_history_tweet_ids: ['1'],
    },
    includes: { places: [{ id: 'p', country_code: 'SE' }] },
  },
  reddit: {
    kind: 'Listing',
    data: {
      after: 't3_b',
      children: [
        {
          kind: 't3',
          data: {
            name: 't3_a',
            title: 'Is Spotify down?',
            selftext: 'x',
            created_utc: observed / 1000,
            author: 'u',
            subreddit: 'spotify',
          },
        },
      ],
    },
  },
  ndjson: {
    kind: 'post',
    id: 'a',
    text: 'spotify is down',
    occurredAt: '2025-04-16T12:19:59Z',
    author: 'u',
    lang: 'en',
    country: 'se',
    tags: ['a'],
    target: 'spotify',
    url: 'https://a.test',
  },
};

const anything = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.constantFrom(
    null,
    '',
    ' ',
    '__proto__',
    'x'.repeat(30_000),
    1e300,
    -1,
    {},
    [],
    [[]],
    '\ud800',
  ),
);

/** The sample with some of its values, anywhere in it, replaced by anything. */
function mutated(sample: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(sample);
  const change = fc.record({ path: fc.constantFrom(...paths), value: anything });
  return fc.array(change, { minLength: 0, maxLength: 4 }).map((changes) => {
    const copy = structuredClone(sample) as Record<string, unknown>;
    for (const { path, value } of changes) replace(copy, path, structuredClone(value));
    return copy;
  });
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const inner = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]));
  return path.length === 0 ? inner : [[...path], ...inner];
}

function replace(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at: unknown = target;
  for (const key of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return;
    at = (at as Record<string, unknown>)[key];
  }
  if (typeof at === 'object' && at !== null) (at as Record<string, unknown>)[path.at(-1)!] = value;
}

function expectFits(records: readonly unknown[]): void {
  for (const record of records) {
    // The record as its readers will see it.
    const parsed = either.safeParse(JSON.parse(JSON.stringify(record)));
    if (!parsed.success) throw new Error(`${parsed.error.message}\n${JSON.stringify(record)}`);
  }
}

const readers: { name: keyof typeof samples; read(text: string): unknown[] }[] = [
  {
    name: 'jetstream',
    read(text) {
      const options = {
        source: 'bluesky',
        observed,
        voice: plainVoice,
        keeps: () => true,
        mayHold: () => true,
      };
      const frame = readJetstreamFrame(text, options);
      return frame?.record ? [frame.record] : [];
    },
  },
  {
    name: 'mastodon',
    read(text) {
      const status = readStatus(JSON.parse(text));
      if (status === null || !isOurs(status)) return [];
      const given = timesOfPoll(status.created_at ?? undefined, 0, observed);
      return [mastodonPost(status, { host: 'm.test', times: given, voice: plainVoice })];
    },
  },
  {
    name: 'x',
    read(text) {
      const frame = readXFrame(text);
      if (frame.kind !== 'tweet') return [];
      return recordsOf(frame.tweet, { times, countries: frame.countries, voice: plainVoice });
    },
  },
  {
    name: 'reddit',
    read(text) {
      const page = readListing(JSON.parse(text));
      return (page?.links ?? []).map((one): Post => {
        const given = timesOfPoll(toInstant(one.created_utc * 1000), null, observed);
        return redditPost(one, { targets: ['spotify'], times: given, voice: plainVoice });
      });
    },
  },
  {
    name: 'ndjson',
    read(text) {
      const line = readRecord(Buffer.from(text), {
        source: 'file',
        now: observed,
        times: 'claimed',
        fallbackId: () => 'line',
        voice: plainVoice,
      });
      return line.kind === 'record' ? [line.record] : [];
    },
  },
];

describe.each(readers)('what $name sends', ({ name, read }) => {
  test('as it should be is a record', () => {
    expect(read(JSON.stringify(samples[name]))).not.toEqual([]);
  });

  test('with anything changed in it fits the contract or is no record', () => {
    fc.assert(
      fc.property(mutated(samples[name]), (value) => {
        expectFits(read(JSON.stringify(value)));
      }),
      { numRuns: 1_500 },
    );
  });

  test('as any JSON at all is no reason to throw', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expectFits(read(JSON.stringify(value) ?? 'null'));
      }),
      { numRuns: 300 },
    );
  });
});
