import type { Deletion, Post } from '@outcry/contracts';
import { z } from 'zod';
import { cleanTags, primaryLanguage, timesOf, toInstant } from '../times.ts';

export const postCollection = 'app.bsky.feed.post';

/** Optional parts that are broken are left out: a bad facet does not cost the post. */
const facet = z.object({
  features: z.array(z.object({ $type: z.string(), tag: z.string().optional() })),
});
const postRecord = z.object({
  text: z.string(),
  createdAt: z.string().optional().catch(undefined),
  langs: z.array(z.unknown()).optional().catch(undefined),
  facets: z.array(facet.nullable().catch(null)).optional().catch(undefined),
  tags: z.array(z.unknown()).optional().catch(undefined),
  reply: z
    .object({ parent: z.object({ uri: z.string() }) })
    .optional()
    .catch(undefined),
});

const commit = z.object({
  operation: z.string(),
  collection: z.string(),
  // The alphabets of the protocol; all else could not be part of an address.
  rkey: z.string().regex(/^[\w.~:-]{1,300}$/),
  record: z.unknown().optional(),
});
const account = z.object({ active: z.boolean(), status: z.string().optional().catch(undefined) });

/** The v1 wire: one JSON object a frame. Kinds that are not known yet are let through unread. */
const frame = z.object({
  did: z.string().regex(/^did:[a-z]+:[\w.:%-]{1,200}$/),
  time_us: z.int().nonnegative(),
  kind: z.string(),
  commit: z.unknown().optional(),
  account: z.unknown().optional(),
});

export interface ParsedFrame {
  /** The server's clock, epoch microseconds. Not monotonic. */
  timeUs: number;
  record: Post | Deletion | null;
}

export interface ReadFrameOptions {
  source: string;
  /** Epoch milliseconds of receipt. */
  observed: number;
  voice(source: string, authorId: string): string;
  /** Whether a post speaks of something watched; what does not is not kept. */
  keeps(text: string, tags: readonly string[]): boolean;
}

/**
 * Reads one frame: the post or deletion that it means for us, or no record for all that is not
 * ours. Null when it is no frame of the protocol.
 */
export function readFrame(text: string, options: ReadFrameOptions): ParsedFrame | null {
  const parsed = frame.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { did, time_us: timeUs, kind } = parsed.data;
  if (kind === 'account') {
    const status = account.safeParse(parsed.data.account);
    if (!status.success) return null;
    return { timeUs, record: accountDeletion(did, status.data, options) };
  }
  if (kind !== 'commit') return { timeUs, record: null };
  const change = commit.safeParse(parsed.data.commit);
  if (!change.success) return null;
  if (change.data.collection !== postCollection) return { timeUs, record: null };
  const id = nativeId(did, change.data.collection, change.data.rkey);
  switch (change.data.operation) {
    case 'create':
    case 'update': {
      const body = postRecord.safeParse(change.data.record);
      if (!body.success) return null;
      return { timeUs, record: postOf(did, change.data, body.data, timeUs, options) };
    }
    case 'delete':
      return { timeUs, record: postDeletion(id, options) };
    default:
      return { timeUs, record: null };
  }
}

function postOf(
  did: string,
  change: z.infer<typeof commit>,
  body: z.infer<typeof postRecord>,
  timeUs: number,
  options: ReadFrameOptions,
): Post | Deletion | null {
  const { source, observed } = options;
  const id = nativeId(did, change.collection, change.rkey);
  const tags = cleanTags([...facetTags(body.facets), ...(body.tags ?? [])]);
  if (!options.keeps(body.text, tags)) {
    // An edit may take the watched name out of a post that was kept before.
    return change.operation === 'update' ? postDeletion(id, options) : null;
  }
  const lang = primaryLanguage(body.langs?.[0]);
  const replyTo = body.reply === undefined ? undefined : idOfUri(body.reply.parent.uri);
  return {
    kind: 'post',
    id: `${source}:${id}`,
    source,
    text: body.text.slice(0, 20_000),
    ...timesOf(body.createdAt, timeUs / 1000, observed),
    voice: options.voice(source, did),
    ...(lang === undefined ? {} : { lang }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(replyTo === undefined ? {} : { replyTo: `${source}:${replyTo}` }),
    url: `https://bsky.app/profile/${did}/post/${change.rkey}`,
  };
}

function postDeletion(id: string, { source, observed }: ReadFrameOptions): Deletion {
  return {
    kind: 'deletion',
    source,
    postId: `${source}:${id}`,
    observedAt: toInstant(observed),
  };
}

/**
 * An account that is gone takes its posts with it. Throttled and desynchronised accounts are the
 * network's own troubles, not a wish of the author.
 */
function accountDeletion(
  did: string,
  { active, status }: z.infer<typeof account>,
  { source, observed, voice }: ReadFrameOptions,
): Deletion | null {
  if (active || status === 'throttled' || status === 'desynchronized') return null;
  return {
    kind: 'deletion',
    source,
    voice: voice(source, did),
    observedAt: toInstant(observed),
  };
}

function* facetTags(facets: z.infer<typeof postRecord>['facets']): Iterable<unknown> {
  for (const entry of facets ?? []) {
    for (const feature of entry?.features ?? []) {
      if (feature.$type === 'app.bsky.richtext.facet#tag') yield feature.tag;
    }
  }
}

function nativeId(did: string, collection: string, rkey: string): string {
  return `${did}/${collection}/${rkey}`;
}

/** `at://did/collection/rkey` without its scheme; undefined for anything else. */
function idOfUri(uri: string): string | undefined {
  return /^at:\/\/did:[\w.:%/~-]{1,400}$/.test(uri) ? uri.slice('at://'.length) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
