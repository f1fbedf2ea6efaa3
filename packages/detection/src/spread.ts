/**
 * How far counts stray from what their level foretold, beyond Poisson noise and beyond what the
 * level itself knows of its error: over-dispersion and drift together, learnt at the length of
 * window at which it is used. A window is only remarkable when it strays further than windows of its
 * length are used to.
 */
export interface Spread {
  /** Sum of precisions, and of precisions times squared relative errors. */
  weight: number;
  sum: number;
  /** End of the last window that was measured. */
  measured: number;
}

/** Lengths at which it is measured, in buckets, and the relative variance expected beforehand. */
export const spreadLengths = [6, 30, 42, 90, 180, 360, 1440] as const;
/** Cautious: a small series never learns its own, and loses little by a large one. */
const prior = [0.08, 0.04, 0.045, 0.04, 0.04, 0.05, 0.06] as const;
/** Which level a length is measured against (see `series.ts`): shorter levels are fresher. */
export const spreadLevels = [0, 0, 1, 1, 2, 3, 4] as const;

/** What parts of a minute stray more than whole ones. */
const burst = 1.25;
/** The prior counts as this many windows of a large series. */
const priorWindows = 12;
/**
 * The variance is itself an estimate, and from correlated windows: it is taken somewhat larger. The
 * first factor is that of what was expected beforehand, the second that of what weeks have shown.
 */
const doubts = { unseen: 1.6, seen: 1.35 } as const;
/** Least variance that is believed. */
const least = 0.002;
/** How long a measurement is remembered, in buckets: two weeks. */
const memory = 120_960;

export function beginSpread(since: number): Spread[] {
  return spreadLengths.map((length) => ({
    weight: 0,
    sum: 0,
    measured: Math.ceil(since / length) * length,
  }));
}

/** Takes `windows` windows of one length that each held `voices` where `mean` were foretold. */
export function learnSpread(
  spread: Spread,
  index: number,
  windows: number,
  voices: number,
  mean: number,
  levelVariance: number,
): void {
  if (mean <= 0) return;
  const expected = 1 / mean + levelVariance + variance(spread, index);
  // A single stray window must not blind the series: four standard deviations are the most.
  const error = Math.min(((voices - mean) / mean) ** 2, 16 * expected);
  const strayed = error - 1 / mean - levelVariance;
  const precision = 1 / (2 * (1 / mean + levelVariance + prior[index]!) ** 2);
  const fade = Math.exp((-windows * spreadLengths[index]!) / memory);
  spread.weight = spread.weight * fade + windows * precision;
  spread.sum = spread.sum * fade + windows * precision * strayed;
}

function variance(spread: Spread, index: number, expected: number = prior[index]!): number {
  const strength = priorWindows / (2 * expected ** 2);
  const value = (spread.sum + strength * expected) / (spread.weight + strength);
  const seen = spread.weight / (spread.weight + strength);
  return Math.max(least, (doubts.unseen + (doubts.seen - doubts.unseen) * seen) * value);
}

/**
 * The learnt variance at the measured lengths.
 * @param whole that of the series of which this one is a part: what a part is like beforehand
 */
export function variancesOf(spreads: readonly Spread[], whole?: readonly number[]): number[] {
  // The whole's is doubted already: a part that has shown nothing takes it as it is.
  return spreads.map((spread, index) =>
    variance(spread, index, whole === undefined ? undefined : whole[index]! / doubts.unseen),
  );
}

/**
 * Variance at any length, against the level that a window of this length is compared with: between
 * two measured lengths of the same level by the logarithm of the length.
 */
export function varianceAt(variances: readonly number[], length: number): number {
  let high = 0;
  while (high < spreadLengths.length - 1 && length > spreadLengths[high]!) high += 1;
  const low = high - 1;
  // Bursts within a minute are wilder than minutes are.
  if (low < 0) return length < spreadLengths[0] ? burst * variances[0]! : variances[0]!;
  if (spreadLevels[low] !== spreadLevels[high]) return variances[high]!;
  const from = spreadLengths[low]!;
  const part = Math.min(1, Math.log(length / from) / Math.log(spreadLengths[high]! / from));
  return variances[low]! + (variances[high]! - variances[low]!) * part;
}
