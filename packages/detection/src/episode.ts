import { z } from 'zod';
import type { Finding } from './finding.ts';
import { bucketsPerHour, bucketsPerMinute } from './settings.ts';

/** A time of suspicion of one target, from the first weak sign until it is calm again. */
export const episodeState = z.strictObject({
  /** First bucket under suspicion. */
  start: z.number(),
  /** Estimated first bucket of the excess. */
  onset: z.number(),
  strongest: z.strictObject({
    series: z.string(),
    from: z.number(),
    length: z.number(),
    observed: z.number(),
    expected: z.number(),
    score: z.number(),
    threshold: z.number(),
  }),
  /** Last bucket that showed at least weak evidence. */
  lastFound: z.number(),
  /** When outages in several places turned out to be one, this one. */
  joinedAt: z.number().nullable(),
  /** First bucket in which some evidence passed its bar. */
  firedAt: z.number().nullable(),
  peak: z.number(),
  peakAt: z.number(),
  /** Greatest excess per bucket over five minutes, for telling when it is over. */
  peakExcess: z.number(),
  /** Evidence for normal against still failing, and the bucket from which it grows. */
  calmEvidence: z.number(),
  calmFrom: z.number().nullable(),
  calm: z.boolean(),
  /** Smallest hashes of the distinct voices since the onset, and where the rest was cut off. */
  voices: z.array(z.number()),
  voiceBound: z.number(),
});
export type Episode = z.infer<typeof episodeState>;

export const hashSpace = 2 ** 32;
const maxVoices = 512;

export function beginEpisode(bucket: number, series: string, found: Finding): Episode {
  return {
    start: bucket,
    onset: found.from,
    strongest: { series, ...found },
    lastFound: bucket,
    joinedAt: null,
    firedAt: null,
    peak: 0,
    peakAt: bucket,
    peakExcess: 0,
    calmEvidence: 0,
    calmFrom: null,
    calm: false,
    voices: [],
    voiceBound: hashSpace,
  };
}

/** Adds voices to the episode's sketch of distinct ones (exact up to 512, then about 4% off). */
export function addVoices(episode: Episode, voices: readonly number[]): void {
  const set = new Set(episode.voices);
  for (const voice of voices) if (voice < episode.voiceBound) set.add(voice);
  if (set.size === episode.voices.length) return;
  const sorted = [...set].sort((a, b) => a - b);
  if (sorted.length > maxVoices) {
    episode.voiceBound = sorted[maxVoices]!;
    sorted.length = maxVoices;
  }
  episode.voices = sorted;
}

export function distinctVoices(episode: Episode): number {
  if (episode.voiceBound === hashSpace) return episode.voices.length;
  return Math.round((episode.voices.length * hashSpace) / episode.voiceBound);
}

/** Over how many buckets the parts of an episode are counted to tell where it is. */
export function partsLength(episode: Episode, bucket: number): number {
  const from = episode.joinedAt === null ? episode.onset : episode.joinedAt - 5 * bucketsPerMinute;
  return Math.min(bucketsPerHour, bucket - from + 1);
}
