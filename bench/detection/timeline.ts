import { createCorrelator, createPartitionDetector } from '@outcry/detection';
import type { SimOutage, World } from '@outcry/testkit';
import { countryOf, drawWorld, runWorld } from '@outcry/testkit';
import type { Told } from './tracker.ts';
import { Tracker } from './tracker.ts';

const minuteMs = 60_000;

export interface TimelineResult {
  seed: number;
  opened: string[];
  closed: string | null;
  countries: readonly string[];
  /** Asia-Pacific countries that the outage claims, or everything when it says worldwide. */
  wronglyIncluded: string[];
  missed: string[];
  scope: string;
  types: readonly string[];
  leadSeconds: number | null;
  confidence: number;
  reason: string;
  passed: {
    openedBy1225: boolean;
    one: boolean;
    asiaPacificExcluded: boolean;
    closedBy1555: boolean;
  };
}

/** Asia-Pacific was not affected on 16 April 2025. */
const asiaPacific = (code: string): boolean =>
  ['Asia', 'Oceania'].includes(countryOf(code).continent);

/**
 * Spotify's outage of 16 April 2025 at the level of signals: two weeks of ordinary days, then the
 * public timeline (change 12:18, traffic falls 12:20, official word 12:45, most reports 12:35,
 * recovery by 15:45). The size is that of a social source and not of a report site: some twelve
 * complaints a minute are normal, two hundred and fifty at the peak.
 */
export function runTimeline(seed: number): TimelineResult {
  const at = (time: string): number => Date.parse(`2025-04-16T${time}:00.000Z`);
  const drawn = drawWorld({
    seed: `timeline/${seed}`,
    start: '2025-04-02T00:00:00.000Z',
    days: 14.8,
    targets: 1,
    names: ['spotify'],
    rates: { from: 12, to: 12.001 },
    outagesPerWeek: 0,
    confoundersPerWeek: 0,
    blindPerWeek: 0,
  });
  const target = { ...globalAudience(drawn), growthPerWeek: 0 };
  const affected = target.audience
    .map((listener) => listener.country.code)
    .filter((code) => !asiaPacific(code));
  const outage: SimOutage = {
    id: 'spotify-2025-04-16',
    target: 'spotify',
    shape: 'ramp',
    multiplier: 22,
    // Music that was loaded plays on: complaints start with the fall of the traffic.
    startedAt: at('12:19'),
    rampMs: 16 * minuteMs,
    // What is left dies away within some minutes and is gone at 15:45.
    endedAt: at('15:20'),
    scope: 'countries',
    countries: affected,
    reach: 1,
    types: [
      ['playback', 0.45],
      ['app', 0.3],
      ['login', 0.15],
      ['general', 0.1],
    ],
    overlaps: false,
    officialAfterMinutes: 26,
  };
  const world: World = { ...drawn, targets: [target], outages: [outage] };
  const detector = createPartitionDetector({ partition: 0, partitions: 1, state: new Map() });
  const correlator = createCorrelator({ state: new Map() });
  const tracker = new Tracker();
  for (const minute of runWorld(world)) {
    for (const record of minute.records) {
      for (const rise of detector.take(record)) {
        for (const event of correlator.take(rise)) tracker.take(event);
      }
    }
  }
  const told = [...tracker.told.values()].filter((one) => one.openedAt >= at('12:00'));
  return judge(seed, told, tracker.told.size, affected, at);
}

/** Spotify is used everywhere, Asia-Pacific included. */
function globalAudience(world: World): World['targets'][number] {
  for (let i = 0; i < 50; i++) {
    const target = drawWorld({
      seed: `${world.seed}/audience/${i}`,
      days: 1,
      targets: 1,
      names: ['spotify'],
      rates: { from: 12, to: 12.001 },
    }).targets[0]!;
    if (target.audience.length > 20) return { ...target, use: 'leisure' };
  }
  throw new Error('no worldwide audience was drawn');
}

function judge(
  seed: number,
  told: readonly Told[],
  all: number,
  affected: readonly string[],
  at: (time: string) => number,
): TimelineResult {
  const first = told[0];
  const last = told.at(-1);
  const countries = first?.countries ?? [];
  const claims = countries.length === 0 ? ['worldwide'] : countries.filter(asiaPacific);
  const lead = first?.events.findLast((event) => event.leadSeconds !== null)?.leadSeconds ?? null;
  return {
    seed,
    opened: told.map((one) => new Date(one.openedAt).toISOString().slice(11, 19)),
    closed: last?.closedAt == null ? null : new Date(last.closedAt).toISOString().slice(11, 19),
    countries,
    wronglyIncluded: first === undefined ? [] : claims,
    missed: affected.filter((code) => countries.length > 0 && !countries.includes(code)),
    scope: first?.scope ?? '',
    types: first?.types ?? [],
    leadSeconds: lead,
    confidence: first?.finalConfidence ?? 0,
    reason: first?.reason ?? 'nothing opened',
    passed: {
      openedBy1225: first !== undefined && first.openedAt <= at('12:25'),
      one: told.length === 1 && all === 1,
      asiaPacificExcluded: first !== undefined && claims.length === 0,
      closedBy1555: last?.closedAt != null && last.closedAt <= at('15:55'),
    },
  };
}
