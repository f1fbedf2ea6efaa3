import { continentOf } from './geography.ts';
import type { RisePart } from './rise.ts';
import { findScope, rose } from './scope.ts';

/**
 * Which places an outage holds, which lie within each other, and whether a rise in one place is that
 * place's alone. Places are named as their series are: `country:US`, `subdivision:US-WA`.
 */

/** Counts of a target's places over the last buckets. */
export type PlaceCounts = (prefix: 'country:' | 'subdivision:', length: number) => RisePart[];

export function isPlace(series: string): boolean {
  return series.startsWith('country:') || series.startsWith('subdivision:');
}

function codeOf(place: string): string {
  return place.slice(place.indexOf(':') + 1);
}

export function countryOf(place: string): string {
  return codeOf(place).slice(0, 2);
}

/** Whether two places are the same, or one lies in the other. */
export function touches(one: string, other: string): boolean {
  const [a, b] = [codeOf(one), codeOf(other)];
  return a === b || a.startsWith(`${b}-`) || b.startsWith(`${a}-`);
}

/** Places that are few or of one continent; what spans more is no regional outage. */
export function isRegional(places: readonly string[]): boolean {
  const continents = new Set(places.map((place) => continentOf(countryOf(place))));
  return places.length <= fewPlaces || continents.size === 1;
}

const fewPlaces = 3;

/** Where an outage is when the rise at one place is left out; null when that is worldwide. */
export function placesWithout(place: string, length: number, counts: PlaceCounts): string[] | null {
  const code = codeOf(place);
  const subdivisions = counts('subdivision:', length);
  const removed = subdivisions.find((part) => part.key === code);
  const excess = removed === undefined ? 0 : Math.max(0, removed.observed - removed.expected);
  const countries = counts('country:', length)
    .filter((part) => part.key !== code)
    .map((part) =>
      code.startsWith(`${part.key}-`) ? { ...part, observed: part.observed - excess } : part,
    );
  const scope = findScope(
    countries,
    subdivisions.filter((part) => part.key !== code && !part.key.startsWith(`${code}-`)),
  );
  if (scope.subdivisions.length > 0) return scope.subdivisions.map((one) => `subdivision:${one}`);
  return scope.countries.length === 0 ? null : scope.countries.map((one) => `country:${one}`);
}

/**
 * The place that a rise belongs to: the country of a subdivision where all of it rises, the one
 * subdivision where the rest of it is calm. What another outage holds is not looked at.
 */
export function refinePlace(
  place: string,
  taken: readonly string[],
  length: number,
  counts: PlaceCounts,
): string {
  const country = `country:${countryOf(place)}`;
  if (taken.some((one) => touches(one, country))) return place;
  const whole = counts('country:', length).filter((part) => part.key === codeOf(country));
  const parts = counts('subdivision:', length).filter(
    (part) => countryOf(`subdivision:${part.key}`) === codeOf(country),
  );
  const [subdivision] = findScope(whole, parts).subdivisions;
  return subdivision === undefined ? country : `subdivision:${subdivision}`;
}

/**
 * Whether places beyond those given rise as well: other countries together, or the rest of a country
 * of which some subdivisions are given. Then it is one wide event and not several.
 */
export function restRises(places: readonly string[], length: number, counts: PlaceCounts): boolean {
  const free = (prefix: 'country:' | 'subdivision:') => (part: RisePart) =>
    !places.some((place) => touches(place, `${prefix}${part.key}`));
  if (rose(counts('country:', length).filter(free('country:')))) return true;
  const split = new Set(
    places.filter((place) => place.startsWith('subdivision:')).map((place) => countryOf(place)),
  );
  if (split.size === 0) return false;
  const rest = counts('subdivision:', length).filter(free('subdivision:'));
  return [...split].some((country) =>
    rose(rest.filter((part) => part.key.startsWith(`${country}-`))),
  );
}
