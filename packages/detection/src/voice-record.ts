import type { Signal } from '@outcry/contracts';
import { isSignalStance } from '@outcry/contracts';
import { z } from 'zod';
import { hash32 } from './numbers.ts';

/**
 * What detection keeps of a signal until its bucket closes: the least that counting needs, so that
 * open buckets stay small in a flood.
 */
export const voiceRecord = z.strictObject({
  /** `occurredAt`, epoch milliseconds. */
  at: z.number(),
  /** Id of the post or report. */
  id: z.string(),
  voice: z.number(),
  /** Hash of the post or report, the same for every target that it names. */
  post: z.number(),
  /** 0 for talk that is no complaint. */
  weight: z.number(),
  cluster: z.number(),
  source: z.string(),
  types: z.array(z.string()),
  countries: z.array(z.string()),
  subdivisions: z.array(z.string()),
  platforms: z.array(z.string()),
  appVersion: z.string().optional(),
});
export type VoiceRecord = z.infer<typeof voiceRecord>;

/** What an author who only asks counts for, beside one who says that he is hit. */
const askingWeight = 0.7;

/** A place that is surer than not counts for its country. */
const minPlaceConfidence = 0.5;
const maxPlaces = 3;

/**
 * Reduces a signal. Talk that is no evidence of trouble keeps weight 0 and hardly anything else: it
 * is only counted. `at` is its `occurredAt` in epoch milliseconds. Null for what is neither: who says that it works again, and bots that complain.
 */
export function toVoiceRecord(signal: Signal, at: number): VoiceRecord | null {
  const base = {
    at,
    id: signal.recordId,
    voice: hash32(signal.voice),
  };
  const weight = signal.weight * (signal.stance === 'asking' ? askingWeight : 1);
  if (!isSignalStance(signal.stance)) {
    return signal.stance === 'recovered' ? null : { ...base, ...talk };
  }
  if (signal.bot === true || weight === 0) return null;
  const countries: string[] = [];
  const subdivisions: string[] = [];
  for (const place of signal.places) {
    if (place.confidence < minPlaceConfidence) continue;
    if (countries.length < maxPlaces && !countries.includes(place.country)) {
      countries.push(place.country);
    }
    if (
      place.subdivision !== undefined &&
      subdivisions.length < maxPlaces &&
      !subdivisions.includes(place.subdivision)
    ) {
      subdivisions.push(place.subdivision);
    }
  }
  const types = signal.types.length > 0 || signal.type === null ? signal.types : [signal.type];
  return {
    ...base,
    post: hash32(signal.recordId),
    weight,
    cluster: hash32(signal.cluster),
    source: signal.source,
    types: types.slice(0, 3),
    countries,
    subdivisions,
    platforms: signal.platforms.slice(0, 3),
    ...(signal.appVersion === undefined ? {} : { appVersion: signal.appVersion }),
  };
}

const talk = {
  post: 0,
  weight: 0,
  cluster: 0,
  source: '',
  types: [],
  countries: [],
  subdivisions: [],
  platforms: [],
};

/** The order in which a bucket takes its records. */
export function inRecordOrder(a: VoiceRecord, b: VoiceRecord): number {
  if (a.at !== b.at) return a.at - b.at;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
