import { allowedLatenessMs, bucketMs, voiceWindowMs } from '@outcry/contracts';

/** What may be set. Every number has a meaning of its own; none is fitted to a data set. */
export interface DetectionSettings {
  /**
   * False outages that chance alone may open, per target and week. Thresholds follow from it; on weeks
   * without outages it came to 1.4 times as many, since levels and rhythms are estimates.
   */
  falseOutagesPerTargetWeek: number;
  /** How long after a bucket's end a record may still be observed and count, milliseconds. */
  latenessMs: number;
  /**
   * Event time that must pass after the first heartbeat before the first bucket closes, so that
   * sources which start together are all known by then, milliseconds.
   */
  settleMs: number;
  /** Fewest distinct voices of an outage. */
  minVoices: number;
  /** Share of other talk that the classifier takes for complaints. */
  falsePositiveRate: number;
  /** Fewest different texts (clusters of near-identical ones) of an outage. */
  minClusters: number;
  /** Least time without excess before an outage counts as ended, milliseconds. */
  minCalmMs: number;
  /** Least time between two updates that carry no change of state, milliseconds. */
  updateEveryMs: number;
  /** How long learning may rest on suspicion; a lasting change is learnt after it, milliseconds. */
  maxFreezeMs: number;
}

export const defaultSettings: Readonly<DetectionSettings> = {
  falseOutagesPerTargetWeek: 0.006,
  latenessMs: allowedLatenessMs,
  settleMs: 30_000,
  minVoices: 4,
  falsePositiveRate: 0.02,
  minClusters: 2,
  minCalmMs: 10 * 60_000,
  updateEveryMs: 2 * 60_000,
  maxFreezeMs: 6 * 60 * 60_000,
};

export function withDefaults(settings: Partial<DetectionSettings> = {}): DetectionSettings {
  return { ...defaultSettings, ...settings };
}

/** Buckets per minute, per hour, per week (and its hours); and the span in which a voice counts once, in buckets. */
export const bucketsPerMinute = 60_000 / bucketMs;
export const bucketsPerHour = 60 * bucketsPerMinute;
export const hoursPerWeek = 168;
export const bucketsPerWeek = hoursPerWeek * bucketsPerHour;
export const voiceBuckets = voiceWindowMs / bucketMs;

/** A series that was silent for four weeks says nothing any more: its levels forget within days. */
export const idleBuckets = 4 * bucketsPerWeek;

/** Number of the bucket that holds a time (epoch milliseconds), counted from the epoch. */
export function bucketOf(time: number): number {
  return Math.floor(time / bucketMs);
}

/** End of a bucket, epoch milliseconds. */
export function bucketEnd(bucket: number): number {
  return (bucket + 1) * bucketMs;
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}
