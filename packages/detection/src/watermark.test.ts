import type { Heartbeat } from '@outcry/contracts';
import { describe, expect, it } from 'vitest';
import { bucketOf, defaultSettings } from './settings.ts';
import { Watermarks } from './watermark.ts';

const start = Date.parse('2025-04-16T12:00:00.000Z');
const at = (second: number) => new Date(start + second * 1000).toISOString();
const zero = bucketOf(start);

function beat(
  source: string,
  second: number,
  more: Partial<Heartbeat> & { partition?: number; partitions?: number; topic?: string } = {},
): Heartbeat {
  const { partition, partitions, topic, ...rest } = more;
  return {
    kind: 'heartbeat',
    source,
    state: 'seeing',
    through: at(second),
    ...(partition === undefined
      ? {}
      : { input: { topic: topic ?? 'posts.v1', partition, partitions: partitions ?? 1 } }),
    ...rest,
  };
}

describe('watermarks', () => {
  it('closes a bucket once every seeing source has passed its end and the lateness', () => {
    const marks = new Watermarks(defaultSettings);
    marks.take(beat('a', 0));
    marks.take(beat('b', 0));
    marks.take(beat('a', 100));
    expect(marks.closable()).toBe(zero - 3);
    marks.take(beat('b', 60));
    // Through 60 s is the end of bucket 4 plus ten seconds; it must be passed, not reached.
    expect(marks.closable()).toBe(zero + 3);
    marks.take(beat('b', 61));
    expect(marks.closable()).toBe(zero + 4);
  });

  it('waits for all input partitions of a source, and takes the least of them', () => {
    const marks = new Watermarks(defaultSettings);
    marks.take(beat('a', 0, { partition: 0, partitions: 2 }));
    marks.take(beat('a', 200, { partition: 0, partitions: 2 }));
    expect(marks.closable()).toBeNull();
    marks.take(beat('a', 61, { partition: 1, partitions: 2 }));
    expect(marks.closable()).toBe(zero + 4);
  });

  it('is held back by no blind source, and stands still when nobody sees', () => {
    const marks = new Watermarks(defaultSettings);
    marks.take(beat('a', 0));
    marks.take(beat('b', 0));
    marks.take(beat('b', 20, { state: 'blind', since: at(10) }));
    marks.take(beat('a', 61));
    expect(marks.closable()).toBe(zero + 4);
    expect(marks.blindIn(zero).map(({ source }) => source)).toEqual([]);
    expect(marks.blindIn(zero + 1).map(({ source }) => source)).toEqual(['b']);
    marks.take(beat('a', 70, { state: 'blind' }));
    expect(marks.closable()).toBeNull();
    marks.take(beat('b', 90));
    expect(marks.closable()).toBe(zero + 6);
    expect(marks.blindIn(zero + 8).map(({ source }) => source)).toEqual(['a', 'b']);
    expect(marks.blindIn(zero + 9).map(({ source }) => source)).toEqual(['a']);
  });

  it('does not wait for the other partitions of a source that went blind before they spoke', () => {
    const marks = new Watermarks(defaultSettings);
    marks.take(beat('a', 0));
    marks.take(beat('b', 0, { partition: 0, partitions: 4 }));
    marks.take(beat('a', 61));
    expect(marks.closable()).toBeNull();
    marks.take(beat('b', 61, { state: 'blind', since: at(0), partition: 0, partitions: 4 }));
    expect(marks.closable()).toBe(zero + 4);
  });

  it('closes nothing before the sources had time to report at the start', () => {
    const marks = new Watermarks(defaultSettings);
    marks.take(beat('a', 0));
    marks.take(beat('a', 29));
    expect(marks.closable()).toBeNull();
    marks.take(beat('a', 30));
    expect(marks.closable()).not.toBeNull();
  });

  it('is the same after its state was taken out and put back', () => {
    const marks = new Watermarks(defaultSettings);
    marks.take(beat('a', 0, { partition: 0, partitions: 1 }));
    marks.take(beat('b', 5, { state: 'blind', partition: 0, partitions: 1, topic: 'checks.v1' }));
    marks.take(beat('a', 90, { partition: 0, partitions: 1 }));
    const again = new Watermarks(defaultSettings, JSON.parse(JSON.stringify(marks.toState())));
    expect(again.closable()).toBe(marks.closable());
    expect(again.blindIn(zero + 2)).toEqual(marks.blindIn(zero + 2));
    expect(again.blindSpans()).toEqual(marks.blindSpans());
  });
});
