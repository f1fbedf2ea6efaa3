import { continentOf } from './geography.ts';
import type { RisePart } from './rise.ts';
import { compare } from './watermark.ts';

export interface Scope {
  /** Affected countries; empty when worldwide. */
  countries: string[];
  subdivisions: string[];
  /** Worldwide, continents, countries or subdivisions in words. */
  words: string;
}

export const worldwide: Scope = { countries: [], subdivisions: [], words: 'worldwide' };

/**
 * What it costs, in nats, to say something narrower than worldwide: a place must have been spared
 * clearly, not by chance.
 */
const narrowing = 4;
/** What each further country of a free choice costs. */
const perCountry = 1.5;
/** No place is so quiet that a single voice would be remarkable. */
const leastExpected = 0.3;

interface Candidate {
  score: number;
  countries: string[];
  subdivision: string | null;
}

/**
 * Where an outage is: of worldwide, each continent, each country, free sets of countries and each
 * subdivision, the one under which the counts are most likely. Every candidate says "these places
 * rose by one common ratio, the others are normal"; narrower ones pay for being chosen among many.
 * (Free sets: only those that take the places with the greatest ratios can be best; Neill 2012.)
 *
 * @param countries counts since the onset and what is normal, also of countries that are calm
 */
export function findScope(
  countries: readonly RisePart[],
  subdivisions: readonly RisePart[],
): Scope {
  if (countries.length === 0) return worldwide;
  let best: Candidate = { score: gain(countries), countries: [], subdivision: null };
  const consider = (parts: readonly RisePart[], cost: number, subdivision: string | null) => {
    const score = gain(parts) - narrowing - cost;
    if (score <= best.score) return;
    const keys = subdivision === null ? parts.map((part) => part.key) : [subdivision.slice(0, 2)];
    best = { score, countries: keys.sort(compare), subdivision };
  };
  if (countries.length > 1) {
    const continents = Map.groupBy(countries, (part) => continentOf(part.key) ?? part.key);
    for (const members of continents.values()) {
      if (members.length > 1 && members.length < countries.length) {
        consider(members, Math.log(continents.size), null);
      }
    }
    const byRatio = [...countries].sort((a, b) => ratio(b) - ratio(a) || compare(a.key, b.key));
    for (let size = 1; size < byRatio.length; size += 1) {
      consider(byRatio.slice(0, size), Math.log(countries.length) + perCountry * (size - 1), null);
    }
  }
  for (const part of subdivisions) consider([part], Math.log(subdivisions.length), part.key);
  const single = best.countries.length === 1 ? best.countries[0]! : null;
  const whole = countries.length === 1 ? countries[0]!.key : single;
  const subdivision = best.subdivision ?? (whole === null ? null : within(whole, subdivisions));
  if (subdivision !== null) {
    return {
      countries: [subdivision.slice(0, 2)],
      subdivisions: [subdivision],
      words: subdivision,
    };
  }
  return best.countries.length === 0 ? worldwide : named(best.countries);
}

/** The scope of an outage whose places are known, by the names of their series. */
export function scopeOfPlaces(places: readonly string[]): Scope {
  const codes = places.map((place) => place.slice(place.indexOf(':') + 1)).sort(compare);
  const countries = [...new Set(codes.map((code) => code.slice(0, 2)))];
  const subdivisions = codes.filter((code) => code.length > 2);
  const words = codes.length <= 3 ? codes.join(', ') : named(countries).words;
  return { countries, subdivisions, words };
}

/** The subdivision that holds the rise of its country alone, or null. */
function within(country: string, subdivisions: readonly RisePart[]): string | null {
  const inside = subdivisions.filter((part) => part.key.startsWith(`${country}-`));
  if (inside.length < 2) return null;
  let found: { key: string; score: number } | null = null;
  for (const part of inside) {
    const score = gain([part]) - Math.log(inside.length);
    if (found === null || score > found.score) found = { key: part.key, score };
  }
  return found !== null && found.score > gain(inside) + narrowing / 2 ? found.key : null;
}

function named(countries: string[]): Scope {
  const continents = [...new Set(countries.map((country) => continentOf(country) ?? country))].sort(
    compare,
  );
  const words = countries.length <= 3 ? countries.join(', ') : continents.join(', ');
  return { countries, subdivisions: [], words };
}

function ratio(part: RisePart): number {
  return part.observed / Math.max(leastExpected, part.expected);
}

/** Evidence, in nats, and ratio from which a pool of places counts as risen. */
const roseBar = 8;
const roseRatio = 2;

/** Whether places, taken together, rose clearly. */
export function rose(parts: readonly RisePart[]): boolean {
  let observed = 0;
  let expected = 0;
  for (const part of parts) {
    observed += part.observed;
    expected += Math.max(leastExpected, part.expected);
  }
  return observed >= roseRatio * expected && gain(parts) >= roseBar;
}

/** Log-likelihood gained by letting these places rise together by their best common ratio. */
function gain(parts: readonly RisePart[]): number {
  let observed = 0;
  let expected = 0;
  for (const part of parts) {
    observed += part.observed;
    expected += Math.max(leastExpected, part.expected);
  }
  if (observed <= expected) return 0;
  return observed * Math.log(observed / expected) - (observed - expected);
}
