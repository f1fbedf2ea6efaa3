import type { Episode } from './episode.ts';

/** Evidence, in nats, that the excess has ended: one error in a hundred. */
const calmBar = Math.log(100);

/**
 * Weighs normal against a quarter of the greatest excess, as a likelihood ratio per bucket.
 *
 * @param count weighted voices of the bucket in what carries the episode
 * @param normal how many of them are normal
 * @param quiet no recent window shows even weak evidence
 */
export function judgeCalm(
  episode: Episode,
  bucket: number,
  count: number,
  normal: number,
  quiet: boolean,
): void {
  const failing = Math.max(normal + episode.peakExcess / 4, normal * 1.25, 1e-3);
  const ratio = failing - normal + count * Math.log(Math.max(normal, 1e-4) / failing);
  const before = episode.calmEvidence;
  episode.calmEvidence = Math.min(2 * calmBar, Math.max(0, before + ratio));
  if (episode.calmEvidence === 0) episode.calmFrom = null;
  else if (episode.calmFrom === null) episode.calmFrom = bucket;
  episode.calm = episode.calmEvidence >= calmBar && quiet;
}
