import { describe, expect, it } from 'vitest';
import { Series } from './series.ts';

const none: readonly [number, number][] = [];
const begin = 17_000_000 - (17_000_000 % 8640);

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Adds a voice to each bucket with a chance; returns the bucket after the last. */
function live(
  series: Series,
  from: number,
  buckets: number,
  chance: (i: number) => number,
  next: () => number,
  each?: (bucket: number) => void,
): number {
  for (let i = 0; i < buckets; i += 1) {
    if (next() < chance(i)) series.add(from + i, 1, none);
    each?.(from + i);
  }
  return from + buckets;
}

const scan = (series: Series, notBefore = 0) =>
  series.scan(
    () => 7,
    7,
    notBefore,
    () => 0,
    null,
  );

describe('a series', () => {
  it('finds a burst and says since when and how much is usual', () => {
    const series = Series.begin(begin);
    const next = random(1);
    const now = live(series, begin, 20_000, () => 0.02, next);
    const end = live(series, now, 30, () => 0.6, next);
    series.advance(end - 1, none);
    const found = scan(series)!;
    expect(found.score).toBeGreaterThan(found.threshold);
    expect(found.from).toBeGreaterThanOrEqual(now - 6);
    expect(found.expected).toBeLessThan(3);
  });

  it('finds by hours what minutes do not show', () => {
    const series = Series.begin(begin);
    const next = random(2);
    // One voice in fifty minutes, then one in seven.
    const now = live(series, begin, 60_480, () => 1 / 300, next);
    let best = 0;
    let length = 0;
    const each = (bucket: number) => {
      series.advance(bucket, none);
      const found = scan(series);
      if (found === null || found.score / found.threshold <= best) return;
      best = found.score / found.threshold;
      length = found.length;
    };
    live(series, now, 1440, () => 1 / 40, next, each);
    expect(best).toBeGreaterThan(0.8);
    expect(length).toBeGreaterThan(360);
  });

  it('is silent about ordinary weeks', () => {
    const series = Series.begin(begin);
    const next = random(3);
    const each = (bucket: number) => {
      if (bucket - begin < 8640) return;
      const found = scan(series);
      if (found !== null) expect(found.score).toBeLessThan(found.threshold);
    };
    live(series, begin, 3 * 60_480, (i) => 0.05 * (1 + 0.7 * Math.sin(i / 1375)), next, each);
  });

  it('does not learn frozen buckets', () => {
    const [learning, frozen] = [Series.begin(begin), Series.begin(begin)];
    const [one, two] = [random(4), random(4)];
    const now = live(learning, begin, 10_000, () => 0.1, one);
    live(frozen, begin, 10_000, () => 0.1, two);
    live(learning, now, 2000, () => 0.9, one);
    live(
      frozen,
      now,
      2000,
      () => 0.9,
      two,
      (bucket) => frozen.freeze(bucket, true),
    );
    expect(learning.expected(6)).toBeGreaterThan(2);
    expect(frozen.expected(6)).toBeLessThan(1);
  });

  it('never looks back beyond what is told already', () => {
    const series = Series.begin(begin);
    const next = random(5);
    const now = live(series, begin, 20_000, () => 0.02, next);
    const end = live(series, now, 30, () => 0.9, next);
    series.advance(end + 5, none);
    expect(scan(series, end)).toBeNull();
    expect(scan(series)).not.toBeNull();
  });

  it('goes on from its state exactly', () => {
    const series = Series.begin(begin);
    const next = random(6);
    const now = live(series, begin, 30_000, () => 0.2, next);
    const other = Series.restore(JSON.parse(JSON.stringify(series.toState())));
    const [one, two] = [random(7), random(7)];
    live(series, now, 3000, () => 0.4, one);
    live(other, now, 3000, () => 0.4, two);
    expect(other.toState()).toEqual(series.toState());
    expect(scan(other)).toEqual(scan(series));
  });
});
