import { describe, expect, it } from 'vitest';
import { beginSpread, learnSpread, spreadLengths, varianceAt, variancesOf } from './spread.ts';

const fiveMinutes = spreadLengths.indexOf(30);

function learnt(windows: number, voices: (index: number) => number, mean: number): number {
  const spread = beginSpread(0)[fiveMinutes]!;
  for (let i = 0; i < windows; i += 1) {
    learnSpread(spread, fiveMinutes, 1, voices(i), mean, 0);
  }
  const spreads = beginSpread(0);
  spreads[fiveMinutes] = spread;
  return variancesOf(spreads)[fiveMinutes]!;
}

describe('how far a series strays', () => {
  it('learns that a steady series hardly strays and a wild one does', () => {
    const steady = learnt(2000, (i) => 100 + (i % 2 === 0 ? 10 : -10), 100);
    const wild = learnt(2000, (i) => 100 + (i % 2 === 0 ? 50 : -50), 100);
    expect(steady).toBeLessThan(0.01);
    expect(wild).toBeGreaterThan(0.2);
  });

  it('stays with what is usual when the series is too small to tell', () => {
    const usual = variancesOf(beginSpread(0))[fiveMinutes]!;
    const small = learnt(2000, (i) => (i % 50 === 0 ? 1 : 0), 0.02);
    expect(small).toBeGreaterThan(usual / 2);
    expect(small).toBeLessThan(usual * 2);
  });

  it('is not blinded by a single outage that nobody noticed', () => {
    const quiet = learnt(2000, (i) => 100 + (i % 2 === 0 ? 10 : -10), 100);
    const once = learnt(2000, (i) => (i === 1000 ? 2000 : 100 + (i % 2 === 0 ? 10 : -10)), 100);
    expect(once).toBeLessThan(quiet + 0.01);
  });

  it('grants lengths between two measured ones something between', () => {
    const variances = spreadLengths.map((_, index) => 0.01 * (index + 1));
    expect(varianceAt(variances, 60)).toBeGreaterThan(0);
    expect(varianceAt(variances, 720)).toBe(0.07);
    expect(varianceAt(variances, 1)).toBeGreaterThan(varianceAt(variances, 6));
  });
});
