import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

const draws = 40_000;

function moments(draw: () => number): { mean: number; variance: number } {
  let mean = 0;
  let squares = 0;
  for (let n = 1; n <= draws; n++) {
    const x = draw();
    const delta = x - mean;
    mean += delta / n;
    squares += delta * (x - mean);
  }
  return { mean, variance: squares / (draws - 1) };
}

test('the same seed gives the same draws, another seed others', () => {
  const take = (seed: string): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 5 }, () => random.next());
  };
  expect(take('a')).toEqual(take('a'));
  expect(take('a')).not.toEqual(take('b'));
});

test('a fork does not depend on what was drawn before', () => {
  const early = createRandom(7);
  const late = createRandom(7);
  late.normal();
  expect(early.fork('x').next()).toBe(late.fork('x').next());
  expect(early.fork('x').next()).not.toBe(early.fork('y').next());
});

// The bounds are six standard errors of the estimate, so that a right generator passes for any seed.
test.each([0.3, 4, 15, 17, 60, 900])('poisson(%d) has the mean and variance of its law', (mean) => {
  const random = createRandom(`poisson ${mean}`);
  const got = moments(() => random.poisson(mean));
  expect(Math.abs(got.mean - mean)).toBeLessThan(6 * Math.sqrt(mean / draws));
  expect(Math.abs(got.variance - mean)).toBeLessThan(
    6 * Math.sqrt((mean + 2 * mean * mean) / draws),
  );
});

test.each([
  [0.5, 2],
  [3, 1],
  [30, 0.5],
])('gamma(%d, %d) has the mean and variance of its law', (shape, scale) => {
  const random = createRandom(`gamma ${shape}`);
  const got = moments(() => random.gamma(shape, scale));
  expect(got.mean / (shape * scale)).toBeCloseTo(1, 1);
  expect(got.variance / (shape * scale * scale)).toBeCloseTo(1, 0);
  expect(Math.abs(got.mean - shape * scale)).toBeLessThan(
    6 * Math.sqrt((shape * scale * scale) / draws),
  );
});

test('the negative binomial has variance mean + mean² / size', () => {
  const random = createRandom('nb');
  const got = moments(() => random.negativeBinomial(10, 5));
  expect(Math.abs(got.mean - 10)).toBeLessThan(6 * Math.sqrt(30 / draws));
  expect(got.variance / 30).toBeGreaterThan(0.93);
  expect(got.variance / 30).toBeLessThan(1.07);
});

test('normal and weighted draws follow their parameters', () => {
  const random = createRandom('others');
  const got = moments(() => random.normal(2, 3));
  expect(Math.abs(got.mean - 2)).toBeLessThan((6 * 3) / Math.sqrt(draws));
  expect(got.variance / 9).toBeCloseTo(1, 1);
  const share = moments(() =>
    random.weighted([
      ['a', 1],
      ['b', 3],
    ]) === 'b'
      ? 1
      : 0,
  );
  expect(share.mean).toBeCloseTo(0.75, 1);
});
