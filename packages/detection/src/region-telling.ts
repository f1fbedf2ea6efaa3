import { hashSpace } from './episode.ts';
import { rounded } from './numbers.ts';
import { placedIn, summarizePlaced } from './placed-voices.ts';
import { expected, sum } from './region-counts.ts';
import type { Region, RegionsMoment } from './regions.ts';
import type { EvidenceRise, RisePart } from './rise.ts';
import { bucketsPerHour, bucketsPerMinute } from './settings.ts';
import { tellEpisode } from './telling.ts';

/** Writes down what the correlator has to know of an outage that stands beside others of its target. */
export function tellRegion(
  { episode, places }: Region,
  moment: RegionsMoment,
  told: { recent: number; over: boolean; mergedInto: string | null },
): EvidenceRise {
  const { bucket, counts } = moment;
  const length = Math.min(bucketsPerHour, bucket - episode.onset + 1);
  const heard = summarizePlaced(placedIn(moment.placed, places, episode.onset));
  const inside = (prefix: 'country:' | 'subdivision:'): RisePart[] =>
    counts(prefix, length).filter(({ key }) => places.includes(`${prefix}${key}`));
  return {
    ...tellEpisode(episode, {
      ...moment,
      ...told,
      found: moment.found.filter(({ name }) => places.includes(name)),
    }),
    places: [...places],
    mergedInto: told.mergedInto,
    lastMinute: rounded(sum(places, bucketsPerMinute, moment)),
    lastFiveMinutes: rounded(sum(places, 5 * bucketsPerMinute, moment)),
    normalPerMinute: rounded(expected(places, bucketsPerMinute, moment)),
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
  };
}
