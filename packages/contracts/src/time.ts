/** Length of a bucket: the grain at which voices are counted. */
export const bucketMs = 10_000;

/** How long after a bucket's end a record may still be observed and count. */
export const allowedLatenessMs = 10_000;

/** A voice counts once per target within this span. */
export const voiceWindowMs = 30 * 60_000;

/** How far an author's clock may lag before `observedAt` is believed instead. */
export const maxClockLagMs = 10 * 60_000;

/**
 * Event time of a record: what the author's device says, as long as it is believable. A
 * time after `observedAt` is impossible, one long before it is a wrong clock or an old post brought
 * again; both are replaced by `observedAt`.
 *
 * @param claimed epoch milliseconds as the author's device states them; NaN when unreadable
 * @param observed epoch milliseconds at which the source handed the record over
 */
export function clampOccurredAt(claimed: number, observed: number): number {
  if (Number.isNaN(claimed) || claimed > observed || observed - claimed > maxClockLagMs)
    return observed;
  return claimed;
}

/** Start of the bucket that holds `time`, epoch milliseconds. */
export function bucketStart(time: number): number {
  return Math.floor(time / bucketMs) * bucketMs;
}
