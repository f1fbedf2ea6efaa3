import { signalsRecord } from '@outcry/contracts';
import { expect, test, vi } from 'vitest';
import { countries, countryOf } from './geography.ts';
import { drawWorld, onsetRate, runWorld, simulate, simulateSignals } from './index.ts';
import { rhythm } from './rhythm.ts';

// Days are simulated here, and machines are slow at times.
vi.setConfig({ testTimeout: 60_000 });

const small = { seed: 5, days: 4, targets: 5, rates: { from: 0.2, to: 5 } };

test('records fit the contract and come in the order in which they are observed', () => {
  let last = '';
  let signals = 0;
  let disordered = 0;
  for (const record of simulateSignals(small).records) {
    const at = record.kind === 'heartbeat' ? record.through : record.observedAt;
    if (at < last) disordered++;
    last = at;
    if (record.kind !== 'signal' || ++signals % 50 !== 0) continue;
    expect(signalsRecord.safeParse(record).success).toBe(true);
  }
  expect(disordered).toBe(0);
  expect(signals).toBeGreaterThan(2_000);
});

test('the same seed gives the same stream and truth, another one differs', () => {
  const read = (seed: number): string =>
    JSON.stringify([
      [...simulateSignals({ ...small, seed, days: 1, targets: 2 }).records],
      [...simulateSignals({ ...small, seed, days: 1, targets: 2 }).truth],
    ]);
  expect(read(1)).toBe(read(1));
  expect(read(1)).not.toBe(read(2));
});

test('a quiet week brings the stated rate of complaints', () => {
  const world = drawWorld({
    ...small,
    days: 7,
    targets: 3,
    outagesPerWeek: 0,
    confoundersPerWeek: 0,
    blindPerWeek: 0,
  });
  const counts = new Map<string, number>();
  for (const minute of runWorld(world)) {
    for (const record of minute.records) {
      if (record.kind !== 'signal' || record.weight === 0) continue;
      counts.set(record.target!, (counts.get(record.target!) ?? 0) + 1);
    }
  }
  for (const target of world.targets) {
    const ratio = counts.get(target.id)! / (7 * 24 * 60) / target.rate;
    // The level wanders by up to a quarter over hours, which a week averages to a few percent.
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  }
});

test('an outage adds what the truth says, in its places and of its type', () => {
  const world = drawWorld({
    ...small,
    targets: 4,
    outagesPerWeek: 0,
    confoundersPerWeek: 0,
    blindPerWeek: 0,
    rates: { from: 20, to: 30 },
  });
  const target = world.targets.find((one) => one.audience.length > 5)!;
  const country = target.audience[0]!.country.code;
  const startedAt = world.start + 36 * 3_600_000;
  const outage = {
    id: 'o',
    target: target.id,
    shape: 'step' as const,
    multiplier: 30,
    startedAt,
    endedAt: startedAt + 1_800_000,
    rampMs: 0,
    scope: 'country' as const,
    countries: [country],
    reach: 1,
    types: [['login', 1]] as const,
    overlaps: false,
    officialAfterMinutes: null,
  };
  let inside = 0;
  let elsewhere = 0;
  let before = 0;
  for (const minute of runWorld({
    ...world,
    targets: [target],
    outages: [outage],
    end: startedAt + 600_000,
  })) {
    for (const record of minute.records) {
      if (record.kind !== 'signal' || record.target !== target.id) continue;
      if (record.type !== 'login' || record.places.length === 0) continue;
      const at = Date.parse(record.occurredAt);
      if (record.places[0]!.country !== country) elsewhere += at >= startedAt ? 1 : 0;
      else if (at >= startedAt) inside++;
      else if (at >= startedAt - 600_000) before++;
    }
  }
  const expected = onsetRate(target, outage, world.start) * target.placed.country * 10;
  expect((inside - before) / expected).toBeGreaterThan(0.6);
  expect((inside - before) / expected).toBeLessThan(1.5);
  expect(elsewhere).toBeLessThan(inside / 2);
});

test('a blind source brings nothing until it sees again', () => {
  const world = drawWorld({ ...small, blindPerWeek: 10 });
  const { source, from, to } = world.blindness[0]!;
  for (const minute of runWorld(world)) {
    for (const record of minute.records) {
      if (record.source !== source || record.kind === 'check') continue;
      const at = Date.parse(record.kind === 'heartbeat' ? record.through : record.observedAt);
      if (at < from || at >= to) continue;
      expect(record).toMatchObject({ kind: 'heartbeat', state: 'blind' });
    }
  }
});

test('an angry author has one voice, copied text few clusters', () => {
  const world = drawWorld({
    ...small,
    days: 7,
    targets: 6,
    rates: { from: 0.05, to: 0.2 },
    outagesPerWeek: 0,
    confoundersPerWeek: 8,
  });
  const angry = world.confounders.filter((one) => one.kind === 'angry-author');
  const copied = world.confounders.filter((one) => one.kind === 'copied-text');
  expect(angry.length).toBeGreaterThan(0);
  expect(copied.length).toBeGreaterThan(0);
  const seen = new Map<string, { voices: Set<string>; clusters: Set<string>; posts: number }>();
  for (const minute of runWorld(world)) {
    for (const record of minute.records) {
      if (record.kind !== 'signal') continue;
      const key = `${record.target} ${record.text}`;
      const entry = seen.get(key) ?? { voices: new Set(), clusters: new Set(), posts: 0 };
      entry.voices.add(record.voice);
      entry.clusters.add(record.cluster);
      entry.posts++;
      seen.set(key, entry);
    }
  }
  const of = (kind: string) => [...seen].filter(([key]) => key.endsWith(kind)).map(([, v]) => v);
  for (const entry of of('angry-author')) expect(entry.voices.size).toBeLessThan(8);
  for (const entry of of('copied-text')) {
    expect(entry.clusters.size).toBeLessThan(16);
    expect(entry.voices.size).toBe(entry.posts);
  }
});

test('truth names every outage, echo and confounder of the world', () => {
  const world = drawWorld({ ...small, days: 28, targets: 30 });
  const truth = [...simulateSignals({ ...small, days: 28, targets: 30 }).truth];
  const count = (kind: string): number => truth.filter((one) => one.kind === kind).length;
  expect(count('target')).toBe(30);
  expect(count('outage') + count('echo')).toBe(world.outages.length);
  expect(count('confounder')).toBe(world.confounders.length);
  expect(count('echo')).toBeGreaterThan(0);
  expect(truth.some((one) => one.kind === 'outage' && one.cascadeOf !== null)).toBe(true);
});

test('posts say with words what signals say with fields, and copied ones are equal', () => {
  const texts = new Map<string, Set<string>>();
  const options = { ...small, days: 2, targets: 2, posts: true };
  let posts = 0;
  for (const record of simulate(options).records) {
    expect(record.kind).toBe('post');
    if (record.kind === 'post') {
      posts++;
      texts.set(record.text, (texts.get(record.text) ?? new Set()).add(record.voice));
    }
  }
  expect(posts).toBeGreaterThan(300);
  expect(texts.size).toBeGreaterThan(posts / 4);
  expect(() => [...simulate({ ...small, targets: 500, posts: true }).records]).toThrow(/at most/);
});

test('what is asked for must make sense', () => {
  expect(() => drawWorld({ ...small, days: 0 })).toThrow(RangeError);
  expect(() => drawWorld({ ...small, start: 'soon' })).toThrow(/start/);
  expect(() => simulateSignals({ ...small, heartbeatSeconds: 7 })).toThrow(/divide/);
});

test('work services rest on Sundays and on a few other days, each country at its own hours', () => {
  const work = { use: 'work' as const, depth: 1 };
  const noon = (code: string, day: number): number => {
    const country = countryOf(code);
    return rhythm(
      work,
      country,
      Date.parse('2025-01-06T12:00:00.000Z') + day * 86_400_000 - country.offsetHours * 3_600_000,
    );
  };
  let holidays = 0;
  let days = 0;
  for (const { code } of countries) {
    for (let day = 0; day < 364; day++) {
      const weekend = day % 7 >= 5;
      if (weekend) expect(noon(code, day)).toBeLessThan(1.2);
      else {
        days++;
        if (noon(code, day) < 1.2) holidays++;
      }
    }
  }
  expect((holidays / days) * 260).toBeGreaterThan(5);
  expect((holidays / days) * 260).toBeLessThan(13);
});
