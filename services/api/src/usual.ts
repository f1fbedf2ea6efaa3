import type { OutageEvent } from '@outcry/contracts';
import type { HistogramBucket, SearchIndex } from '@outcry/search-index';

const hourMs = 3_600_000;
const historyMs = 7 * 24 * hourMs;

/** Voices per hour that are usual for a target at an hour of the day (UTC). */
export type Usual = (target: string, hourOfDay: number) => number | undefined;

/** The signals of the week before a moment, by target and hour. */
export interface History {
  buckets: HistogramBucket[];
  /** Starts of the whole hours since anything was heard, epoch milliseconds. */
  hours: number[];
}

/**
 * Reads the week before a moment. Of all targets, also where one is wanted: the first signal of any tells
 * since when silence means calm.
 *
 * @param before end of the history, epoch milliseconds
 */
export async function readHistory(index: SearchIndex, before: number): Promise<History> {
  const buckets = await index.histogram({
    from: new Date(before - historyMs).toISOString(),
    to: new Date(before).toISOString(),
    intervalSeconds: hourMs / 1_000,
  });
  const first = buckets.reduce((least, { at }) => Math.min(least, Date.parse(at)), before);
  return { buckets, hours: hoursOf(first, before) };
}

/**
 * What the page calls usual: the mean of the same hour over the seven days before, without the hours
 * in which an outage was open; where that hour was never seen, the mean of all hours seen. It is for
 * the eye only. The detector has a baseline of its own and says in each outage what it expected.
 */
export function usualOf({ buckets, hours }: History, outages: readonly OutageEvent[]): Usual {
  const byTarget = Map.groupBy(buckets, ({ target }) => target);

  const known = new Map<string, (number | undefined)[]>();

  return (target, hourOfDay) => {
    let day = known.get(target);
    if (day === undefined) {
      day = usualDay(target);
      known.set(target, day);
    }
    return day[hourOfDay];
  };

  /** By hour of the day. */
  function usualDay(target: string): (number | undefined)[] {
    const disturbed = outages.filter((outage) => outage.target === target);
    const calm = hours.filter((hour) => !disturbed.some((outage) => overlaps(outage, hour)));
    const seen = countsByHour(byTarget.get(target) ?? []);
    const meanOf = (used: readonly number[]) =>
      used.reduce((sum, hour) => sum + (seen.get(hour) ?? 0), 0) / used.length;
    const byHourOfDay = Map.groupBy(calm, (hour) => new Date(hour).getUTCHours());
    return Array.from({ length: 24 }, (_, hourOfDay) => {
      const used = byHourOfDay.get(hourOfDay) ?? calm;
      return used.length === 0 ? undefined : meanOf(used);
    });
  }
}

/** Starts of the whole hours of a span. */
function hoursOf(from: number, to: number): number[] {
  const hours: number[] = [];
  for (let hour = Math.ceil(from / hourMs) * hourMs; hour + hourMs <= to; hour += hourMs)
    hours.push(hour);
  return hours;
}

function countsByHour(buckets: readonly HistogramBucket[]): Map<number, number> {
  return new Map(buckets.map(({ at, voices }) => [Date.parse(at), voices]));
}

function overlaps(outage: OutageEvent, hour: number): boolean {
  const end = outage.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(outage.endedAt);
  return Date.parse(outage.startedAt) < hour + hourMs && end > hour;
}
