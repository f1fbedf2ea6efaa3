import type { Series } from './series.ts';
import { bucketsPerHour } from './settings.ts';

/** Where the counts of places are; undefined for a place whose series was let go of. */
interface Counted {
  series(name: string): Series | undefined;
}

/** Weighted voices of some places in the last buckets. */
export function sum(places: readonly string[], length: number, { series }: Counted): number {
  return places.reduce((total, place) => total + (series(place)?.sum(length) ?? 0), 0);
}

/** How many are normal there. */
export function expected(places: readonly string[], length: number, { series }: Counted): number {
  return places.reduce((total, place) => total + (series(place)?.expected(length) ?? 0), 0);
}

/** Voices beyond the normal, per bucket. */
export function meanExcess(places: readonly string[], length: number, counted: Counted): number {
  const normal = expected(places, bucketsPerHour, counted) / bucketsPerHour;
  return Math.max(0, sum(places, length, counted) / length - normal);
}
