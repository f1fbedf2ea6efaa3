/**
 * A likelihood-ratio CUSUM for negative-binomial counts in ten-second buckets.
 *
 * The gamma noise of the simulation is drawn once a minute, so the exact ratio is that of the
 * minute's running total: it is looked at every bucket and banked at the end of the minute.
 */
export interface Expectations {
  /** Mean count of each bucket without and with the outage; whole minutes. */
  normal: Float64Array;
  failing: Float64Array;
}

const bucketsPerMinute = 6;

/** False alarms that the one series may raise: one in a hundred weeks, which is the product's bar. */
const minutesBetweenFalseAlarms = 100 * 7 * 24 * 60;

/** The bucket at whose end the sum reaches the threshold, or null. */
export function runCusum(
  counts: ArrayLike<number>,
  means: Expectations,
  size: number,
  threshold: number,
): number | null {
  let banked = 0;
  for (let start = 0; start + bucketsPerMinute <= counts.length; start += bucketsPerMinute) {
    let count = 0;
    let normal = 0;
    let failing = 0;
    let ratio = 0;
    for (let bucket = start; bucket < start + bucketsPerMinute; bucket++) {
      count += counts[bucket]!;
      normal += means.normal[bucket]!;
      failing += means.failing[bucket]!;
      ratio = failing > normal ? logRatio(count, normal, failing, size) : 0;
      if (banked + ratio >= threshold) return bucket;
    }
    banked = Math.max(0, banked + ratio);
  }
  return null;
}

/**
 * The threshold at which the CUSUM alarms falsely once in a hundred weeks, and how long the outage
 * needs on average to reach it, in seconds (infinite when it never does).
 *
 * The threshold is that of a step with the mean rates of the time until detection, which depends on
 * the threshold in turn: two rounds settle it.
 */
export function thresholdFor(
  means: Expectations,
  size: number,
): { threshold: number; secondsTo: number } {
  const sums = informationByMinute(means, size);
  let threshold = Math.log(minutesBetweenFalseAlarms);
  let minutes = minutesTo(sums, threshold);
  for (let round = 0; round < 2; round++) {
    const span = Math.min(sums.length, minutes);
    const normal = meanPerMinute(means.normal, span);
    const failing = meanPerMinute(means.failing, span);
    if (failing <= normal * 1.0001) return { threshold, secondsTo: Number.POSITIVE_INFINITY };
    threshold = thresholdOfStep(normal, failing, size, minutesBetweenFalseAlarms);
    minutes = minutesTo(sums, threshold);
  }
  return { threshold, secondsTo: minutes * 60 };
}

function minutesTo(sums: readonly number[], threshold: number): number {
  const at = sums.findIndex((sum) => sum >= threshold);
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
}

function meanPerMinute(values: Float64Array, minutes: number): number {
  let sum = 0;
  for (let i = 0; i < minutes * bucketsPerMinute; i++) sum += values[i]!;
  return sum / minutes;
}

/** Finds the threshold whose mean time between false alarms, in minutes, is the wanted one. */
export function thresholdOfStep(
  normal: number,
  failing: number,
  size: number,
  wanted: number,
): number {
  // Lorden 1971: the time is at least e^h, so the logarithm is enough.
  let high = Math.log(wanted);
  let low = 0.5;
  for (let i = 0; i < 9; i++) {
    const middle = (low + high) / 2;
    if (meanTimeBetweenFalseAlarms(normal, failing, size, middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

const states = 60;

/**
 * Mean minutes until a CUSUM over minutes without an outage reaches the threshold: the sum is cut
 * into states, and the chain's mean time to absorption solved for (Brook & Evans 1972).
 */
export function meanTimeBetweenFalseAlarms(
  normal: number,
  failing: number,
  size: number,
  threshold: number,
): number {
  const perCount = Math.log((failing * (size + normal)) / (normal * (size + failing)));
  const perMinute = size * Math.log((size + normal) / (size + failing));
  const width = threshold / (states - 0.5);
  const below = cumulative(normal, size, Math.ceil((threshold - perMinute) / perCount) + 2);
  const chanceUpTo = (ratio: number): number => {
    const count = Math.floor((ratio - perMinute) / perCount);
    return count < 0 ? 0 : below[Math.min(count, below.length - 1)]!;
  };
  const rows = Array.from({ length: states }, (_, from) => {
    const row = new Float64Array(states + 1);
    let before = 0;
    for (let to = 0; to < states; to++) {
      const upTo = chanceUpTo((to - from + 0.5) * width);
      row[to] = (to === from ? 1 : 0) - (upTo - before);
      before = upTo;
    }
    row[states] = 1;
    return row;
  });
  return solveFirst(rows);
}

/** Negative-binomial chances of at most 0, 1, 2 … */
function cumulative(mean: number, size: number, most: number): Float64Array {
  const chances = new Float64Array(Math.max(1, most + 1));
  let chance = (size / (size + mean)) ** size;
  let sum = 0;
  for (let count = 0; count < chances.length; count++) {
    sum += chance;
    chances[count] = Math.min(1, sum);
    chance *= ((size + count) / (count + 1)) * (mean / (size + mean));
  }
  return chances;
}

/** Gauss elimination from the last row up; the first unknown of the system. */
function solveFirst(rows: Float64Array[]): number {
  const last = rows.length;
  for (let pivot = last - 1; pivot > 0; pivot--) {
    const row = rows[pivot]!;
    for (let other = 0; other < pivot; other++) {
      const factor = rows[other]![pivot]! / row[pivot]!;
      if (factor === 0) continue;
      const target = rows[other]!;
      for (let column = 0; column < pivot; column++) target[column]! -= factor * row[column]!;
      target[last]! -= factor * row[last]!;
    }
  }
  return rows[0]![last]! / rows[0]![0]!;
}

/** Expected log-likelihood ratio under the outage, summed up minute by minute. */
function informationByMinute(means: Expectations, size: number): number[] {
  const sums: number[] = [];
  let sum = 0;
  for (let start = 0; start < means.normal.length; start += bucketsPerMinute) {
    let normal = 0;
    let failing = 0;
    for (let bucket = start; bucket < start + bucketsPerMinute; bucket++) {
      normal += means.normal[bucket]!;
      failing += means.failing[bucket]!;
    }
    if (failing > normal) sum += logRatio(failing, normal, failing, size);
    sums.push(sum);
  }
  return sums;
}

/** Log-likelihood ratio of a negative-binomial count with mean `failing` against `normal`. */
export function logRatio(count: number, normal: number, failing: number, size: number): number {
  return (
    count * Math.log((failing * (size + normal)) / (normal * (size + failing))) +
    size * Math.log((size + normal) / (size + failing))
  );
}
