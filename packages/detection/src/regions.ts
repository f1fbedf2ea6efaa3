import { bucketMs } from '@outcry/contracts';
import { z } from 'zod';
import { judgeCalm } from './calm.ts';
import type { Episode } from './episode.ts';
import { addVoices, beginEpisode, distinctVoices, episodeState, hashSpace } from './episode.ts';
import type { PlacedVoice } from './placed-voices.ts';
import { placedIn, summarizePlaced } from './placed-voices.ts';
import type { PlaceCounts } from './region-places.ts';
import {
  isPlace,
  isRegional,
  placesWithout,
  refinePlace,
  restRises,
  touches,
} from './region-places.ts';
import type { EvidenceRise, RisePart } from './rise.ts';
import type { Finding, Series } from './series.ts';
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
type Region = z.infer<typeof region>;

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

/** Over how many buckets the parts of an episode are counted to tell where it is. */
export function partsLength(episode: Episode, bucket: number): number {
  const from = episode.joinedAt === null ? episode.onset : episode.joinedAt - wideWindow;
  return Math.min(bucketsPerHour, bucket - from + 1);
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
      measure(one, moment);
      rises.push(tell(one, moment, true, iso(whole.start * bucketMs)));
      addVoices(whole, one.episode.voices);
    }
    const widest = moment.found.find(({ name, finding }) => name === 'all' && ratioOf(finding) > 1);
    if (widest !== undefined) whole.strongest = { series: 'all', ...widest.finding };
    whole.peakExcess = 0;
    whole.joinedAt = bucket;
    return { rises, whole, ended: false };
  }
  for (const one of [...state.open]) {
    measure(one, moment);
    const over = isOver(one, moment);
    const { firedAt } = one.episode;
    const settled = bucket - firedAt! > together;
    if (over || !settled || (bucket + 1) % bucketsPerMinute === 0) {
      rises.push(tell(one, moment, over, null));
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

function measure({ episode, places }: Region, moment: RegionsMoment): void {
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
}

function isOver({ episode }: Region, { bucket, blind, minCalmMs }: RegionsMoment): boolean {
  const start = bucketEnd(episode.onset - 1);
  if (blind.some((source) => !source.checksOnly && source.since > start)) return false;
  if (!episode.calm || episode.calmFrom === null) return false;
  return (bucket - episode.calmFrom) * bucketMs >= minCalmMs;
}

function tell(
  { episode, places }: Region,
  moment: RegionsMoment,
  over: boolean,
  mergedInto: string | null,
): EvidenceRise {
  const { bucket, found, counts } = moment;
  const own = found.filter(({ name }) => places.includes(name));
  const length = Math.min(bucketsPerHour, bucket - episode.onset + 1);
  const heard = summarizePlaced(placedIn(moment.placed, places, episode.onset));
  const inside = (prefix: 'country:' | 'subdivision:'): RisePart[] =>
    counts(prefix, length).filter(({ key }) => places.includes(`${prefix}${key}`));
  return {
    kind: 'rise',
    what: 'evidence',
    partition: moment.partition,
    at: iso(bucketEnd(bucket)),
    target: moment.target,
    episode: iso(episode.start * bucketMs),
    onset: iso(episode.onset * bucketMs),
    places: [...places],
    mergedInto,
    findings: own.slice(0, 12).map(({ name, finding }) => toRiseFinding(name, finding)),
    strongest: toRiseFinding(episode.strongest.series, episode.strongest),
    recent: rounded(
      Math.max(
        0,
        ...own
          .filter(({ finding }) => finding.from > bucket - together)
          .map(({ finding }) => ratioOf(finding)),
      ),
    ),
    calm: episode.calm,
    calmSince: episode.calmFrom === null ? null : iso(episode.calmFrom * bucketMs),
    over,
    lastMinute: rounded(sum(places, bucketsPerMinute, moment)),
    lastFiveMinutes: rounded(sum(places, wideWindow, moment)),
    normalPerMinute: rounded(expected(places, bucketsPerMinute, moment)),
    peak: { voicesPerMinute: rounded(episode.peak), at: iso(bucketEnd(episode.peakAt)) },
    voices: distinctVoices(episode),
    clusters: heard.texts,
    effectiveTexts: rounded(heard.effectiveTexts),
    topClusterShare: rounded(heard.topTextShare),
    sources: heard.sources,
    countries: inside('country:'),
    subdivisions: inside('subdivision:'),
    types: heard.types,
    platforms: heard.platforms,
    total: {
      key: 'places',
      observed: rounded(sum(places, length, moment)),
      expected: rounded(expected(places, length, moment)),
    },
    samples: heard.samples,
    posts: { below: hashSpace, hashes: heard.posts },
    blind: moment.blind.map(({ source, since, checksOnly }) => ({
      source,
      since: iso(since),
      checksOnly,
    })),
  };
}

function sum(places: readonly string[], length: number, { series }: RegionsMoment): number {
  return places.reduce((total, place) => total + (series(place)?.sum(length) ?? 0), 0);
}

function expected(places: readonly string[], length: number, { series }: RegionsMoment): number {
  return places.reduce((total, place) => total + (series(place)?.expected(length) ?? 0), 0);
}

/** Voices beyond the normal, per bucket. */
function meanExcess(places: readonly string[], length: number, moment: RegionsMoment): number {
  const normal = expected(places, bucketsPerHour, moment) / bucketsPerHour;
  return Math.max(0, sum(places, length, moment) / length - normal);
}

function ratioOf(finding: { score: number; threshold: number }): number {
  return finding.score / finding.threshold;
}

function toRiseFinding(series: string, found: Finding): EvidenceRise['strongest'] {
  return {
    series,
    from: iso(found.from * bucketMs),
    windowSeconds: (found.length * bucketMs) / 1000,
    observed: rounded(found.observed),
    expected: rounded(found.expected),
    score: rounded(found.score),
    threshold: rounded(found.threshold),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
