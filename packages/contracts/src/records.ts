import { z } from 'zod';
import {
  countryCode,
  errorType,
  instant,
  language,
  outageState,
  platform,
  probability,
  severity,
  stance,
  subdivisionCode,
  targetId,
  voice,
} from './vocabulary.ts';

const recordId = z.string().min(1).max(512);
const sourceId = z.string().regex(/^[a-z0-9][a-z0-9.:-]{0,127}$/, 'wants a source such as bluesky');

/** IANA name of a time zone: Europe/Berlin. One that is unknown tells nothing and does no harm. */
const timeZone = z.string().max(64);

/** A public post, as a source brings it: whose words they are is already a keyed hash. */
export const post = z.object({
  kind: z.literal('post'),
  /** `<source>:<native id>`; the same post has the same id however often it is brought. */
  id: recordId,
  source: sourceId,
  text: z.string().max(20_000),
  /** When the author says it was written, clamped against `observedAt` (see `clampOccurredAt`). */
  occurredAt: instant,
  /** When the source handed it to us. */
  observedAt: instant,
  voice,
  /** What the source itself says of the language. */
  lang: language.optional(),
  /** Hashtags that the source lists beside the text, without the number sign. */
  tags: z.array(z.string().max(256)).max(64).optional(),
  /** Free text of the author's profile, a weak hint to the region. */
  profileLocation: z.string().max(512).optional(),
  /** IANA name of the author's time zone, a weak hint to the country. */
  timeZone: timeZone.optional(),
  /** A country that the source itself attaches (geotag), strong. */
  country: countryCode.optional(),
  /** Where the source knows the target, as in a community of one service. */
  targets: z.array(targetId).max(16).optional(),
  /** The author is declared to be a bot. */
  bot: z.boolean().optional(),
  replyTo: recordId.optional(),
  url: z.url().max(2_048).optional(),
});
export type Post = z.infer<typeof post>;

/** What a user reports through the form or the interface. */
export const report = z.object({
  kind: z.literal('report'),
  id: recordId,
  source: sourceId,
  target: targetId,
  type: errorType,
  text: z.string().max(4_000).optional(),
  occurredAt: instant,
  observedAt: instant,
  voice,
  lang: language.optional(),
  country: countryCode.optional(),
  subdivision: subdivisionCode.optional(),
  city: z.string().max(128).optional(),
  /** IANA name of the reporter's time zone, a weak hint where no country is known. */
  timeZone: timeZone.optional(),
  platform: platform.optional(),
});
export type Report = z.infer<typeof report>;

/** The outcome of a probe, or a change of an official status page. */
export const check = z.object({
  kind: z.literal('check'),
  id: recordId,
  source: sourceId,
  target: targetId,
  method: z.enum(['probe', 'official-status']),
  /** `blocked`: the target refuses us (403, 429), which says nothing about its users. */
  outcome: z.enum(['up', 'degraded', 'down', 'blocked', 'maintenance', 'unknown']),
  /** What was probed, or the official component or incident. */
  subject: z.string().max(512),
  errorClass: z
    .enum(['dns', 'connect', 'tls', 'timeout', 'http_5xx', 'http_4xx', 'content'])
    .optional(),
  detail: z.string().max(2_000).optional(),
  /** Duration of the probe in milliseconds. */
  durationMs: z.number().nonnegative().optional(),
  /** Where the probe ran, or the countries that the official notice names. */
  countries: z.array(countryCode).max(250).optional(),
  /** Official opening and closing times, kept for the lead. */
  officialStartedAt: instant.optional(),
  officialResolvedAt: instant.optional(),
  occurredAt: instant,
  observedAt: instant,
});
export type Check = z.infer<typeof check>;

/**
 * A source's "I am alive". `seeing`: everything observed up to `through` is in this partition.
 * `blind`: nothing is seen since `since`, so the source holds no watermark back and its silence
 * proves nothing.
 */
export const heartbeat = z.object({
  kind: z.literal('heartbeat'),
  source: sourceId,
  state: z.enum(['seeing', 'blind']),
  through: instant,
  since: instant.optional(),
  reason: z
    .enum(['unreachable', 'rate-limited', 'lagging', 'refused-credentials', 'stopped', 'silent'])
    .optional(),
  /**
   * Which partition of which topic it speaks for. Set when the classifier passes a heartbeat on, so
   * that a watermark is the least over the input partitions.
   */
  input: z
    .object({
      topic: z.string(),
      partition: z.int().nonnegative(),
      partitions: z.int().positive(),
    })
    .optional(),
  /**
   * The model that classifies this input, and how often it takes other talk for complaints and
   * complaints for other talk. Set by the classifier, so that the detector knows it from the log.
   */
  classifier: z
    .object({
      model: z.string().max(128),
      falsePositive: probability,
      falseNegative: probability,
    })
    .optional(),
});
export type Heartbeat = z.infer<typeof heartbeat>;

/** A change of what a source sees: `source.degraded` when it went blind, `source.recovered` after. */
export const sourceStatus = z.object({
  kind: z.literal('source-status'),
  type: z.enum(['source.degraded', 'source.recovered']),
  source: sourceId,
  state: heartbeat.shape.state,
  reason: heartbeat.shape.reason,
  /** Event time of the change. */
  since: instant,
});
export type SourceStatus = z.infer<typeof sourceStatus>;

/** The source took a post back, or an author left: what we hold of it goes too. */
export const deletion = z.object({
  kind: z.literal('deletion'),
  source: sourceId,
  /** The post that goes; or, when absent, everything of `voice`. */
  postId: recordId.optional(),
  voice: voice.optional(),
  observedAt: instant,
});
export type Deletion = z.infer<typeof deletion>;

/** A place with where we know it from, and how sure we are. */
export const place = z.object({
  country: countryCode,
  subdivision: subdivisionCode.optional(),
  city: z.string().max(128).optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  /** `text`: named in the text; `tag`: attached by the source; then ever weaker hints. */
  source: z.enum(['text', 'tag', 'report', 'profile', 'timezone', 'language']),
  confidence: probability,
  /** The words that told it. */
  evidence: z.string().max(256).optional(),
});
export type Place = z.infer<typeof place>;

/** A post or report after classification: one for each target that it speaks of. */
export const signal = z.object({
  kind: z.literal('signal'),
  /** `<post or report id>@<target>`; `@-` where no target is recognised. */
  id: z.string().min(1).max(640),
  /** The post or report that it was made from. */
  recordId,
  recordKind: z.enum(['post', 'report']),
  source: sourceId,
  /** Null where the text names nothing that is watched: kept for search, not counted. */
  target: targetId.nullable(),
  text: z.string().max(20_000),
  occurredAt: instant,
  observedAt: instant,
  voice,
  stance,
  /** Calibrated probability that this is a sign of trouble (affected or asking). */
  confidence: probability,
  /** What the voice counts for, 0 to 1. */
  weight: probability,
  type: errorType.nullable(),
  types: z.array(errorType).max(12),
  places: z.array(place).max(32),
  platforms: z.array(platform).max(11),
  appVersion: z.string().max(64).optional(),
  language,
  /** Near-identical texts share it. */
  cluster: z.string().max(64),
  /** Name and version of model and rules. */
  model: z.string().max(128),
  bot: z.boolean().optional(),
  replyTo: recordId.optional(),
  url: z.url().max(2_048).optional(),
});
export type Signal = z.infer<typeof signal>;

/** Why an outage is believed: all that went into the decision, so that a person can check it. */
export const explanation = z.object({
  /** The series that carried it, such as `all`, `country:SE`, `type:playback`. */
  series: z.string(),
  /** Length of the window whose tail fired, in seconds. */
  windowSeconds: z.number().positive(),
  /** Weighted voices in that window, and how many are normal. */
  observed: z.number().nonnegative(),
  expected: z.number().nonnegative(),
  /** The statistic that was compared, and the bar it had to pass. */
  score: z.number(),
  threshold: z.number(),
  voices: z.int().nonnegative(),
  clusters: z.int().nonnegative(),
  sources: z.array(z.string()),
  /** Sources that could not see at the time. */
  blindSources: z.array(z.string()),
  samplePostIds: z.array(z.string()).max(10),
  /** Probes and official notices that agree or disagree. */
  checks: z.array(z.string()).max(20),
  /** Start of that window. */
  windowStart: instant.optional(),
  /** Baseline: weighted voices that are normal in a minute at this time of the week. */
  normalPerMinute: z.number().nonnegative().optional(),
  /** Share of the voices that the most frequent text has. */
  topTextShare: probability.optional(),
  /** Voices by source, most first. */
  sourceVoices: z
    .array(z.object({ source: z.string(), voices: z.int().nonnegative() }))
    .max(16)
    .optional(),
  /** Weighted voices by place since the onset, and how many are normal; most first. */
  regions: z
    .array(z.object({ place: z.string(), observed: z.number(), expected: z.number() }))
    .max(12)
    .optional(),
  /** Every series in which a window strays now, the strongest first. */
  windows: z
    .array(
      z.object({
        series: z.string(),
        start: instant,
        windowSeconds: z.number().positive(),
        observed: z.number(),
        expected: z.number(),
        score: z.number(),
        threshold: z.number(),
      }),
    )
    .max(12)
    .optional(),
});
export type Explanation = z.infer<typeof explanation>;

/**
 * One change of an outage. Per outage the sequence counts up from 1 without gaps, the first is
 * `outage.opened`, and the last `outage.resolved` or `outage.retracted`.
 */
export const outageEvent = z.object({
  kind: z.literal('outage-event'),
  /** `<outageId>/<sequence>`. */
  id: z.string().min(1).max(256),
  type: z.enum(['outage.opened', 'outage.updated', 'outage.resolved', 'outage.retracted']),
  outageId: z.string().min(1).max(200),
  sequence: z.int().positive(),
  target: targetId,
  /** Event time at which the evidence sufficed: the end of the bucket that decided. */
  decidedAt: instant,
  /** Estimated onset. */
  startedAt: instant,
  /** Estimated end, once it ended. */
  endedAt: instant.nullable(),
  state: outageState,
  severity,
  confidence: probability,
  /** Empty when worldwide. */
  countries: z.array(countryCode),
  subdivisions: z.array(subdivisionCode),
  /** The narrowest words that fit: worldwide, a continent, a country, a subdivision. */
  scope: z.string(),
  /** Leading error types, most voices first; platforms likewise. */
  types: z.array(errorType),
  platforms: z.array(platform),
  /** Highest count of voices in one minute, and when. */
  peak: z.object({ voicesPerMinute: z.number().nonnegative(), at: instant }),
  /** Distinct voices since the onset. */
  voices: z.int().nonnegative(),
  cause: z
    .object({
      class: z.enum([
        'own-servers',
        'cdn-or-dns',
        'dependency',
        'mobile-network',
        'app-release',
        'unknown',
      ]),
      evidence: z.array(z.string()),
    })
    .optional(),
  /** Set when the rise is explained by an outage elsewhere. */
  echoOf: z
    .object({ outageId: z.string(), target: targetId, evidence: z.array(z.string()) })
    .optional(),
  /** Outages of the same target, in other places, that were open when this one opened. */
  beside: z.array(z.string()).optional(),
  /** On the last event: the outage that this one turned out to be a part of, and why. */
  mergedInto: z.object({ outageId: z.string(), evidence: z.array(z.string()) }).optional(),
  /** Seconds by which we were ahead of the official status; negative when behind. */
  leadSeconds: z.number().nullable(),
  /** One sentence for people. */
  reason: z.string(),
  explanation,
  /** Version of the detection rules. */
  rules: z.string(),
});
export type OutageEvent = z.infer<typeof outageEvent>;

/** What could not be understood, kept whole with the reason, so that it can be driven again. */
export const deadLetter = z.object({
  kind: z.literal('dead-letter'),
  /** `<topic>/<partition>/<offset>` for a record, `<door>/<hash>` for what came before the log. */
  id: z.string(),
  /** The stage that gave up. */
  stage: z.string(),
  /** Short and countable, such as `not-json`, `schema`, `index-refused`. */
  reason: z.string(),
  detail: z.string().max(4_000),
  origin: z
    .object({
      topic: z.string(),
      partition: z.int(),
      offset: z.number(),
      key: z.string().nullable(),
    })
    .nullable(),
  /** The bytes as they came, base64; cut to `maxDeadLetterBytes`. */
  payload: z.string(),
  payloadBytes: z.int().nonnegative(),
  occurredAt: instant,
});
export type DeadLetter = z.infer<typeof deadLetter>;

/** What each topic carries. */
export const postsRecord = z.discriminatedUnion('kind', [post, heartbeat, deletion]);
export const reportsRecord = z.discriminatedUnion('kind', [report, heartbeat, deletion]);
export const checksRecord = z.discriminatedUnion('kind', [check, heartbeat]);
export const signalsRecord = z.discriminatedUnion('kind', [signal, check, heartbeat, deletion]);
export type PostsRecord = z.infer<typeof postsRecord>;
export type ReportsRecord = z.infer<typeof reportsRecord>;
export type ChecksRecord = z.infer<typeof checksRecord>;
export type SignalsRecord = z.infer<typeof signalsRecord>;
