import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeOf } from './instants.ts';

it('reads instants as Date.parse does', () => {
  const times = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(times, times, (one, other) => {
      for (const time of [one, other, one]) {
        expect(timeOf(new Date(time).toISOString())).toBe(time);
      }
    }),
  );
});
