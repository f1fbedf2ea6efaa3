import type { Post } from '@outcry/contracts';
import { z } from 'zod';
import type { Times } from '../times.ts';
import { cleanTags, primaryLanguage } from '../times.ts';
import { htmlToText } from './html.ts';

const optionalText = z.string().nullish().catch(undefined);

/** A status of the API, as far as it is read; broken optional parts are left out. */
const statusSchema = z.object({
  id: z.string().min(1).max(64),
  uri: z.string().min(1).max(400),
  created_at: optionalText,
  edited_at: optionalText,
  content: z.string(),
  spoiler_text: optionalText,
  language: optionalText,
  visibility: z.string(),
  url: optionalText,
  reblog: z.unknown().optional(),
  account: z.object({
    acct: z.string().min(1).max(300),
    bot: z.boolean().nullish().catch(undefined),
    noindex: z.boolean().nullish().catch(undefined),
  }),
  tags: z
    .array(z.object({ name: z.string() }).nullable().catch(null))
    .nullish()
    .catch(undefined),
});
export type Status = z.infer<typeof statusSchema>;

/** Null when it is no status. */
export function readStatus(value: unknown): Status | null {
  const parsed = statusSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/**
 * All instances call a post by the same `uri`, so it is one record wherever it is found.
 * The source of the record is `mastodon`, whichever instance told it.
 */
export function postIdOf(uri: string): string {
  return `mastodon:${uri}`;
}

/** Shown to everybody, the author's own words, and not of one who asks not to be indexed. */
export function isOurs(status: Status): boolean {
  const open = status.visibility === 'public' || status.visibility === 'unlisted';
  const boost = status.reblog !== null && status.reblog !== undefined;
  return open && !boost && status.account.noindex !== true;
}

export function textOf(status: Status): string {
  const warning = status.spoiler_text?.trim();
  const body = htmlToText(status.content);
  return (warning ? `${warning}\n${body}` : body).slice(0, 20_000);
}

export function tagsOf(status: Status): string[] {
  return cleanTags((status.tags ?? []).map((tag) => tag?.name));
}

export interface PostOptions {
  /** Host of the instance: local authors are told without it. */
  host: string;
  times: Times;
  voice(source: string, authorId: string): string;
}

export function postOf(status: Status, options: PostOptions): Post {
  const { acct, bot } = status.account;
  const author = acct.includes('@') ? acct : `${acct}@${options.host}`;
  const lang = primaryLanguage(status.language);
  const tags = tagsOf(status);
  const url = status.url?.startsWith('https://') && URL.canParse(status.url) ? status.url : null;
  return {
    kind: 'post',
    id: postIdOf(status.uri),
    source: 'mastodon',
    text: textOf(status),
    ...options.times,
    voice: options.voice('mastodon', author.toLowerCase()),
    ...(lang === undefined ? {} : { lang }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(bot === true ? { bot } : {}),
    ...(url === null || url.length > 2_048 ? {} : { url }),
  };
}
