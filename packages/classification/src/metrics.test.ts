import { describe, expect, it } from 'vitest';
import { fitCalibration } from './calibration.ts';
import { calibrate } from './decide.ts';
import { seededRandom } from './fit.ts';
import { areaUnderCurve, bestF1, binaryFigures, macroF1, reliability } from './metrics.ts';

describe('figures', () => {
  it('precision, recall and F1 by hand', () => {
    const figures = binaryFigures([true, true, false, false], [true, false, true, false]);
    expect(figures).toMatchObject({ precision: 0.5, recall: 0.5, f1: 0.5 });
  });

  it('area under the curve counts ties half', () => {
    expect(areaUnderCurve([true, false], [2, 1])).toBe(1);
    expect(areaUnderCurve([true, false], [1, 1])).toBe(0.5);
    expect(areaUnderCurve([true, false, true, false], [4, 3, 2, 1])).toBe(0.75);
  });

  it('the best F1 takes all posts of one score or none', () => {
    expect(bestF1([true, true, false], [3, 2, 1])).toBe(1);
    expect(bestF1([true, false, true], [3, 2, 1])).toBeCloseTo(0.8);
    expect(bestF1([true, false], [1, 1])).toBeCloseTo(2 / 3);
  });

  it('macro-F1 is the mean over the labels that occur', () => {
    expect(macroF1(['a', 'a', 'b'], ['a', 'a', 'a'])).toBeCloseTo(0.4);
  });

  it('a forecaster that is right as often as it says has no calibration error', () => {
    expect(reliability([true, false, true, false], [0.5, 0.5, 0.5, 0.5]).error).toBe(0);
    expect(reliability([false, false], [0.9, 0.9]).error).toBeCloseTo(0.9);
  });
});

describe('calibration', () => {
  it('turns raw scores into measured probabilities, rising and never certain', () => {
    const scores = Array.from({ length: 2_000 }, (_, i) => (i % 100) / 10 - 5);
    const random = seededRandom(7);
    const truth = scores.map((score) => random() < 1 / (1 + Math.exp(-score)));
    const points = fitCalibration(
      truth,
      scores,
      scores.map(() => 1),
    );
    for (let i = 1; i < points.length; i++)
      expect(points[i]!.p).toBeGreaterThanOrEqual(points[i - 1]!.p);
    expect(calibrate(points, 0)).toBeCloseTo(0.5, 1);
    expect(calibrate(points, 99)).toBeLessThan(1);
    expect(calibrate(points, -99)).toBeGreaterThan(0);
  });
});
