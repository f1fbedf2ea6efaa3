import type { ErrorType, Platform } from '@outcry/contracts';
import type { Random } from '../random.ts';
import type { Continent } from './geography.ts';
import type { SimTarget } from './world.ts';
import { hourMs, minuteMs, weekMs } from './world.ts';

export type OutageScope = 'worldwide' | 'continent' | 'countries' | 'country' | 'subdivision';

/** An injected outage, or (with `echo`) a rise at a healthy target that another's outage explains. */
export interface SimOutage {
  id: string;
  target: string;
  shape: 'step' | 'ramp';
  /** Times the normal complaints of its slice, at full strength. */
  multiplier: number;
  startedAt: number;
  endedAt: number;
  /** Time from the start to full strength; 0 for a step. */
  rampMs: number;
  scope: OutageScope;
  continent?: Continent;
  /** Empty when worldwide. */
  countries: readonly string[];
  subdivision?: string;
  /** Share of the affected countries' audience that is hit: 1, or that of the subdivision. */
  reach: number;
  /** Set when one type alone rises; else complaints lead with `types`. */
  onlyType?: ErrorType;
  onlyPlatform?: Platform;
  types: readonly (readonly [ErrorType, number])[];
  /** The outage that this one follows from. */
  cascadeOf?: string;
  /** Healthy: people of `cascadeOf` name this target too. `share` of its complaints do. */
  echo?: { share: number };
  overlaps: boolean;
  /** Minutes until the official page says so, when it ever does. */
  officialAfterMinutes: number | null;
}

export interface OutageRates {
  outagesPerWeek: number;
  multipliers: { from: number; to: number };
}

/** Draws a target's outages over its time. */
export function drawOutages(
  random: Random,
  target: SimTarget,
  span: { from: number; to: number },
  rates: OutageRates,
): SimOutage[] {
  const outages: SimOutage[] = [];
  const wanted = random.poisson(((span.to - span.from) / weekMs) * rates.outagesPerWeek);
  for (let attempt = 0; outages.length < wanted && attempt < wanted * 20; attempt++) {
    const outage = drawOutage(random, target, `${target.id}-o${outages.length + 1}`, span, rates);
    // Apart from others by three hours, but one in sixteen falls into another on purpose.
    const clash = outages.some(
      (other) =>
        outage.startedAt < other.endedAt + 3 * hourMs &&
        other.startedAt < outage.endedAt + 3 * hourMs,
    );
    if (clash && !random.chance(0.06)) continue;
    outage.overlaps = clash;
    outages.push(outage);
  }
  return outages.sort((a, b) => a.startedAt - b.startedAt);
}

function drawOutage(
  random: Random,
  target: SimTarget,
  id: string,
  span: { from: number; to: number },
  rates: OutageRates,
): SimOutage {
  const ramps = random.chance(0.35);
  const rampMs = ramps ? random.logUniform(10, 120) * minuteMs : 0;
  const duration = Math.max(rampMs * 1.5, random.logUniform(10, 480) * minuteMs);
  const startedAt = Math.floor(random.uniform(span.from, Math.max(span.from, span.to - duration)));
  const multiplier = random.logUniform(rates.multipliers.from, rates.multipliers.to);
  const place = drawScope(random, target);
  const slice = random.weighted([
    ['mixed', 80],
    ['type', 12],
    ['platform', 8],
  ] as const);
  const leading = random.weighted(target.types);
  const second = random.weighted(target.types);
  // Official pages lag by 16 minutes in the median and 29 in the mean (metrist.io), which makes a
  // log-normal of deviation 1.09; small and regional outages are often never admitted.
  const admits = place.scope === 'worldwide' && multiplier > 3 ? 0.8 : 0.3;
  return {
    id,
    target: target.id,
    shape: ramps ? 'ramp' : 'step',
    multiplier,
    startedAt,
    endedAt: Math.floor(startedAt + duration),
    rampMs,
    ...place,
    ...(slice === 'type' ? { onlyType: leading } : {}),
    ...(slice === 'platform' ? { onlyPlatform: random.weighted(target.platforms) } : {}),
    types:
      slice === 'type'
        ? [[leading, 1]]
        : mixTypes([
            [leading, 0.55],
            [second, 0.2],
            ['general', 0.15],
            ['connection', 0.1],
          ]),
    overlaps: false,
    officialAfterMinutes: random.chance(admits) ? random.logNormal(16, 1.09) : null,
  };
}

function mixTypes(pairs: readonly (readonly [ErrorType, number])[]): [ErrorType, number][] {
  const sums = new Map<ErrorType, number>();
  for (const [type, share] of pairs) sums.set(type, (sums.get(type) ?? 0) + share);
  return [...sums];
}

function drawScope(
  random: Random,
  target: SimTarget,
): Pick<SimOutage, 'scope' | 'continent' | 'countries' | 'subdivision' | 'reach'> {
  const pairs = target.audience.map((listener) => [listener, listener.share] as const);
  const single = target.audience.length === 1;
  const scope = random.weighted<OutageScope>(
    single
      ? [
          ['worldwide', 80],
          ['subdivision', 20],
        ]
      : [
          ['worldwide', 55],
          ['continent', 10],
          ['countries', 10],
          ['country', 15],
          ['subdivision', 10],
        ],
  );
  if (scope === 'worldwide') return { scope, countries: [], reach: 1 };
  const chosen = random.weighted(pairs).country;
  if (scope === 'continent') {
    const members = target.audience
      .filter((listener) => listener.country.continent === chosen.continent)
      .map((listener) => listener.country.code);
    // A continent of one country, or of the whole audience, is that country or the world.
    if (members.length === target.audience.length)
      return { scope: 'worldwide', countries: [], reach: 1 };
    if (members.length === 1) return { scope: 'country', countries: members, reach: 1 };
    return { scope, continent: chosen.continent, countries: members, reach: 1 };
  }
  if (scope === 'countries') {
    const members = new Set([chosen.code]);
    const wanted = random.integer(2, 4);
    for (let i = 0; i < 20 && members.size < wanted; i++) {
      members.add(random.weighted(pairs).country.code);
    }
    return { scope, countries: [...members].sort(), reach: 1 };
  }
  if (scope === 'subdivision' && chosen.subdivisions.length > 0) {
    const [subdivision, reach] = random.choice(chosen.subdivisions);
    return { scope, countries: [chosen.code], subdivision, reach };
  }
  return single
    ? { scope: 'worldwide', countries: [], reach: 1 }
    : { scope: 'country', countries: [chosen.code], reach: 1 };
}

/**
 * Follows each large outage of a target to those that depend on it: half of them fall too, soon
 * after; at the others people merely name both (Verizon, 14 January 2026: healthy AT&T and T-Mobile
 * "spiked").
 */
export function drawCascades(
  random: Random,
  targets: readonly SimTarget[],
  outages: readonly SimOutage[],
): SimOutage[] {
  const caused: SimOutage[] = [];
  for (const outage of outages) {
    if (outage.multiplier < 5 || outage.scope === 'subdivision') continue;
    if (outage.onlyPlatform !== undefined || outage.onlyType !== undefined) continue;
    for (const child of targets) {
      if (child.dependsOn !== outage.target) continue;
      const busy = [...outages, ...caused].some(
        (other) =>
          other.target === child.id &&
          other.startedAt < outage.endedAt + 3 * hourMs &&
          outage.startedAt < other.endedAt + 3 * hourMs,
      );
      if (busy || !random.chance(0.6)) continue;
      const falls = random.chance(0.5);
      const delay = random.uniform(0.5, 6) * minuteMs;
      const startedAt = Math.floor(outage.startedAt + delay);
      const { onlyType: _type, onlyPlatform: _platform, ...shared } = outage;
      caused.push({
        ...shared,
        id: `${outage.id}-${falls ? 'cascade' : 'echo'}-${child.id}`,
        target: child.id,
        startedAt,
        endedAt: Math.max(startedAt + 10 * minuteMs, outage.endedAt),
        multiplier: falls ? Math.max(3, outage.multiplier * random.uniform(0.3, 1)) : 1,
        types: mixTypes([
          [random.weighted(child.types), 0.6],
          ['general', 0.2],
          ['connection', 0.2],
        ]),
        cascadeOf: outage.id,
        overlaps: false,
        officialAfterMinutes: falls ? outage.officialAfterMinutes : null,
        ...(falls ? {} : { echo: { share: random.uniform(0.05, 0.3) } }),
      });
    }
  }
  return caused;
}
