import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quota } from './share.ts';

const members = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 12,
});

it('gives out every partition once, as evenly as can be', () => {
  fc.assert(
    fc.property(members, fc.nat(64), fc.nat(5), (all, partitions, turn) => {
      const shares = all.map((member) => quota(member, all, partitions, turn));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(partitions);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

it('does not depend on the order in which members are seen', () => {
  fc.assert(
    fc.property(members, fc.nat(64), fc.nat(5), (all, partitions, turn) => {
      for (const member of all) {
        expect(quota(member, [...all].reverse(), partitions, turn)).toBe(
          quota(member, all, partitions, turn),
        );
      }
    }),
  );
});

it('gives nothing to who is not a member', () => {
  expect(quota('stranger', ['a', 'b'], 8, 0)).toBe(0);
});
