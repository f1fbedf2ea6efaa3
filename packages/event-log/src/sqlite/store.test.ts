import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlacedRecord } from '../local/store.ts';
import { createSqliteLog } from './index.ts';
import { SqliteStore } from './store.ts';

const hour = 3_600_000;
const posts = { topic: 'posts', partition: 0 };
const states = { topic: 'states', partition: 0 };
const record = (ref: typeof posts, key: string, text: string | null): PlacedRecord => ({
  ...ref,
  key,
  value: text === null ? null : new TextEncoder().encode(text),
});

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'outcry-store-'));
  file = path.join(folder, 'log.sqlite');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function withStore(check: (store: SqliteStore, clock: { now: number }) => Promise<void>) {
  const clock = { now: 1000 * hour };
  const store = new SqliteStore(file, 'full', () => clock.now);
  try {
    store.createTopics([
      { name: 'posts', partitions: 1, cleanup: 'delete', retentionMs: 10 * hour },
      { name: 'states', partitions: 1, cleanup: 'compact' },
    ]);
    await check(store, clock);
  } finally {
    await store.close();
  }
}

describe('retention', () => {
  it('removes what is older than the topic keeps, a bounded amount at a time', () =>
    withStore(async (store, clock) => {
      const old = Array.from({ length: 5000 }, (_, i) => record(posts, 'k', `old ${i}`));
      await store.append(old);
      clock.now += 8 * hour;
      await store.append([record(posts, 'k', 'young')]);
      expect(await store.sweep()).toBe(false);
      expect(store.extent(posts)).toEqual({ begin: 0, end: 5001 });
      clock.now += 3 * hour;
      expect(await store.sweep()).toBe(true);
      expect(store.extent(posts)).toEqual({ begin: 2000, end: 5001 });
      while (await store.sweep());
      expect(store.extent(posts)).toEqual({ begin: 5000, end: 5001 });
      expect(store.fetch(posts, 0, 10, 1000)).toMatchObject([{ offset: 5000 }]);
    }));

  it('never gives an offset twice, even when everything was removed', () =>
    withStore(async (store, clock) => {
      await store.append([record(posts, 'k', 'a'), record(posts, 'k', 'b')]);
      clock.now += 11 * hour;
      await store.sweep();
      expect(store.extent(posts)).toEqual({ begin: 2, end: 2 });
      await store.append([record(posts, 'k', 'c')]);
      expect(store.fetch(posts, 0, 10, 1000)).toMatchObject([{ offset: 2 }]);
    }));

  it('keeps the state of a compacted topic for ever, and its tombstones for a day', () =>
    withStore(async (store, clock) => {
      await store.append([record(states, 'stays', '1'), record(states, 'goes', '1')]);
      await store.append([record(states, 'goes', null)]);
      expect(store.fetch(states, 0, 10, 1000).map(({ key }) => key)).toEqual(['stays', 'goes']);
      clock.now += 25 * hour;
      await store.sweep();
      expect(store.fetch(states, 0, 10, 1000).map(({ key }) => key)).toEqual(['stays']);
      expect([...store.state(states).keys()]).toEqual(['stays']);
    }));
});

it('finds the place of a time by bisection, across gaps and equal times', () =>
  withStore(async (store, clock) => {
    const times: number[] = [];
    for (let i = 0; i < 300; i++) {
      if (i % 7 < 3) clock.now += 1 + (i % 5);
      await store.append([record(states, `key-${i % 40}`, String(i))]);
      times.push(clock.now);
    }
    const held = store.fetch(states, 0, 1000, 1_000_000);
    expect(held).toHaveLength(40);
    for (let time = times[0]! - 2; time < clock.now + 3; time++) {
      const expected = held.find(({ timestamp }) => timestamp >= time)?.offset ?? 300;
      const found = store.offsetAt(states, time);
      expect(held.find(({ offset }) => offset >= found)?.offset ?? 300).toBe(expected);
    }
  }));

it('gives at most so many bytes at once, and at least one record', () =>
  withStore(async (store) => {
    const big = new Uint8Array(1000);
    await store.append(Array.from({ length: 10 }, () => ({ ...posts, key: 'k', value: big })));
    expect(store.fetch(posts, 0, 100, 3500)).toHaveLength(3);
    expect(store.fetch(posts, 0, 100, 10)).toHaveLength(1);
    expect(store.fetch(posts, 0, 4, 1_000_000)).toHaveLength(4);
  }));

it('waits for another process that writes, without standing still', async () => {
  const log = createSqliteLog({ path: file, partitions: 1 });
  await log.prepare();
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 20);
  let appended = false;
  const append = log.append([{ topic: 'posts.v1', key: 'k', value: null }]).then(() => {
    appended = true;
  });
  await sleep(1500);
  expect(appended).toBe(false);
  expect(turns).toBeGreaterThan(5);
  other.exec('COMMIT');
  await append;
  clearInterval(ticking);
  other.close();
  await log.close();
});

it('refuses a file that is no log, and one of another layout', async () => {
  await writeFile(file, 'this is not a database, it is a letter '.repeat(100));
  expect(() => createSqliteLog({ path: file, partitions: 1 })).toThrow(
    expect.objectContaining({ name: 'EventLogError', code: 'internal', retriable: false }),
  );
  const other = path.join(folder, 'other.sqlite');
  await createSqliteLog({ path: other, partitions: 1 }).close();
  const db = new DatabaseSync(other);
  db.exec('UPDATE log_layout SET layout = 99');
  db.close();
  expect(() => createSqliteLog({ path: other, partitions: 1 })).toThrow(/layout 99/);
  expect(() => createSqliteLog({ path: path.join(folder, 'no', 'where'), partitions: 1 })).toThrow(
    expect.objectContaining({ name: 'EventLogError', code: 'unreachable', retriable: true }),
  );
});

it('keeps the partitions that the file has when the setting changes', async () => {
  const first = createSqliteLog({ path: file, partitions: 2 });
  await first.prepare();
  await first.close();
  const next = createSqliteLog({ path: file, partitions: 8 });
  await next.prepare();
  expect(await next.partitions('posts.v1')).toBe(2);
  await next.close();
});
