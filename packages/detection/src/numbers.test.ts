import { describe, expect, it } from 'vitest';
import { countLogProbability, hash32, lnGamma, tailBound, tailEvidence } from './numbers.ts';

describe('numbers', () => {
  it('knows the gamma function', () => {
    let factorial = 1;
    for (let n = 1; n < 20; n += 1) {
      expect(lnGamma(n)).toBeCloseTo(Math.log(factorial), 10);
      factorial *= n;
    }
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 9);
  });

  it('sums the negative binomial tail as adding up its terms does', () => {
    for (const [n, mean, dispersion] of [
      [3, 0.2, 0.5],
      [12, 4, 0.1],
      [60, 30, 0.02],
      [9, 8.5, 1.5],
    ] as const) {
      let below = 0;
      for (let k = 0; k < n; k += 1) below += Math.exp(countLogProbability(k, mean, dispersion));
      expect(tailEvidence(n, mean, dispersion)).toBeCloseTo(-Math.log(1 - below), 6);
    }
  });

  it('bounds the tail from below, so that screening by the bound loses nothing', () => {
    for (let n = 1; n < 200; n += 7) {
      for (const mean of [0.01, 0.7, 5, 40]) {
        for (const dispersion of [0.002, 0.1, 2]) {
          const exact = tailEvidence(n, mean, dispersion);
          const bound = tailBound(n, mean, dispersion);
          if (n > mean) expect(bound).toBeLessThanOrEqual(exact + 1e-9);
          else expect(bound).toBe(0);
        }
      }
    }
  });

  it('spreads hashes over 32 bits', () => {
    const hashes = new Set(Array.from({ length: 20_000 }, (_, i) => hash32(`voice-${i}`)));
    expect(hashes.size).toBeGreaterThan(19_995);
    const low = [...hashes].filter((hash) => hash < 2 ** 31).length;
    expect(low / hashes.size).toBeCloseTo(0.5, 1);
  });
});
