import { loadCatalog } from '@outcry/catalog';
import { checksRecord, postsRecord, reportsRecord, topics } from '@outcry/contracts';
import { beforeAll, expect, test, vi } from 'vitest';
import type { DemoDay, DemoRecord } from './demo-day.ts';
import { demoDay } from './demo-day.ts';
import { talkedAbout } from './script.ts';

// A day of records is made and read, and machines are slow at times.
vi.setConfig({ testTimeout: 60_000 });

let day: DemoDay;
beforeAll(() => {
  day = demoDay();
});

const schemas = {
  [topics.posts]: postsRecord,
  [topics.reports]: reportsRecord,
  [topics.checks]: checksRecord,
} as const;

function said(record: DemoRecord): string {
  return record.record.kind === 'post' ? record.record.text : '';
}

test('every record fits its topic and says that it is simulated', () => {
  expect(day.label).toMatch(/^Simulated/);
  const wrong = day.records.filter(({ topic, key, record }) => {
    const labelled =
      record.source.startsWith('simulation:') &&
      (record.kind === 'heartbeat' || record.id.startsWith('simulation:'));
    const keyed = (key === null) === (record.kind === 'heartbeat');
    return !labelled || !keyed || !schemas[topic as keyof typeof schemas].safeParse(record).success;
  });
  expect(wrong).toEqual([]);
});

test('the day is in order of observation and no heartbeat runs ahead of its source', () => {
  const wrong = day.records.filter(({ at, record }, index) => {
    const told = Date.parse(record.kind === 'heartbeat' ? record.through : record.observedAt);
    return at < (day.records[index - 1]?.at ?? 0) || told !== at;
  });
  expect(wrong).toEqual([]);
});

test('the volume is a minute of work and the sentences are many', () => {
  const posts = day.records.filter((one) => one.record.kind === 'post');
  expect(day.records.length).toBeGreaterThan(30_000);
  expect(day.records.length).toBeLessThan(60_000);
  expect(new Set(posts.map(said)).size).toBeGreaterThan(posts.length / 2);
});

test('reports rise at 12:20 in the affected countries and nowhere else', () => {
  const { affectedCountries, unaffectedCountries } = day.truth;
  const count = (from: string, to: string, countries: readonly string[]): number =>
    day.records.filter(
      ({ record }) =>
        record.kind === 'report' &&
        record.occurredAt >= `2025-04-16T${from}` &&
        record.occurredAt < `2025-04-16T${to}` &&
        countries.includes(record.country ?? ''),
    ).length;
  expect(count('11:00', '12:18', affectedCountries)).toBeLessThan(20);
  expect(count('12:20', '13:20', affectedCountries)).toBeGreaterThan(500);
  expect(count('12:20', '13:20', unaffectedCountries)).toBeLessThan(10);
  expect(count('16:00', '17:00', affectedCountries)).toBeLessThan(40);
});

test('the blind source brings nothing while it is blind, and says so', () => {
  const { source, from, to } = day.truth.blind;
  const within = day.records.filter(
    ({ at, record }) => record.source === source && at >= Date.parse(from) && at < Date.parse(to),
  );
  expect(within.length).toBeGreaterThan(0);
  for (const { record } of within) expect(record).toMatchObject({ state: 'blind' });
});

test('the same seed gives the same day', () => {
  expect(demoDay({ scale: 0.02 }).records).toEqual(demoDay({ scale: 0.02 }).records);
  expect(demoDay({ scale: 0.02, seed: 2 }).records).not.toEqual(demoDay({ scale: 0.02 }).records);
});

test('every service that is talked about is watched', () => {
  const watched = new Set(loadCatalog().targets.map((target) => target.id));
  for (const { id } of talkedAbout) expect(watched).toContain(id);
});
