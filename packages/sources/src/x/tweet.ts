import type { Deletion, Post } from '@outcry/contracts';
import { countryCode } from '@outcry/contracts';
import { z } from 'zod';
import type { Times } from '../times.ts';
import { cleanTags, primaryLanguage } from '../times.ts';

const numericId = z.string().regex(/^\d{1,25}$/);

const tweet = z.object({
  id: numericId,
  text: z.string(),
  created_at: z.string().optional().catch(undefined),
  author_id: z.string().min(1).max(64).optional().catch(undefined),
  lang: z.string().optional().catch(undefined),
  geo: z.object({ place_id: z.string().optional() }).optional().catch(undefined),
  entities: z
    .object({ hashtags: z.array(z.object({ tag: z.string() })).optional() })
    .optional()
    .catch(undefined),
  referenced_tweets: z
    .array(z.object({ type: z.string(), id: numericId }))
    .optional()
    .catch(undefined),
  edit_history_tweet_ids: z.array(numericId).optional().catch(undefined),
});
export type Tweet = z.infer<typeof tweet>;

const includes = z.object({
  places: z
    .array(z.object({ id: z.string(), country_code: z.string().optional() }))
    .optional()
    .catch(undefined),
});

const frame = z.object({
  data: tweet.optional(),
  includes: includes.optional().catch(undefined),
  errors: z
    .array(z.object({ title: z.string().optional(), detail: z.string().optional() }))
    .optional()
    .catch(undefined),
});

export type ReadFrame =
  | { kind: 'tweet'; tweet: Tweet; countries: ReadonlyMap<string, string> }
  | { kind: 'error'; detail: string }
  | { kind: 'malformed' };

/** A line of the stream: a post with its places, or what the server has to say before it closes. */
export function readFrame(text: string): ReadFrame {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { kind: 'malformed' };
  }
  const parsed = frame.safeParse(raw);
  if (!parsed.success) return { kind: 'malformed' };
  const { data, errors } = parsed.data;
  if (data !== undefined)
    return { kind: 'tweet', tweet: data, countries: countriesOf(parsed.data.includes) };
  const [error] = errors ?? [];
  if (error === undefined) return { kind: 'malformed' };
  return { kind: 'error', detail: error.detail ?? error.title ?? 'an error' };
}

const page = z.object({
  data: z.array(z.unknown()).optional(),
  includes: includes.optional().catch(undefined),
  meta: z.object({ next_token: z.string().optional() }).optional().catch(undefined),
});

/** A page of a search. Null when it is none. */
export function readPage(value: unknown): {
  tweets: Tweet[];
  malformed: number;
  countries: ReadonlyMap<string, string>;
  next: string | undefined;
} | null {
  const parsed = page.safeParse(value);
  if (!parsed.success) return null;
  const raw = parsed.data.data ?? [];
  const tweets = raw.map((one) => tweet.safeParse(one)).filter((one) => one.success);
  return {
    tweets: tweets.map((one) => one.data),
    malformed: raw.length - tweets.length,
    countries: countriesOf(parsed.data.includes),
    next: parsed.data.meta?.next_token,
  };
}

function countriesOf(value: z.infer<typeof includes> | undefined): Map<string, string> {
  const countries = new Map<string, string>();
  for (const { id, country_code: code } of value?.places ?? [])
    if (code !== undefined && countryCode.safeParse(code).success) countries.set(id, code);
  return countries;
}

export interface RecordsOptions {
  times: Times;
  countries: ReadonlyMap<string, string>;
  voice(source: string, authorId: string): string;
}

export function isRetweet(one: Tweet): boolean {
  return one.referenced_tweets?.some(({ type }) => type === 'retweeted') ?? false;
}

export function tagsOf(one: Tweet): string[] {
  return cleanTags((one.entities?.hashtags ?? []).map(({ tag }) => tag));
}

/** The post, and the deletion of what it replaces when it was edited. */
export function recordsOf(one: Tweet, options: RecordsOptions): (Post | Deletion)[] {
  const { times, countries, voice } = options;
  // Codes that begin with q stand for posts without language, such as links alone.
  const lang = one.lang?.startsWith('q') ? undefined : primaryLanguage(one.lang);
  const tags = tagsOf(one);
  const country = countries.get(one.geo?.place_id ?? '');
  const parent = one.referenced_tweets?.find(({ type }) => type === 'replied_to')?.id;
  const post: Post = {
    kind: 'post',
    id: `x:${one.id}`,
    source: 'x',
    text: one.text.slice(0, 20_000),
    ...times,
    voice: voice('x', one.author_id ?? `post ${one.id}`),
    ...(lang === undefined ? {} : { lang }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(country === undefined ? {} : { country }),
    ...(parent === undefined ? {} : { replyTo: `x:${parent}` }),
    url: `https://x.com/i/status/${one.id}`,
  };
  const replaced = (one.edit_history_tweet_ids ?? []).filter((id) => id !== one.id);
  const deletions = replaced.map(
    (id): Deletion => ({
      kind: 'deletion',
      source: 'x',
      postId: `x:${id}`,
      observedAt: times.observedAt,
    }),
  );
  return [...deletions, post];
}

/** Ids carry their time: milliseconds since 2010-11-04 above 22 bits. */
const epoch = 1_288_834_974_657n;

export function idAt(ms: number): string {
  const since = BigInt(Math.floor(ms)) - epoch;
  return String((since > 0n ? since : 0n) << 22n);
}

export function timeOfId(id: string): number {
  return Number((BigInt(id) >> 22n) + epoch);
}
