import { z } from 'zod';
import type { RisePart } from './rise.ts';
import { voiceBuckets } from './settings.ts';
import type { VoiceRecord } from './voice-record.ts';
import { compare } from './watermark.ts';

/**
 * Voices that told where they are, of an outage's last half hour: who, with which text, from which
 * source. Without them an outage in one place could not say what is its own.
 */
export const placedVoice = z.strictObject({
  bucket: z.number(),
  voice: z.number(),
  text: z.number(),
  post: z.number(),
  source: z.string(),
  id: z.string(),
  type: z.string().nullable(),
  platform: z.string().nullable(),
  /** Names of series: `country:US`, `subdivision:US-WA`. */
  places: z.array(z.string()),
});
export type PlacedVoice = z.infer<typeof placedVoice>;

/** The newest are kept; an outage that is larger needs no more of them to be described. */
const mostPlaced = 300;

export interface PlacedSummary {
  texts: number;
  effectiveTexts: number;
  topTextShare: number;
  sources: [string, number][];
  samples: string[];
  posts: number[];
  types: RisePart[];
  platforms: RisePart[];
}

export function notePlaced(placed: PlacedVoice[], bucket: number, record: VoiceRecord): void {
  const places = [
    ...record.countries.map((country) => `country:${country}`),
    ...record.subdivisions.map((subdivision) => `subdivision:${subdivision}`),
  ];
  if (places.length === 0) return;
  placed.push({
    bucket,
    voice: record.voice,
    text: record.cluster,
    post: record.post,
    source: record.source,
    id: record.id,
    type: record.types[0] ?? null,
    platform: record.platforms[0] ?? null,
    places,
  });
  const oldest = bucket - voiceBuckets;
  let drop = Math.max(0, placed.length - mostPlaced);
  while (drop < placed.length && placed[drop]!.bucket < oldest) drop += 1;
  placed.splice(0, drop);
}

/** Those of some places since a bucket. */
export function placedIn(
  placed: readonly PlacedVoice[],
  places: readonly string[],
  from: number,
): PlacedVoice[] {
  return placed.filter(
    (one) => one.bucket >= from && one.places.some((place) => places.includes(place)),
  );
}

export function summarizePlaced(voices: readonly PlacedVoice[]): PlacedSummary {
  const texts = tally(voices.map(({ text }) => text));
  const counts = [...texts.values()];
  const squares = counts.reduce((sum, n) => sum + n * n, 0);
  const present = (values: readonly (string | null)[]) =>
    [...tally(values.filter((value) => value !== null))]
      .map(([key, observed]) => ({ key, observed, expected: 0 }))
      .sort((a, b) => b.observed - a.observed || compare(a.key, b.key));
  return {
    texts: texts.size,
    effectiveTexts: squares === 0 ? 0 : voices.length ** 2 / squares,
    topTextShare: voices.length === 0 ? 0 : Math.max(...counts) / voices.length,
    sources: [...tally(voices.map(({ source }) => source))].sort(
      (a, b) => b[1] - a[1] || compare(a[0], b[0]),
    ),
    samples: voices.slice(-10).map(({ id }) => id),
    posts: voices.map(({ post }) => post),
    types: present(voices.map(({ type }) => type)),
    platforms: present(voices.map(({ platform }) => platform)),
  };
}

function tally<K>(keys: readonly K[]): Map<K, number> {
  const found = new Map<K, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}
