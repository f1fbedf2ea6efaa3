import { check } from '@outcry/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Notice, OfficialOutcome, Snapshot } from './notice.ts';
import { Tracker, trackerMemory } from './tracker.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const notice = (id: string, outcome: OfficialOutcome, more: Partial<Notice> = {}): Notice => ({
  id,
  title: `Trouble ${id}`,
  outcome,
  startedAt: now - 600_000,
  updatedAt: now - 60_000,
  ...more,
});
const page = (notices: Notice[], more: Partial<Snapshot> = {}): Snapshot => ({
  overall: null,
  notices,
  listsAllOpen: true,
  ...more,
});
const take = (tracker: Tracker, snapshot: Snapshot, at = now) =>
  tracker.take('t', snapshot, at).map(({ subject, outcome }) => `${subject}: ${outcome}`);

describe('a tracker', () => {
  test('tells each change once', () => {
    const tracker = new Tracker('official-status', {});
    expect(take(tracker, page([notice('a', 'down')]))).toEqual(['Trouble a: down']);
    expect(take(tracker, page([notice('a', 'down')]))).toEqual([]);
    expect(take(tracker, page([notice('a', 'degraded')]))).toEqual(['Trouble a: degraded']);
    expect(take(tracker, page([notice('a', 'up', { resolvedAt: now })]))).toEqual([
      'Trouble a: up',
    ]);
    expect(take(tracker, page([notice('a', 'up', { resolvedAt: now })]))).toEqual([]);
  });

  test('ends what the page does not list any more, when the page lists all', () => {
    const tracker = new Tracker('official-status', {});
    take(tracker, page([notice('a', 'down'), notice('b', 'down')]));
    expect(tracker.vanished('t', page([notice('b', 'down')]))).toEqual(['a']);
    const [ended] = tracker.take('t', page([notice('b', 'down')]), now + 5_000);
    expect(ended).toMatchObject({
      outcome: 'up',
      officialStartedAt: new Date(now - 600_000).toISOString(),
      officialResolvedAt: new Date(now + 5_000).toISOString(),
      detail: 'no longer listed',
    });
  });

  test('leaves open what a feed drops at its end', () => {
    const tracker = new Tracker('official-status', {});
    take(tracker, page([notice('a', 'down')], { listsAllOpen: false }));
    expect(take(tracker, page([], { listsAllOpen: false }))).toEqual([]);
  });

  test('hears again of what ended and comes back', () => {
    const tracker = new Tracker('official-status', {});
    for (const outcome of ['down', 'up', 'down', 'up'] as const)
      expect(take(tracker, page([notice('a', outcome)]))).toEqual([`Trouble a: ${outcome}`]);
  });

  test('follows an incident whatever its id is', () => {
    const tracker = new Tracker('official-status', {});
    for (const id of ['__proto__', 'constructor', '', 'x'.repeat(5_000)]) {
      expect(take(tracker, page([notice(id, 'down')], { listsAllOpen: false }))).toHaveLength(1);
      expect(take(tracker, page([notice(id, 'down')], { listsAllOpen: false }))).toEqual([]);
      expect(take(tracker, page([notice(id, 'up')], { listsAllOpen: false }))).toHaveLength(1);
    }
  });

  test('keeps targets apart', () => {
    const tracker = new Tracker('official-status', {});
    take(tracker, page([notice('a', 'down')]));
    expect(tracker.take('other', page([notice('a', 'down')]), now)).toHaveLength(1);
  });

  test('gives the same thing the same id, however often it is read', () => {
    const read = () =>
      new Tracker('official-status', {}).take('t', page([notice('a', 'down')]), now);
    expect(read()[0]!.id).toBe(
      new Tracker('official-status', {}).take('t', page([notice('a', 'down')]), now + 9_000)[0]!.id,
    );
    expect(read()[0]!.id).toBe(`official-status:t:a:down:${now - 60_000}`);
  });

  test('believes the page about times of change only when they are near', () => {
    const overall = (outcome: OfficialOutcome, updatedAt: number) =>
      page([], { overall: { outcome, detail: '', updatedAt } });
    const tracker = new Tracker('official-status', {});
    expect(tracker.take('t', overall('up', now - 9e9), now)[0]).not.toHaveProperty(
      'officialStartedAt',
    );
    expect(tracker.take('t', overall('down', now - 60_000), now)[0]).toMatchObject({
      officialStartedAt: new Date(now - 60_000).toISOString(),
      occurredAt: new Date(now - 60_000).toISOString(),
    });
    expect(tracker.take('t', overall('up', now + 9e9), now)[0]).toMatchObject({
      occurredAt: new Date(now).toISOString(),
    });
  });

  test('says once that a page is lost, and what it says when it is back', () => {
    const tracker = new Tracker('official-status', {});
    const well = page([], { overall: { outcome: 'up', detail: 'fine' } });
    take(tracker, well);
    expect(tracker.lost('t', 'gone', now)).toMatchObject({ outcome: 'unknown', detail: 'gone' });
    expect(tracker.lost('t', 'gone', now)).toBeNull();
    expect(take(tracker, well)).toEqual(['status page: up']);
  });

  test('remembers across a restart, and its memory does not grow without end', () => {
    const tracker = new Tracker('official-status', {});
    for (let index = 0; index < 500; index++) {
      take(tracker, page([notice(`n${index}`, 'down')]));
      take(tracker, page([notice(`n${index}`, 'up')]));
    }
    take(tracker, page([notice('last', 'down')]));
    const memory = trackerMemory.parse(JSON.parse(JSON.stringify(tracker.memory)));
    expect(JSON.stringify(memory).length).toBeLessThan(5_000);
    const again = new Tracker('official-status', memory);
    expect(take(again, page([notice('last', 'down')]))).toEqual([]);
  });

  test('makes good checks of whatever a reader gives it', () => {
    const anyNotice = fc.record(
      {
        id: fc.string({ maxLength: 400 }),
        title: fc.string({ minLength: 1, maxLength: 3_000 }),
        outcome: fc.constantFrom('up', 'degraded', 'down', 'maintenance', 'unknown'),
        startedAt: fc.integer({ min: 1, max: 253_402_300_799_999 }),
        resolvedAt: fc.integer({ min: 1, max: 253_402_300_799_999 }),
        updatedAt: fc.integer({ min: 1, max: 253_402_300_799_999 }),
        detail: fc.string({ maxLength: 5_000 }),
      },
      { requiredKeys: ['id', 'title', 'outcome'] },
    );
    fc.assert(
      fc.property(fc.array(fc.array(anyNotice, { maxLength: 5 }), { maxLength: 5 }), (rounds) => {
        const tracker = new Tracker('official-status', {});
        for (const notices of rounds) {
          for (const made of tracker.take('t', page(notices as Notice[]), now))
            expect(check.safeParse(made).error).toBeUndefined();
        }
      }),
    );
  });
});
