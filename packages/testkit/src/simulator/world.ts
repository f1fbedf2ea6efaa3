import type { ErrorType, Platform } from '@outcry/contracts';
import type { Random } from '../random.ts';
import type { Confounder } from './confounders.ts';
import type { Country } from './geography.ts';
import { audiences, countryOf, singleCountries } from './geography.ts';
import type { SimOutage } from './outages.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;

/** A watched service of the simulation, with what only the simulator knows of it. */
export interface SimTarget {
  id: string;
  /** Mean complaints (affected or asking) a minute over a normal week at the start. */
  rate: number;
  /** Mean other talk a minute: praise, memes, news. */
  talk: number;
  audience: readonly Listener[];
  /** Over-dispersion: complaints of one minute have variance `m + m² / size`. */
  size: number;
  /** Slow wandering of the level: deviation of its logarithm and its time scale. */
  wander: { deviation: number; hours: number };
  growthPerWeek: number;
  /** Leisure services peak in the evening, work services on working days. */
  use: 'leisure' | 'work';
  /** How much of the rhythm there is: 0 flat, 1 full. */
  depth: number;
  types: readonly (readonly [ErrorType, number])[];
  platforms: readonly (readonly [Platform, number])[];
  /** Share of complaints whose country, subdivision and platform the classifier could tell. */
  placed: { country: number; subdivision: number; platform: number };
  /** Share that comes as reports and not as posts. */
  reports: number;
  dependsOn?: string;
}

export interface Listener {
  country: Country;
  share: number;
}

/** A stretch in which a source brings nothing and says so. */
export interface Blindness {
  source: string;
  from: number;
  to: number;
}

export interface World {
  seed: string;
  start: number;
  end: number;
  targets: readonly SimTarget[];
  outages: readonly SimOutage[];
  confounders: readonly Confounder[];
  blindness: readonly Blindness[];
}

const typeShares: readonly (readonly [ErrorType, number])[] = [
  ['login', 14],
  ['playback', 12],
  ['connection', 14],
  ['app', 20],
  ['website', 6],
  ['content', 8],
  ['payment', 5],
  ['performance', 7],
  ['device', 5],
  ['messaging', 4],
  ['general', 12],
  ['other', 3],
];

const platformShares: readonly (readonly [Platform, number])[] = [
  ['ios', 34],
  ['android', 36],
  ['web', 12],
  ['windows', 8],
  ['macos', 4],
  ['tv', 6],
];

/**
 * Draws a target. Where the numbers come from:
 * - rhythm, over-dispersion and wandering were measured on the five series of Twitter mentions of
 *   the Numenta benchmark (five-minute counts, UTC): peak hour to trough hour 3 to 6, weekend 0.4 to
 *   0.65 of a working day for business names, hourly log-deviation from the profile 0.35 for the
 *   largest with correlations 0.6, 0.4 and 0.2 after one, three and six hours, and a variance of
 *   successive five-minute counts that exceeds the mean by 0.04 to 0.11 of the mean squared, which
 *   is a gamma size of 2 to 5 at one minute. Mentions are mostly talk, so talk gets these. Complaints
 *   are calmer: half the wandering (0.1 to 0.25 over three hours) and sizes of 5 to 50;
 * - places: text tells about twenty times more than geotags (10.1080/17538947.2018.1535000), and
 *   reporters name theirs, which together locate a third to two thirds of complaints.
 */
export function drawTarget(
  random: Random,
  id: string,
  rates: { from: number; to: number },
): SimTarget {
  const rate = random.logUniform(rates.from, rates.to);
  const kind = random.weighted([
    ['global', 45],
    ['american', 15],
    ['european', 15],
    ['latin', 5],
    ['asian', 5],
    ['one country', 15],
  ] as const);
  const weights =
    kind === 'one country' ? { [random.choice(singleCountries)]: 1 } : (audiences[kind] ?? {});
  const drawn = Object.entries(weights).map(
    ([code, weight]) => [code, weight * random.logNormal(1, 0.4)] as const,
  );
  const total = drawn.reduce((sum, [, weight]) => sum + weight, 0);
  const known = random.uniform(0.35, 0.65);
  return {
    id,
    rate,
    // Most of what is written about a name is no complaint.
    talk: rate * random.logNormal(2, 0.5),
    audience: drawn.map(([code, weight]) => ({
      country: countryOf(code),
      share: weight / total,
    })),
    size: random.logUniform(5, 50),
    wander: { deviation: random.uniform(0.1, 0.25), hours: 3 },
    growthPerWeek: random.normal(0.01, 0.02),
    use: random.chance(0.7) ? 'leisure' : 'work',
    depth: random.uniform(0.6, 1),
    types: typeShares.map(([type, share]) => [type, share * random.logNormal(1, 0.5)] as const),
    platforms: platformShares,
    placed: { country: known, subdivision: known * 0.45, platform: random.uniform(0.2, 0.4) },
    reports: random.uniform(0.15, 0.5),
  };
}
