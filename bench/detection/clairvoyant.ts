import type { Signal } from '@outcry/contracts';
import type { SimOutage, SimTarget, World } from '@outcry/testkit';
import { normalRate, sliceShare, strength } from '@outcry/testkit';
import type { Expectations } from './cusum.ts';
import { runCusum, thresholdFor } from './cusum.ts';

/**
 * The practical limit: a one-sided CUSUM that knows everything but the counts. For one outage it
 * watches the one series in which that outage shows best (all complaints, or those that tell the
 * outage's place, type or platform), knows its true normal rate at each minute (rhythm, growth and
 * the wandered level), the over-dispersion, and the onset, size and shape of what comes.
 *
 * It counts every complaint, also a voice's second, and so sees slightly more than the product may.
 */
export interface ClairvoyantWatch {
  readonly outage: SimOutage;
  /** Takes a complaint of the outage's target. */
  take(signal: Signal): void;
  /** The level of the target's complaints in a minute. */
  level(start: number, level: number): void;
  decide(): ClairvoyantResult;
}

export interface ClairvoyantResult {
  /** End of the bucket that decided, epoch milliseconds; null: never, while the outage lasted. */
  decidedAt: number | null;
  series: 'all' | 'slice';
  threshold: number;
}

const minuteMs = 60_000;
const bucketMs = 10_000;
const bucketsPerMinute = minuteMs / bucketMs;

/** Share of told places that the simulated classifier gets wrong. */
const misplaced = 0.02;

export function watchOutage(world: World, target: SimTarget, outage: SimOutage): ClairvoyantWatch {
  const first = Math.floor(outage.startedAt / minuteMs) * minuteMs;
  const minutes = Math.ceil((outage.endedAt - first) / minuteMs) + 1;
  const all = new Float64Array(minutes * bucketsPerMinute);
  const slice = new Float64Array(minutes * bucketsPerMinute);
  const levels = new Float64Array(minutes).fill(1);
  const countries = new Set(outage.countries);

  return {
    outage,
    take(signal) {
      const bucket = Math.floor((Date.parse(signal.occurredAt) - first) / bucketMs);
      if (bucket < 0 || bucket >= all.length) return;
      all[bucket]!++;
      if (isInSlice(outage, countries, signal)) slice[bucket]!++;
    },
    level(start, level) {
      const minute = (start - first) / minuteMs;
      if (minute >= 0 && minute < minutes) levels[minute] = level;
    },
    decide() {
      const candidates = (['slice', 'all'] as const).map((series) => {
        const means = expectations(world, target, outage, series, first, levels);
        const { threshold, secondsTo } = thresholdFor(means, target.size);
        return { series, means, threshold, secondsTo };
      });
      const best = candidates.reduce((a, b) => (b.secondsTo < a.secondsTo ? b : a));
      const counts = best.series === 'all' ? all : slice;
      const bucket = runCusum(counts, best.means, target.size, best.threshold);
      const at = bucket === null ? null : first + (bucket + 1) * bucketMs;
      return {
        series: best.series,
        threshold: best.threshold,
        decidedAt: at === null || at > outage.endedAt ? null : at,
      };
    },
  };
}

function isInSlice(outage: SimOutage, countries: ReadonlySet<string>, signal: Signal): boolean {
  if (outage.onlyType !== undefined && signal.type !== outage.onlyType) return false;
  if (outage.onlyPlatform !== undefined && !signal.platforms.includes(outage.onlyPlatform)) {
    return false;
  }
  if (outage.scope === 'worldwide') return true;
  if (outage.subdivision !== undefined) {
    return signal.places.some((place) => place.subdivision === outage.subdivision);
  }
  return signal.places.some((place) => countries.has(place.country));
}

/** Mean count of each bucket of a series without and with the outage. */
function expectations(
  world: World,
  target: SimTarget,
  outage: SimOutage,
  series: 'all' | 'slice',
  first: number,
  levels: Float64Array,
): Expectations {
  const normal = new Float64Array(levels.length * bucketsPerMinute);
  const failing = new Float64Array(levels.length * bucketsPerMinute);
  const narrow = series === 'slice';
  const part = sliceShare(target, outage);
  const told = narrow ? toldShare(target, outage) : 1;
  const placed = narrow && outage.scope !== 'worldwide';
  const strays = outage.countries.length / target.audience.length;

  levels.forEach((level, minute) => {
    const start = first + minute * minuteMs;
    const here = normalRate(target, outage.countries, start, world.start) * outage.reach;
    const everywhere = normalRate(target, [], start, world.start);
    const usual = !narrow
      ? everywhere
      : placed
        ? part * ((1 - misplaced) * here + misplaced * strays * outage.reach * everywhere)
        : part * here;
    const extra = (outage.multiplier - 1) * here * part * (placed ? 1 - misplaced : 1);
    for (let i = 0; i < bucketsPerMinute; i++) {
      const from = Math.max(start + i * bucketMs, outage.startedAt);
      const to = start + (i + 1) * bucketMs;
      const share = Math.max(0, to - from) / minuteMs;
      const index = minute * bucketsPerMinute + i;
      normal[index] = (usual * told * level) / bucketsPerMinute;
      failing[index] =
        normal[index]! + extra * told * level * strength(outage, (from + to) / 2) * share;
    }
  });
  return { normal, failing };
}

/** Share of the slice's complaints that tell what its series needs. */
function toldShare(target: SimTarget, outage: SimOutage): number {
  const place =
    outage.scope === 'worldwide'
      ? 1
      : outage.subdivision !== undefined
        ? target.placed.subdivision
        : target.placed.country;
  return place * (outage.onlyPlatform === undefined ? 1 : target.placed.platform);
}
