import type { Post } from '@outcry/contracts';
import { z } from 'zod';
import type { Times } from '../times.ts';

const link = z.object({
  name: z.string().regex(/^t3_[a-z0-9]{1,16}$/),
  title: z.string(),
  selftext: z.string().default(''),
  created_utc: z.number().positive(),
  author: z.string().min(1).max(64),
  subreddit: z.string(),
  permalink: z.string().optional().catch(undefined),
  removed_by_category: z.string().nullish().catch(undefined),
});
export type Link = z.infer<typeof link>;

const listing = z.object({
  kind: z.literal('Listing'),
  data: z.object({
    after: z.string().nullish(),
    children: z.array(z.object({ kind: z.string(), data: z.unknown() })),
  }),
});

export interface Listing {
  /** Newest first. */
  links: Link[];
  malformed: number;
  after: string | null;
}

/** Null when it is no listing. */
export function readListing(value: unknown): Listing | null {
  const parsed = listing.safeParse(value);
  if (!parsed.success) return null;
  const posts = parsed.data.data.children.filter(({ kind }) => kind === 't3');
  const links = posts.map(({ data }) => link.safeParse(data)).filter((one) => one.success);
  return {
    links: links.map((one) => one.data),
    malformed: posts.length - links.length,
    after: parsed.data.data.after ?? null,
  };
}

/** Taken back by its author, or by those who keep the community. */
export function isGone(one: Link): boolean {
  const marks = ['[deleted]', '[removed]'];
  return one.author === '[deleted]' || marks.includes(one.selftext) || !!one.removed_by_category;
}

export function postOf(
  one: Link,
  options: {
    /** Targets whose community it is. */
    targets: readonly string[];
    times: Times;
    voice(source: string, authorId: string): string;
  },
): Post {
  const text = one.selftext === '' ? one.title : `${one.title}\n${one.selftext}`;
  return {
    kind: 'post',
    id: `reddit:${one.name}`,
    source: 'reddit',
    text: text.slice(0, 20_000),
    ...options.times,
    voice: options.voice('reddit', one.author),
    ...(options.targets.length === 0 ? {} : { targets: [...options.targets] }),
    ...(one.author === 'AutoModerator' ? { bot: true } : {}),
    url: `https://www.reddit.com/comments/${one.name.slice(3)}`,
  };
}
