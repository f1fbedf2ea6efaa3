import { buildHeartbeat } from '@outcry/testkit';
import { describe, expect, it } from 'vitest';
import { createSilenceWatch } from './silence.ts';
import { createSourceStatusBook } from './source-status.ts';

const input = { topic: 'posts.v1', partition: 0, partitions: 2 };
const other = { topic: 'posts.v1', partition: 1, partitions: 2 };

describe('createSilenceWatch', () => {
  it('declares a stream blind once when it says nothing for too long, and again only after it spoke', () => {
    const watch = createSilenceWatch([], 30_000, 0);
    const beat = buildHeartbeat({ source: 'bluesky', input, through: '2025-04-16T12:00:00.000Z' });
    watch.heard(beat, 1_000);
    expect(watch.due(30_999)).toEqual([]);
    expect(watch.due(31_000)).toMatchObject([
      { source: 'bluesky', state: 'blind', reason: 'silent', since: beat.through, input },
    ]);
    expect(watch.due(90_000)).toEqual([]);
    watch.heard(beat, 100_000);
    expect(watch.due(131_000)).toHaveLength(1);
  });

  it('watches each input partition of a source apart', () => {
    const watch = createSilenceWatch([], 10_000, 0);
    watch.heard(buildHeartbeat({ source: 'bluesky', input }), 0);
    watch.heard(buildHeartbeat({ source: 'bluesky', input: other }), 9_000);
    expect(watch.due(10_000)).toMatchObject([{ input }]);
  });

  it('leaves a source alone that said itself that it is blind', () => {
    const watch = createSilenceWatch([], 10_000, 0);
    watch.heard(buildHeartbeat({ source: 'x', input }), 0);
    watch.heard(
      buildHeartbeat({ source: 'x', input, state: 'blind', reason: 'rate-limited' }),
      1_000,
    );
    expect(watch.due(60_000)).toEqual([]);
  });

  it('counts from its own start what was known before a restart', () => {
    const before = createSilenceWatch([], 10_000, 0);
    before.heard(buildHeartbeat({ source: 'bluesky', input }), 0);
    const known = before.change();
    expect(before.change()).toBeUndefined();
    const after = createSilenceWatch(known ?? [], 10_000, 1_000_000);
    expect(after.due(1_005_000)).toEqual([]);
    expect(after.due(1_010_000)).toMatchObject([{ source: 'bluesky', input }]);
  });
});

describe('createSourceStatusBook', () => {
  it('tells a source once when it appears, when any of its partitions goes blind, and when all see again', () => {
    const book = createSourceStatusBook(undefined);
    const see = (which: typeof input) =>
      book.take(buildHeartbeat({ source: 'bluesky', input: which }));
    const blind = (which: typeof input) =>
      book.take(
        buildHeartbeat({ source: 'bluesky', input: which, state: 'blind', reason: 'unreachable' }),
      );
    expect(see(input)).toMatchObject({ type: 'source.recovered', state: 'seeing' });
    expect(see(other)).toBeUndefined();
    expect(blind(other)).toMatchObject({ type: 'source.degraded', reason: 'unreachable' });
    expect(blind(input)).toBeUndefined();
    expect(see(input)).toBeUndefined();
    expect(see(other)).toMatchObject({ type: 'source.recovered' });
  });

  it('goes on from what it kept', () => {
    const first = createSourceStatusBook(undefined);
    first.take(buildHeartbeat({ source: 'bluesky', input }));
    const second = createSourceStatusBook(JSON.parse(JSON.stringify(first.change())));
    expect(second.take(buildHeartbeat({ source: 'bluesky', input }))).toBeUndefined();
  });
});
