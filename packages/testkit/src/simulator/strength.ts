import type { SimOutage } from './outages.ts';
import { rhythm } from './rhythm.ts';
import type { SimTarget } from './world.ts';
import { hourMs, minuteMs, weekMs } from './world.ts';

/**
 * Strength at a time, 0 to 1. After a step, complaints start at full strength and settle to a half
 * within hours, as people stop repeating what everybody knows; after the end, those who have not yet
 * noticed go on for some minutes.
 */
export function strength(outage: SimOutage, at: number): number {
  const since = at - outage.startedAt;
  if (since < 0) return 0;
  const rise = outage.rampMs === 0 ? 1 : Math.min(1, since / outage.rampMs);
  const settled = (t: number): number =>
    0.5 + 0.5 * Math.exp(-Math.max(0, t - outage.rampMs) / (1.5 * hourMs));
  if (at <= outage.endedAt) return rise * settled(since);
  const after = at - outage.endedAt;
  if (after > 45 * minuteMs) return 0;
  return settled(outage.endedAt - outage.startedAt) * Math.exp(-after / (6 * minuteMs));
}

/** Share of a target's normal complaints in an outage's slice, places apart. */
export function sliceShare(target: SimTarget, outage: SimOutage): number {
  if (outage.onlyType !== undefined) return shareOf(target.types, outage.onlyType);
  if (outage.onlyPlatform !== undefined) return shareOf(target.platforms, outage.onlyPlatform);
  return 1;
}

export function shareOf<T>(pairs: readonly (readonly [T, number])[], item: T): number {
  let total = 0;
  let share = 0;
  for (const [other, weight] of pairs) {
    total += weight;
    if (other === item) share += weight;
  }
  return share / total;
}

/** Complaints a minute, by the rhythm alone, in the countries given (all when empty). */
export function normalRate(
  target: SimTarget,
  countries: readonly string[],
  at: number,
  start: number,
): number {
  let sum = 0;
  for (const listener of target.audience) {
    if (countries.length > 0 && !countries.includes(listener.country.code)) continue;
    sum += listener.share * rhythm(target, listener.country, at);
  }
  return sum * target.rate * growth(target, at, start);
}

export function growth(target: SimTarget, at: number, start: number): number {
  return Math.exp((target.growthPerWeek * (at - start)) / weekMs);
}

/** Extra complaints a minute at full strength at the onset. */
export function onsetRate(target: SimTarget, outage: SimOutage, start: number): number {
  return (
    (outage.multiplier - 1) *
    normalRate(target, outage.countries, outage.startedAt, start) *
    outage.reach *
    sliceShare(target, outage)
  );
}
