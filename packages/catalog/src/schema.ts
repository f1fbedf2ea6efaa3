import { countryCode, errorType, targetId } from '@outcry/contracts';
import { z } from 'zod';

export const kinds = [
  'music',
  'video',
  'social',
  'messaging',
  'games',
  'telecom',
  'bank',
  'payments',
  'shop',
  'delivery',
  'travel',
  'cloud',
  'developer',
  'work',
  'device',
  'other',
] as const;
export const kind = z.enum(kinds);
export type Kind = z.infer<typeof kind>;

const words = z.string().trim().min(1).max(80);
const httpUrl = z.url({ protocol: /^https?$/, error: 'wants an http or https address' });

export const problem = z.strictObject({ type: errorType, label: z.string().min(1).max(80) });
/** A problem that people meet at a target, with the words that the report form shows. */
export type Problem = z.infer<typeof problem>;

export const statusKinds = [
  'statuspage',
  'instatus',
  'rss',
  'slack',
  'aws',
  'google',
  'none',
] as const;
export const officialStatus = z.strictObject({
  /** How the page is read; `none`: people may look at it, machines cannot. `rss` covers Atom. */
  kind: z.enum(statusKinds),
  /** What the reader fetches; for `none`, the page for people. */
  url: httpUrl,
  /** The page for people, where it is another. */
  page: httpUrl.optional(),
});
export type OfficialStatus = z.infer<typeof officialStatus>;

export const probe = z.strictObject({
  url: httpUrl,
  /** Text that a healthy answer holds near its beginning. */
  expect: z.string().min(1).max(200).optional(),
  /** Answers beside 2xx, 3xx and 401 that a healthy service gives to a stranger, such as 404. */
  accept: z.array(z.int().min(400).max(599)).optional(),
});
export type Probe = z.infer<typeof probe>;

export const ambiguityRule = z.strictObject({
  /** Which of the names are ordinary words too. */
  names: z.array(words).min(1),
  /** Words or phrases which, anywhere in the text, make it the service. */
  with: z.array(words).default([]),
  /** Words or phrases that make it something else. */
  without: z.array(words).default([]),
  /** Whether a word of failure beside the name suffices. */
  fault: z.boolean().default(true),
  /** Whether a capital letter in the middle of a sentence suffices. */
  capital: z.boolean().default(false),
  /** Whether it is the service wherever nothing in `without` speaks against it. */
  usually: z.boolean().default(false),
  /** Whether it counts where no other target is named: things that other services run on. */
  alone: z.boolean().default(false),
});
export type AmbiguityRule = z.infer<typeof ambiguityRule>;

const handle = z
  .string()
  .regex(/^[A-Za-z0-9_.-]+$/, 'wants a handle without the @ sign')
  .max(80);
const tag = z
  .string()
  .regex(/^[\p{L}\p{N}\p{M}_]+$/u, 'wants a hashtag without the # sign')
  .max(80);

export const targetEntry = z.strictObject({
  id: targetId,
  name: words,
  kind,
  aliases: z.array(words).default([]),
  hashtags: z.array(tag).default([]),
  handles: z.array(handle).default([]),
  subreddits: z.array(z.string().regex(/^\w{2,21}$/, 'wants a subreddit without r/')).default([]),
  ambiguous: z.array(ambiguityRule).default([]),
  problems: z.array(problem).min(1).optional(),
  status: officialStatus.optional(),
  probes: z.array(probe).max(4).default([]),
  dependsOn: z.array(targetId).default([]),
  countries: z.array(countryCode).min(1).optional(),
});
export type TargetEntry = z.infer<typeof targetEntry>;

export const catalogFile = z.strictObject({
  hashtagForms: z.strictObject({
    fault: z.array(tag).min(1),
    filler: z.array(tag).default([]),
  }),
  /** Words of failure that speak for a service when they stand beside an ambiguous name. */
  faultWords: z.array(words).min(1),
  /** Words that only look like a name with an ending: canvas is no Canva. */
  plainWords: z.array(words).default([]),
  kinds: z.record(
    kind,
    z.strictObject({ label: z.string().min(1).max(80), problems: z.array(problem).min(1) }),
  ),
  targets: z.array(targetEntry).min(1),
});
export type CatalogFile = z.infer<typeof catalogFile>;
