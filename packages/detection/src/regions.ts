import { bucketMs } from '@outcry/contracts';
import { z } from 'zod';
import { judgeCalm } from './calm.ts';
import type { Episode } from './episode.ts';
import { addVoices, beginEpisode, episodeState, hashSpace, partsLength } from './episode.ts';
import type { Finding } from './finding.ts';
import { ratioOf } from './finding.ts';
import type { PlacedVoice } from './placed-voices.ts';
import { placedIn } from './placed-voices.ts';
import { expected, meanExcess, sum } from './region-counts.ts';
import type { PlaceCounts } from './region-places.ts';
import {
  isPlace,
  isRegional,
  placesWithout,
  refinePlace,
  restRises,
  touches,
} from './region-places.ts';
import { tellRegion } from './region-telling.ts';
import type { EvidenceRise } from './rise.ts';
import type { Series } from './series.ts';
import { bucketEnd, bucketsPerHour, bucketsPerMinute, iso } from './settings.ts';
import type { BlindSource } from './watermark.ts';

/**
 * Outages of one target that are open beside each other, each in places of its own: a provider down
 * in one city, and an hour later in another.
 *
 * What begins together is one outage, however many places it has. What begins later, elsewhere, while
 * the places in between stay calm, is another. When the places in between rise too, all of them are
 * one wide event, and the younger ones end as parts of the oldest.
 */

const region = z.strictObject({ episode: episodeState, places: z.array(z.string()) });
export type Region = z.infer<typeof region>;

export const regionsState = z.strictObject({
  /** Oldest first. */
  open: z.array(region),
  /** For how many buckets in a row the places in between have been rising. */
  widening: z.number(),
  /** Places of outages that ended meanwhile, and from which bucket on they may begin another. */
  ended: z.array(z.tuple([z.string(), z.number()])),
});
export type RegionsState = z.infer<typeof regionsState>;

/** What begins within this time of each other is one. */
const together = 10 * bucketsPerMinute;
/** The places in between must rise for so long before several outages become one. */
const wideBuckets = 2 * bucketsPerMinute;
const wideWindow = 5 * bucketsPerMinute;
/** Evidence, in nats, that a place was spared. */
const sparedBar = 4;
/** More than this at once is one wide event that is badly located. */
const mostRegions = 8;

export interface RegionsMoment {
  bucket: number;
  target: string;
  partition: number;
  found: readonly { name: string; finding: Finding }[];
  /** Undefined when it was forgotten, as the one silent longest of too many. */
  series(name: string): Series | undefined;
  counts: PlaceCounts;
  placed: readonly PlacedVoice[];
  blind: readonly BlindSource[];
  minCalmMs: number;
  /** Share of its bar at which evidence makes suspect. */
  suspicion: number;
}

export interface RegionsOutcome {
  rises: EvidenceRise[];
  /** The one that all of them became, now the whole target's again. */
  whole: Episode | null;
  /** None is open any more. */
  ended: boolean;
}

/** The regions into which an outage falls at a bucket, or null when it is one. */
export function splitRegions(episode: Episode, moment: RegionsMoment): RegionsState | null {
  const { bucket, counts } = moment;
  const since = partsLength(episode, bucket);
  for (const { name, finding } of moment.found) {
    if (!isPlace(name) || ratioOf(finding) < 1) continue;
    if (finding.from < (episode.joinedAt ?? episode.onset) + together) continue;
    const place = refinePlace(name, [], finding.length, counts);
    for (const candidate of new Set([place, name])) {
      const places = placesWithout(candidate, since, counts);
      if (places === null || places.some((one) => touches(one, candidate))) continue;
      if (!isRegional(places) || !wasSpared(candidate, finding, places, since, moment)) continue;
      if (restRises([...places, candidate], finding.length, counts)) continue;
      const first = structuredClone(episode);
      // It is measured by its own places from now on.
      Object.assign(first, { peakExcess: 0, calmEvidence: 0, calmFrom: null, calm: false });
      first.peakExcess = meanExcess(places, since, moment);
      return {
        open: [{ episode: first, places }, beginRegion(candidate, finding, moment)],
        widening: 0,
        ended: [],
      };
    }
  }
  return null;
}

/** Takes a bucket: follows every region, finds new ones, ends and joins them. Changes `state`. */
export function followRegions(state: RegionsState, moment: RegionsMoment): RegionsOutcome {
  findMore(state, moment);
  const { bucket } = moment;
  const rises: EvidenceRise[] = [];
  const all = state.open.flatMap(({ places }) => places);
  state.widening = restRises(all, wideWindow, moment.counts) ? state.widening + 1 : 0;
  if (state.widening >= wideBuckets) {
    const [oldest, ...others] = state.open;
    const whole = oldest!.episode;
    for (const one of others) {
      const recent = measure(one, moment);
      const mergedInto = iso(whole.start * bucketMs);
      rises.push(tellRegion(one, moment, { recent, over: true, mergedInto }));
      addVoices(whole, one.episode.voices);
    }
    const widest = moment.found.find(({ name, finding }) => name === 'all' && ratioOf(finding) > 1);
    if (widest !== undefined) whole.strongest = { series: 'all', ...widest.finding };
    whole.peakExcess = 0;
    whole.joinedAt = bucket;
    return { rises, whole, ended: false };
  }
  for (const one of [...state.open]) {
    const recent = measure(one, moment);
    const over = isOver(one, moment);
    const { firedAt } = one.episode;
    const settled = bucket - firedAt! > together;
    if (over || !settled || (bucket + 1) % bucketsPerMinute === 0) {
      rises.push(tellRegion(one, moment, { recent, over, mergedInto: null }));
    }
    if (!over) continue;
    state.open.splice(state.open.indexOf(one), 1);
    for (const place of one.places) state.ended.push([place, bucket + 1]);
  }
  state.ended = state.ended.filter(([, from]) => from > bucket - bucketsPerHour);
  return { rises, whole: null, ended: state.open.length === 0 };
}

/** Places that rise and belong to none: they join one that began with them, or begin another. */
function findMore(state: RegionsState, moment: RegionsMoment): void {
  for (const { name, finding } of moment.found) {
    if (!isPlace(name) || ratioOf(finding) < 1) continue;
    const taken = state.open.flatMap(({ places }) => places);
    if (taken.some((one) => touches(one, name))) continue;
    if (state.ended.some(([one, from]) => touches(one, name) && finding.from < from)) continue;
    const place = refinePlace(name, taken, finding.length, moment.counts);
    const with_ = state.open.find(
      ({ episode }) => Math.abs(finding.from - episode.onset) < together,
    );
    if (with_ !== undefined) with_.places.push(place);
    else if (
      state.open.length < mostRegions &&
      wasSpared(place, finding, taken, bucketsPerHour, moment) &&
      !restRises([...taken, place], finding.length, moment.counts)
    ) {
      state.open.push(beginRegion(place, finding, moment));
    }
  }
}

/**
 * Whether a place was spared before its rise, while the others failed. Of a place where hardly anyone
 * complains nobody can tell when it began to fail, so it counts as a part of what failed already.
 */
function wasSpared(
  place: string,
  finding: Finding,
  others: readonly string[],
  since: number,
  moment: RegionsMoment,
): boolean {
  const length = moment.bucket + 1 - finding.from;
  if (since - length < together) return false;
  const before = (places: readonly string[], of: typeof sum) =>
    of(places, since, moment) - of(places, length, moment);
  const normal = before([place], expected);
  const ratio = before(others, sum) / Math.max(1, before(others, expected));
  if (ratio <= 1) return false;
  // How much likelier what was counted is in a calm place than in one that failed as the others did.
  return normal * (ratio - 1) - before([place], sum) * Math.log(ratio) >= sparedBar;
}

function beginRegion(place: string, finding: Finding, moment: RegionsMoment): Region {
  const episode = beginEpisode(moment.bucket, place, finding);
  episode.firedAt = moment.bucket;
  episode.onset = moment.series(place)?.firstFrom(finding.from) ?? finding.from;
  episode.voiceBound = hashSpace;
  const voices = placedIn(moment.placed, [place], episode.onset);
  addVoices(
    episode,
    voices.map(({ voice }) => voice),
  );
  return { episode, places: [place] };
}

/**
 * Follows the height of a region and judges whether it is calm again.
 * @returns the greatest share of its bar that a window of at most ten minutes reaches there
 */
function measure({ episode, places }: Region, moment: RegionsMoment): number {
  const { bucket } = moment;
  let recent = 0;
  for (const { name, finding } of moment.found) {
    if (!places.includes(name)) continue;
    const ratio = ratioOf(finding);
    episode.lastFound = bucket;
    if (ratio > ratioOf(episode.strongest)) episode.strongest = { series: name, ...finding };
    if (finding.from > bucket - together) recent = Math.max(recent, ratio);
  }
  const fresh = placedIn(moment.placed, places, bucket);
  addVoices(
    episode,
    fresh.map(({ voice }) => voice),
  );
  const lastMinute = sum(places, bucketsPerMinute, moment);
  if (lastMinute > episode.peak) {
    episode.peak = lastMinute;
    episode.peakAt = bucket;
  }
  const normal = expected(places, bucketsPerHour, moment) / bucketsPerHour;
  episode.peakExcess = Math.max(episode.peakExcess, meanExcess(places, wideWindow, moment));
  judgeCalm(episode, bucket, sum(places, 1, moment), normal, recent < moment.suspicion);
  return recent;
}

function isOver({ episode }: Region, { bucket, blind, minCalmMs }: RegionsMoment): boolean {
  const start = bucketEnd(episode.onset - 1);
  if (blind.some((source) => !source.checksOnly && source.since > start)) return false;
  if (!episode.calm || episode.calmFrom === null) return false;
  return (bucket - episode.calmFrom) * bucketMs >= minCalmMs;
}
