import { check, instant, targetId } from '@outcry/contracts';
import { z } from 'zod';

/**
 * What goes through `rises.v1`: what a partition's detector tells the correlator. A target that is
 * calm is not spoken of; one under suspicion is told every bucket, later every minute, until it is
 * calm again.
 */
const counted = <K extends z.ZodType>(key: K) => z.array(z.tuple([key, z.number()]));

/** A window of a series that holds more than chance explains. */
export const finding = z.strictObject({
  series: z.string(),
  /** Start of the window. */
  from: instant,
  windowSeconds: z.number().positive(),
  observed: z.number(),
  expected: z.number(),
  /** -ln of the tail probability, and the bar it has to pass. */
  score: z.number(),
  threshold: z.number(),
});
export type RiseFinding = z.infer<typeof finding>;

/** Counts of a part (country, type, platform) since the onset, and how many are normal. */
const part = z.strictObject({ key: z.string(), observed: z.number(), expected: z.number() });
export type RisePart = z.infer<typeof part>;

export const evidenceRise = z.strictObject({
  kind: z.literal('rise'),
  what: z.literal('evidence'),
  partition: z.int().nonnegative(),
  /** End of the bucket that was closed. */
  at: instant,
  target: targetId,
  /** First bucket of this suspicion: with the target it names the episode. */
  episode: instant,
  /** Estimated onset. */
  onset: instant,
  /**
   * The places of an outage that stands beside others of its target, as names of series. All that is
   * counted below is theirs alone. Empty: the whole target's.
   */
  places: z.array(z.string()),
  /** On the last record: the episode that this one turned out to be a part of. */
  mergedInto: instant.nullable(),
  /** Strongest first. The first is what carries the suspicion now. */
  findings: z.array(finding),
  /** The strongest evidence of the whole episode. */
  strongest: finding,
  /** Greatest share of its bar that any window of at most ten minutes reaches now. */
  recent: z.number(),
  /** True while the last minutes look normal again. */
  calm: z.boolean(),
  /** When the calm began, as far as it did. */
  calmSince: instant.nullable(),
  /** Last record of the episode. */
  over: z.boolean(),
  /** Weighted voices in the last minute and the last five, and how many are normal in a minute. */
  lastMinute: z.number(),
  lastFiveMinutes: z.number(),
  normalPerMinute: z.number(),
  peak: z.strictObject({ voicesPerMinute: z.number(), at: instant }),
  /** Distinct voices since the onset. */
  voices: z.int().nonnegative(),
  clusters: z.int().nonnegative(),
  /** How many equally frequent texts would be as varied. */
  effectiveTexts: z.number(),
  /** Share of the voices that the most frequent text has. */
  topClusterShare: z.number(),
  sources: counted(z.string()),
  countries: z.array(part),
  subdivisions: z.array(part),
  types: z.array(part),
  platforms: z.array(part),
  total: part,
  samples: z.array(z.string()),
  /** All hashes of posts below a bound, to find what is shared with another target. */
  posts: z.strictObject({ below: z.number(), hashes: z.array(z.number()) }),
  blind: z.array(z.strictObject({ source: z.string(), since: instant, checksOnly: z.boolean() })),
});
export type EvidenceRise = z.infer<typeof evidenceRise>;

/** An official notice, or a probe whose outcome changed. */
export const checkRise = z.strictObject({
  kind: z.literal('rise'),
  what: z.literal('check'),
  partition: z.int().nonnegative(),
  at: instant,
  target: targetId,
  check,
});
export type CheckRise = z.infer<typeof checkRise>;

export const progress = z.strictObject({
  kind: z.literal('progress'),
  partition: z.int().nonnegative(),
  partitions: z.int().positive(),
  through: instant,
});

export const riseRecord = z.union([
  z.discriminatedUnion('what', [evidenceRise, checkRise]),
  progress,
]);
export type Rise = EvidenceRise | CheckRise;
