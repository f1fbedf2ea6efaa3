import type { Signal } from '@outcry/contracts';
import type { SimOutage, SimTarget, World } from '@outcry/testkit';
import { normalRate, sliceShare, strength } from '@outcry/testkit';
import type { Expectations } from './cusum.ts';
import { runCusum, thresholdFor } from './cusum.ts';

/**
 * The practical limit: a one-sided CUSUM that knows everything but the counts. For one outage it
 * watches the one of the product's series in which that outage shows best (all complaints, those of
 * its places taken together, of its type, or of its platform), knows its true normal rate at each minute (rhythm, growth and
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

export type Series = 'all' | 'place' | 'type' | 'platform';

export interface ClairvoyantResult {
  /** End of the bucket that decided, epoch milliseconds; null: never, while the outage lasted. */
  decidedAt: number | null;
  series: Series;
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
  const seriesOf = candidates(outage);
  const counts = seriesOf.map(() => new Float64Array(minutes * bucketsPerMinute));
  const levels = new Float64Array(minutes).fill(1);
  const countries = new Set(outage.countries);

  return {
    outage,
    take(signal) {
      const bucket = Math.floor((Date.parse(signal.occurredAt) - first) / bucketMs);
      if (bucket < 0 || bucket >= minutes * bucketsPerMinute) return;
      seriesOf.forEach((series, index) => {
        if (belongs(series, outage, countries, signal)) counts[index]![bucket]!++;
      });
    },
    level(start, level) {
      const minute = (start - first) / minuteMs;
      if (minute >= 0 && minute < minutes) levels[minute] = level;
    },
    decide() {
      const ways = seriesOf.map((series, index) => {
        const means = expectations(world, target, outage, series, first, levels);
        return { series, counts: counts[index]!, means, ...thresholdFor(means, target.size) };
      });
      const best = ways.reduce((a, b) => (b.secondsTo < a.secondsTo ? b : a));
      const bucket = runCusum(best.counts, best.means, target.size, best.threshold);
      const at = bucket === null ? null : first + (bucket + 1) * bucketMs;
      return {
        series: best.series,
        threshold: best.threshold,
        decidedAt: at === null || at > outage.endedAt ? null : at,
      };
    },
  };
}

function candidates(outage: SimOutage): Series[] {
  const series: Series[] = ['all'];
  if (outage.scope !== 'worldwide') series.push('place');
  if (outage.onlyType !== undefined) series.push('type');
  if (outage.onlyPlatform !== undefined) series.push('platform');
  return series;
}

function belongs(
  series: Series,
  outage: SimOutage,
  countries: ReadonlySet<string>,
  signal: Signal,
): boolean {
  switch (series) {
    case 'all':
      return true;
    case 'type':
      return signal.type === outage.onlyType;
    case 'platform':
      return signal.platforms.some((platform) => platform === outage.onlyPlatform);
    case 'place':
      return outage.subdivision === undefined
        ? signal.places.some((place) => countries.has(place.country))
        : signal.places.some((place) => place.subdivision === outage.subdivision);
  }
}

/** Mean count of each bucket of a series without and with the outage. */
function expectations(
  world: World,
  target: SimTarget,
  outage: SimOutage,
  series: Series,
  first: number,
  levels: Float64Array,
): Expectations {
  const normal = new Float64Array(levels.length * bucketsPerMinute);
  const failing = new Float64Array(levels.length * bucketsPerMinute);
  const placed = series === 'place';
  const told = toldShare(target, outage, series);
  const slice = sliceShare(target, outage);
  const strays = outage.countries.length / target.audience.length;

  levels.forEach((level, minute) => {
    const start = first + minute * minuteMs;
    const here = normalRate(target, outage.countries, start, world.start) * outage.reach;
    const everywhere = normalRate(target, [], start, world.start);
    const usual = placed
      ? (1 - misplaced) * here + misplaced * strays * outage.reach * everywhere
      : series === 'all'
        ? everywhere
        : everywhere * slice;
    const extra = (outage.multiplier - 1) * here * slice * (placed ? 1 - misplaced : 1);
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

/** Share of complaints that tell what the series needs. */
function toldShare(target: SimTarget, outage: SimOutage, series: Series): number {
  if (series === 'platform') return target.placed.platform;
  if (series !== 'place') return 1;
  return outage.subdivision === undefined ? target.placed.country : target.placed.subdivision;
}
