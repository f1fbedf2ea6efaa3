import { describe, expect, it } from 'vitest';
import type { RisePart } from './rise.ts';
import { findScope } from './scope.ts';

function parts(counts: Record<string, [observed: number, expected: number]>): RisePart[] {
  return Object.entries(counts).map(([key, [observed, expected]]) => ({ key, observed, expected }));
}

describe('scope', () => {
  it('is worldwide where every country rises alike', () => {
    const scope = findScope(
      parts({ US: [80, 8], GB: [31, 3], JP: [19, 2], BR: [11, 1], DE: [9, 1.2] }),
      [],
    );
    expect(scope).toEqual({ countries: [], subdivisions: [], words: 'worldwide' });
  });

  it('is worldwide where nobody tells a place', () => {
    expect(findScope([], []).words).toBe('worldwide');
  });

  it('names the one country that rises beside a calm rest', () => {
    const scope = findScope(parts({ SE: [30, 1], US: [9, 9], GB: [3, 4], DE: [2, 2] }), []);
    expect(scope.countries).toEqual(['SE']);
  });

  it('leaves out a continent that was spared', () => {
    const scope = findScope(
      parts({
        US: [90, 9],
        BR: [42, 4],
        GB: [40, 4],
        FR: [25, 2],
        JP: [3, 3],
        IN: [2, 3],
        AU: [1, 2],
      }),
      [],
    );
    expect(scope.countries).toEqual(['BR', 'FR', 'GB', 'US']);
    expect(scope.words).toBe('Americas, Europe');
  });

  it('names a subdivision whose country is calm elsewhere', () => {
    const scope = findScope(
      parts({ US: [35, 8], GB: [4, 4], DE: [2, 2] }),
      parts({ 'US-CA': [26, 1], 'US-TX': [1, 1], 'US-NY': [1, 1.2] }),
    );
    expect(scope.subdivisions).toEqual(['US-CA']);
    expect(scope.countries).toEqual(['US']);
  });

  it('does not name a subdivision where the whole country rises', () => {
    const scope = findScope(
      parts({ US: [70, 6], GB: [4, 4], DE: [2, 2] }),
      parts({ 'US-CA': [11, 1], 'US-TX': [9, 0.8], 'US-NY': [12, 1] }),
    );
    expect(scope.countries).toEqual(['US']);
    expect(scope.subdivisions).toEqual([]);
  });
});
