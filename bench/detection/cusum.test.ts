import { createRandom } from '@outcry/testkit';
import { expect, test } from 'vitest';
import { logRatio, runCusum, thresholdFor, thresholdOfStep } from './cusum.ts';

test.each([
  [0.05, 10, 20],
  [0.5, 3, 20],
  [3, 2, 20],
  [20, 10, 10],
])(
  'at %d a minute and ×%d the threshold alarms falsely as often as wanted',
  (rate, times, size) => {
    const wanted = 2_000;
    const threshold = thresholdOfStep(rate, rate * times, size, wanted);
    const random = createRandom(`cusum ${rate}`);
    const minutes = 1_000_000;
    let sum = 0;
    let alarms = 0;
    for (let i = 0; i < minutes; i++) {
      const count = random.negativeBinomial(rate, size);
      sum = Math.max(0, sum + logRatio(count, rate, rate * times, size));
      if (sum < threshold) continue;
      alarms++;
      sum = 0;
    }
    // Counts are whole, so the threshold cannot be met exactly: never more often, and not far below.
    const perWanted = alarms / (minutes / wanted);
    expect(perWanted).toBeLessThan(1.15);
    expect(perWanted).toBeGreaterThan(0.4);
  },
);

test('a step is found when the evidence suffices, and silence is not', () => {
  const minutes = 60;
  const normal = new Float64Array(minutes * 6).fill(0.5 / 6);
  const failing = new Float64Array(minutes * 6).fill(5 / 6);
  const { threshold, secondsTo } = thresholdFor({ normal, failing }, 20);
  expect(secondsTo).toBeLessThan(10 * 60);
  const found = runCusum(new Float64Array(minutes * 6).fill(1), { normal, failing }, 20, threshold);
  expect(found).toBeGreaterThan(2);
  expect(found).toBeLessThan(60);
  expect(runCusum(new Float64Array(minutes * 6), { normal, failing }, 20, threshold)).toBeNull();
});
