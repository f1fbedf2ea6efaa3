import type { Place } from '@outcry/contracts';

/** One entry per place, the fuller swallowing the vaguer: a city its subdivision and its country. */
export function mergePlaces(places: readonly Place[]): Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const covered = places.some(
      (other) =>
        other !== place &&
        other.country === place.country &&
        ((place.subdivision === undefined &&
          place.city === undefined &&
          other.subdivision !== undefined) ||
          (place.subdivision === undefined &&
            place.city === undefined &&
            other.city !== undefined) ||
          (place.city === undefined &&
            place.subdivision !== undefined &&
            other.city !== undefined &&
            other.subdivision === place.subdivision)),
    );
    if (covered) continue;
    const same = kept.find(
      (other) =>
        other.country === place.country &&
        other.subdivision === place.subdivision &&
        other.city === place.city,
    );
    if (same === undefined) kept.push(place);
  }
  return kept.slice(0, 32);
}
