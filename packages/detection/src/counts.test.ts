import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Counts } from './counts.ts';

describe('counts of a series', () => {
  it('sums the last hours alike however often it was asked to grow old', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 })),
      {
        minLength: 1,
        maxLength: 400,
      },
    );
    fc.assert(
      fc.property(steps, (gaps) => {
        const often = new Counts([], []);
        const plain: [number, number][] = [];
        let now = 6_000_000;
        for (const [gap, count] of gaps) {
          now += gap;
          often.push(now, count);
          often.age(now + 1);
          plain.push([now, count]);
        }
        // Windows begin at whole minutes and ten minutes when they are long.
        for (const from of [
          now - 30,
          (Math.floor(now / 6) - 60) * 6,
          (Math.floor(now / 60) - 20) * 60,
        ]) {
          const expected = plain.reduce((sum, [at, n]) => sum + (at >= from ? n : 0), 0);
          expect(often.sum(from, now + 1)).toBe(expected);
        }
      }),
    );
  });

  it('keeps what it holds when it goes on from its state', () => {
    const one = new Counts([], []);
    for (let bucket = 0; bucket < 3000; bucket += 7) {
      one.push(bucket, 1);
      one.age(bucket + 1);
    }
    const { at, n } = one.toState();
    const other = new Counts(at, n);
    other.age(2998);
    expect(other.toState()).toEqual(one.toState());
    expect(at.length).toBeLessThan(100);
  });
});
