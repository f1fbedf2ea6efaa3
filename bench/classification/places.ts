import type { Classifier } from '@outcry/classification';
import type { PlacedPost } from './data.ts';
import { bar, heading } from './report.ts';

/** Countries told from places in the text beside those of the places that people marked. */
export function printPlaces(places: readonly PlacedPost[], classifier: Classifier): void {
  heading('Countries of explicit places, on posts about disasters');
  let hit = 0;
  let wrong = 0;
  let missed = 0;
  for (const { text, locations } of places) {
    const want = new Set(
      locations.flatMap(({ country }) => (country === null ? [] : [country.toUpperCase()])),
    );
    const got = new Set(
      classifier
        .classify({ text })
        .places.filter(({ source }) => source === 'text')
        .map(({ country }) => country),
    );
    for (const country of got) want.has(country) ? hit++ : wrong++;
    for (const country of want) if (!got.has(country)) missed++;
  }
  bar('precision', hit / (hit + wrong), '>=', 0.95);
  bar('recall', hit / (hit + missed), '>=', 0.85);
}
