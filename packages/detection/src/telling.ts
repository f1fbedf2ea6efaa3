import { bucketMs } from '@outcry/contracts';
import type { Episode } from './episode.ts';
import { distinctVoices, partsLength } from './episode.ts';
import type { Finding } from './finding.ts';
import { rounded } from './numbers.ts';
import type { EvidenceRise, RiseFinding } from './rise.ts';
import type { Found, SeriesSet } from './series-set.ts';
import { bucketEnd, bucketsPerMinute, iso } from './settings.ts';
import type { VoiceWindow } from './voice-window.ts';
import type { BlindSource } from './watermark.ts';

/** What a moment of an episode looks like from outside. */
export interface Moment {
  bucket: number;
  target: string;
  partition: number;
  found: readonly Found[];
  /** Greatest share of its bar that a window of at most ten minutes reaches. */
  recent: number;
  over: boolean;
  blind: readonly BlindSource[];
}

/** What is told alike of a target's outage and of one among several in different places. */
type ToldOfEpisode = Pick<
  EvidenceRise,
  | 'kind'
  | 'what'
  | 'partition'
  | 'at'
  | 'target'
  | 'episode'
  | 'onset'
  | 'findings'
  | 'strongest'
  | 'recent'
  | 'calm'
  | 'calmSince'
  | 'over'
  | 'peak'
  | 'voices'
  | 'blind'
>;

export function tellEpisode(episode: Episode, moment: Moment): ToldOfEpisode {
  return {
    kind: 'rise',
    what: 'evidence',
    partition: moment.partition,
    at: iso(bucketEnd(moment.bucket)),
    target: moment.target,
    episode: iso(episode.start * bucketMs),
    onset: iso(episode.onset * bucketMs),
    findings: moment.found.slice(0, 12).map(({ name, finding }) => toRiseFinding(name, finding)),
    strongest: toRiseFinding(episode.strongest.series, episode.strongest),
    recent: rounded(moment.recent),
    calm: episode.calm,
    calmSince: episode.calmFrom === null ? null : iso(episode.calmFrom * bucketMs),
    over: moment.over,
    peak: { voicesPerMinute: rounded(episode.peak), at: iso(bucketEnd(episode.peakAt)) },
    voices: distinctVoices(episode),
    blind: moment.blind.map(({ source, since, checksOnly }) => ({
      source,
      since: iso(since),
      checksOnly,
    })),
  };
}

/** Writes down what the correlator has to know of an episode that has passed its bar. */
export function tellEvidence(
  episode: Episode,
  series: SeriesSet,
  voices: VoiceWindow,
  moment: Moment,
): EvidenceRise {
  const summary = voices.since(episode.onset);
  const all = series.get('all');
  const length = partsLength(episode, moment.bucket);
  return {
    ...tellEpisode(episode, moment),
    places: [],
    mergedInto: null,
    lastMinute: rounded(all.sum(bucketsPerMinute)),
    lastFiveMinutes: rounded(all.sum(5 * bucketsPerMinute)),
    normalPerMinute: rounded(all.expected(bucketsPerMinute)),
    clusters: summary.texts,
    effectiveTexts: rounded(summary.effectiveTexts),
    topClusterShare: rounded(summary.topTextShare),
    sources: summary.sources,
    countries: series.parts('country:', length),
    subdivisions: series.parts('subdivision:', length),
    types: series.parts('type:', length),
    platforms: series.parts('platform:', length),
    total: {
      key: 'all',
      observed: rounded(all.sum(length)),
      expected: rounded(all.expected(length)),
    },
    samples: summary.samples,
    posts: summary.posts,
  };
}

function toRiseFinding(series: string, found: Finding): RiseFinding {
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
