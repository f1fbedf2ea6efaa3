import type { SimOutage, World } from '@outcry/testkit';
import { buildOutageEvent, drawWorld } from '@outcry/testkit';
import { expect, test } from 'vitest';
import { isScopeRight, matchWorld } from './match.ts';
import { Tracker } from './tracker.ts';

const minuteMs = 60_000;

function worldWith(outage: Partial<SimOutage>): { world: World; outage: SimOutage } {
  const world = drawWorld({ seed: 'match', days: 7, targets: 12, outagesPerWeek: 0 });
  const target = world.targets.find((one) => one.audience.length > 25)!;
  const startedAt = world.start + 50 * 3_600_000;
  const whole: SimOutage = {
    id: 'o',
    target: target.id,
    shape: 'step',
    multiplier: 10,
    startedAt,
    endedAt: startedAt + 3_600_000,
    rampMs: 0,
    scope: 'worldwide',
    countries: [],
    reach: 1,
    types: [['playback', 1]],
    overlaps: false,
    officialAfterMinutes: null,
    ...outage,
  };
  return { world: { ...world, outages: [whole], confounders: [] }, outage: whole };
}

function tell(tracker: Tracker, target: string, outageId: string, from: number, to: number): void {
  const at = (time: number): string => new Date(time).toISOString();
  tracker.take(buildOutageEvent({ target, outageId, decidedAt: at(from), startedAt: at(from) }));
  tracker.take(
    buildOutageEvent({
      target,
      outageId,
      type: 'outage.resolved',
      sequence: 2,
      decidedAt: at(to),
      endedAt: at(to),
    }),
  );
}

test('what opens within an outage detects it, what opens elsewhere is false', () => {
  const { world, outage } = worldWith({});
  const tracker = new Tracker();
  tell(tracker, outage.target, 'hit', outage.startedAt + 2 * minuteMs, outage.endedAt);
  tell(
    tracker,
    outage.target,
    'early',
    outage.startedAt - 600 * minuteMs,
    outage.startedAt - 500 * minuteMs,
  );
  const limit = { decidedAt: outage.startedAt + minuteMs, series: 'all' as const, threshold: 10 };
  const result = matchWorld(world, tracker, new Map([['o', limit]]), world.start);
  expect(result.outages).toMatchObject([
    { delay: 120, clairvoyantDelay: 60, scopeRight: true, masked: false, extraOpenings: 0 },
  ]);
  expect(result.falseOutages).toMatchObject([{ cause: 'background' }]);
  expect(result).toMatchObject({ unended: 0, brokenSequences: 0 });
});

test('what opens after the end does not detect, and a confounder takes its blame', () => {
  const { world, outage } = worldWith({});
  const tracker = new Tracker();
  tell(
    tracker,
    outage.target,
    'late',
    outage.endedAt + 10 * minuteMs,
    outage.endedAt + 20 * minuteMs,
  );
  const from = outage.endedAt + 600 * minuteMs;
  tell(tracker, outage.target, 'meme', from + 30 * minuteMs, from + 60 * minuteMs);
  const meme = {
    id: 'c',
    kind: 'meme' as const,
    target: outage.target,
    startedAt: from,
    endedAt: from + 60 * minuteMs,
    peakPerMinute: 10,
    leak: 0.02,
    clusters: 3,
    copied: 0.5,
    voices: Number.POSITIVE_INFINITY,
    declaredBots: 0,
  };
  const result = matchWorld({ ...world, confounders: [meme] }, tracker, new Map(), world.start);
  expect(result.outages).toMatchObject([{ delay: null }]);
  expect(result.falseOutages).toMatchObject([{ cause: 'meme' }]);
});

test('a gap in the sequence and an outage without an end are noticed', () => {
  const { world, outage } = worldWith({});
  const tracker = new Tracker();
  tracker.take(
    buildOutageEvent({
      target: outage.target,
      outageId: 'a',
      decidedAt: new Date(outage.startedAt + 1_000).toISOString(),
    }),
  );
  tracker.take(buildOutageEvent({ outageId: 'a', type: 'outage.updated', sequence: 3 }));
  const result = matchWorld(world, tracker, new Map(), world.start);
  expect(result.brokenSequences).toBe(1);
  expect(result.unended).toBe(1);
});

test('scope is right when it covers the audience and little else', () => {
  const { world, outage } = worldWith({});
  const target = world.targets.find((one) => one.id === outage.target)!;
  const all = target.audience.map((listener) => listener.country.code);
  const worldwide = { countries: [] };
  const none = { countries: [], subdivisions: [] };
  expect(isScopeRight(target, worldwide, none)).toBe(true);
  expect(isScopeRight(target, worldwide, { countries: all, subdivisions: [] })).toBe(true);
  expect(isScopeRight(target, worldwide, { countries: ['GB'], subdivisions: [] })).toBe(false);
  const britain = { countries: ['GB'] };
  expect(isScopeRight(target, britain, { countries: ['GB'], subdivisions: ['GB-ENG'] })).toBe(true);
  expect(isScopeRight(target, britain, none)).toBe(false);
  const berlin = { countries: ['DE'], subdivision: 'DE-BE' };
  expect(isScopeRight(target, berlin, { countries: ['DE'], subdivisions: [] })).toBe(false);
  expect(isScopeRight(target, berlin, { countries: ['DE'], subdivisions: ['DE-BE'] })).toBe(true);
});
