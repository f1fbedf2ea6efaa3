import type { CalibrationPoint } from './model.ts';

/**
 * Fits the map from raw score to probability on held-back scores: pool adjacent violators, then a
 * handful of points at equal counts, so that the map is monotone and does not follow single texts.
 */
export function fitCalibration(
  truth: readonly boolean[],
  scores: readonly number[],
  weights: readonly number[],
  points = 24,
): CalibrationPoint[] {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const groups: { score: number; hit: number; weight: number }[] = [];
  let group = { score: 0, hit: 0, weight: 0 };
  for (const i of order) {
    const weight = weights[i]!;
    group.score += scores[i]! * weight;
    group.hit += truth[i] ? weight : 0;
    group.weight += weight;
    if (group.weight >= total / points) {
      groups.push(group);
      group = { score: 0, hit: 0, weight: 0 };
    }
  }
  if (group.weight > 0) groups.push(group);
  const pooled: typeof groups = [];
  for (const next of groups) {
    let last = { ...next };
    while (pooled.length > 0) {
      const before = pooled.at(-1)!;
      if (before.hit / before.weight <= last.hit / last.weight) break;
      pooled.pop();
      last = {
        score: before.score + last.score,
        hit: before.hit + last.hit,
        weight: before.weight + last.weight,
      };
    }
    pooled.push(last);
  }
  let least = 0;
  return pooled.map(({ score, hit, weight }) => {
    // Half a text on each side keeps certainty out of reach.
    const edge = 0.5 / (weight + 1);
    least = Math.max(least + 1e-4, Math.min(1 - edge, Math.max(edge, hit / weight)));
    least = Math.min(least, 0.9999);
    return { score: round(score / weight), p: round(least) };
  });
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
