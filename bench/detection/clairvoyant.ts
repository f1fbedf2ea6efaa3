import type { SimOutage, SimTarget, World } from '@outcry/testkit';
import { normalRate, sliceShare, strength } from '@outcry/testkit';

/**
 * The practical limit: a one-sided CUSUM that knows everything but the counts. For one outage it
 * watches the one series in which that outage shows best, knows its true normal rate at each minute
 * (rhythm, growth and the wandered level), the over-dispersion, and the onset, size and shape of what
 * comes. It sums the log-likelihood ratio of the counts from the onset on.
 *
 * Buckets are the product's ten seconds. The gamma noise of the simulation is drawn once a minute,
 * so the exact ratio is that of the minute's running total: it is looked at every ten seconds and
 * banked at the end of the minute.
 *
 * It counts every complaint, also a voice's second, and so sees slightly more than the product may.
 */

/** False alarms that its one series may raise: one in a hundred weeks, the product's bar. */
const weeksBetweenFalseAlarms = 100;
const minutesBetweenFalseAlarms = weeksBetweenFalseAlarms * 7 * 24 * 60;
const minuteMs = 60_000;
const bucketMs = 10_000;
const bucketsPerMinute = minuteMs / bucketMs;

/** Share of complaints whose places and platform are told wrongly or not at all: see the simulator. */
const misplaced = 0.02;

export interface ClairvoyantResult {
  /** Epoch milliseconds of the end of the bucket that decided; null: never, while the outage lasted. */
  decidedAt: number | null;
  threshold: number;
}

/** Collects what the clairvoyant of one outage sees. */
export interface ClairvoyantWatch {
  readonly outage: SimOutage;
  /** Whether a complaint belongs to the outage's series. */
  matches(signal: {
    type: string | null;
    places: readonly { country: string; subdivision?: string | undefined }[];
    platforms: readonly string[];
  }): boolean;
  count(occurredAt: number): void;
  /** The level of the target's complaints in a minute. */
  level(start: number, level: number): void;
  decide(): ClairvoyantResult;
}

export function watchOutage(world: World, target: SimTarget, outage: SimOutage): ClairvoyantWatch {
  const first = Math.floor(outage.startedAt / minuteMs) * minuteMs;
  const minutes = Math.ceil((outage.endedAt - first) / minuteMs) + 1;
  const counts = new Float64Array(minutes * bucketsPerMinute);
  const levels = new Float64Array(minutes).fill(1);
  const countries = new Set(outage.countries);
  return {
    outage,
    matches(signal) {
      if (outage.onlyType !== undefined && signal.type !== outage.onlyType) return false;
      if (
        outage.onlyPlatform !== undefined &&
        !signal.platforms.some((platform) => platform === outage.onlyPlatform)
      ) {
        return false;
      }
      if (outage.scope === 'worldwide') return true;
      if (outage.subdivision !== undefined) {
        return signal.places.some((place) => place.subdivision === outage.subdivision);
      }
      return signal.places.some((place) => countries.has(place.country));
    },
    count(occurredAt) {
      const bucket = Math.floor((occurredAt - first) / bucketMs);
      if (bucket >= 0 && bucket < counts.length) counts[bucket]!++;
    },
    level(start, level) {
      const minute = (start - first) / minuteMs;
      if (minute >= 0 && minute < minutes) levels[minute] = level;
    },
    decide() {
      const means = expectations(world, target, outage, first, minutes, levels);
      const threshold = thresholdFor(means.normal, means.failing, target.size);
      return {
        threshold,
        decidedAt: runCusum(counts, means, target.size, threshold, first, outage.endedAt),
      };
    },
  };
}

interface Expectations {
  /** Mean count of each bucket without and with the outage. */
  normal: Float64Array;
  failing: Float64Array;
}

function expectations(
  world: World,
  target: SimTarget,
  outage: SimOutage,
  first: number,
  minutes: number,
  levels: Float64Array,
): Expectations {
  const normal = new Float64Array(minutes * bucketsPerMinute);
  const failing = new Float64Array(minutes * bucketsPerMinute);
  const slice = sliceShare(target, outage);
  const told = toldShare(target, outage);
  const strays = outage.countries.length / target.audience.length;
  for (let minute = 0; minute < minutes; minute++) {
    const start = first + minute * minuteMs;
    const level = levels[minute]!;
    const here = normalRate(target, outage.countries, start, world.start) * outage.reach;
    const everywhere = normalRate(target, [], start, world.start) * outage.reach;
    const seen =
      outage.scope === 'worldwide'
        ? here
        : (1 - misplaced) * here + misplaced * strays * everywhere;
    const extra =
      (outage.multiplier - 1) * here * (outage.scope === 'worldwide' ? 1 : 1 - misplaced);
    for (let part = 0; part < bucketsPerMinute; part++) {
      const from = Math.max(start + part * bucketMs, outage.startedAt);
      const to = start + (part + 1) * bucketMs;
      const index = minute * bucketsPerMinute + part;
      const base = (seen * slice * told * level) / bucketsPerMinute;
      normal[index] = base;
      failing[index] =
        to <= outage.startedAt
          ? base
          : base +
            extra *
              slice *
              told *
              level *
              strength(outage, (from + to) / 2) *
              ((to - from) / minuteMs);
    }
  }
  return { normal, failing };
}

/** Share of the slice's complaints that tell what the series needs. */
function toldShare(target: SimTarget, outage: SimOutage): number {
  const place =
    outage.scope === 'worldwide'
      ? 1
      : outage.subdivision !== undefined
        ? target.placed.subdivision
        : target.placed.country;
  return place * (outage.onlyPlatform !== undefined ? target.placed.platform : 1);
}

/**
 * The threshold at which a CUSUM of this information alarms falsely once in the stated time. The time
 * between false alarms is about e^h / I, with I the mean log-likelihood ratio a minute under the
 * outage (Siegmund 1985; Lorden 1971 gives the bound e^h, which holds whatever I is).
 */
function thresholdFor(normal: Float64Array, failing: Float64Array, size: number): number {
  let information = 0;
  let minutes = 0;
  const hour = Math.min(normal.length, 60 * bucketsPerMinute);
  for (let start = 0; start + bucketsPerMinute <= hour; start += bucketsPerMinute) {
    let mean0 = 0;
    let mean1 = 0;
    for (let part = 0; part < bucketsPerMinute; part++) {
      mean0 += normal[start + part]!;
      mean1 += failing[start + part]!;
    }
    if (mean1 <= mean0) continue;
    information += logRatio(mean1, mean0, mean1, size);
    minutes++;
  }
  const mean = minutes === 0 ? 0 : information / minutes;
  return Math.max(3, Math.log(minutesBetweenFalseAlarms) + Math.min(0, Math.log(mean)));
}

function runCusum(
  counts: Float64Array,
  means: Expectations,
  size: number,
  threshold: number,
  first: number,
  endedAt: number,
): number | null {
  let banked = 0;
  for (let start = 0; start + bucketsPerMinute <= counts.length; start += bucketsPerMinute) {
    let count = 0;
    let mean0 = 0;
    let mean1 = 0;
    let ratio = 0;
    for (let part = 0; part < bucketsPerMinute; part++) {
      count += counts[start + part]!;
      mean0 += means.normal[start + part]!;
      mean1 += means.failing[start + part]!;
      ratio = mean1 > mean0 ? logRatio(count, mean0, mean1, size) : 0;
      const at = first + (start + part + 1) * bucketMs;
      if (at > endedAt) return null;
      if (banked + ratio >= threshold) return at;
    }
    banked = Math.max(0, banked + ratio);
  }
  return null;
}

/** Log-likelihood ratio of a negative-binomial count with mean `mean1` against `mean0`. */
function logRatio(count: number, mean0: number, mean1: number, size: number): number {
  return (
    count * Math.log((mean1 * (size + mean0)) / (mean0 * (size + mean1))) +
    size * Math.log((size + mean0) / (size + mean1))
  );
}
