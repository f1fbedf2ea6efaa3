/** Figures that evaluations print. All are of held-back text, never of what a model was fitted on. */
export interface BinaryFigures {
  precision: number;
  recall: number;
  f1: number;
  positives: number;
  predicted: number;
}

export function binaryFigures(truth: readonly boolean[], said: readonly boolean[]): BinaryFigures {
  let hit = 0;
  let positives = 0;
  let predicted = 0;
  for (const [i, isTrue] of truth.entries()) {
    if (isTrue) positives++;
    if (said[i]) predicted++;
    if (isTrue && said[i]) hit++;
  }
  const precision = predicted === 0 ? 0 : hit / predicted;
  const recall = positives === 0 ? 0 : hit / positives;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1, positives, predicted };
}

/** Area under the receiver operating curve; ties count half. 0.5 when one side is empty. */
export function areaUnderCurve(truth: readonly boolean[], scores: readonly number[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && scores[order[j]!] === scores[order[i]!]) j++;
    const rank = (i + j + 1) / 2;
    for (let k = i; k < j; k++) {
      if (truth[order[k]!]) {
        rankSum += rank;
        positives++;
      }
    }
    i = j;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The F1 at the threshold that suits these scores best: the most that a threshold could reach. */
export function bestF1(truth: readonly boolean[], scores: readonly number[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const positives = truth.filter(Boolean).length;
  let hits = 0;
  let best = 0;
  for (const [rank, i] of order.entries()) {
    if (truth[i]) hits++;
    // A threshold takes all posts of one score or none of them.
    if (scores[order[rank + 1] ?? -1] === scores[i]) continue;
    best = Math.max(best, (2 * hits) / (rank + 1 + positives));
  }
  return best;
}

/** Mean of the F1 of each label that occurs. */
export function macroF1(truth: readonly string[], said: readonly string[]): number {
  const labels = [...new Set(truth)];
  const sum = labels.reduce(
    (total, label) =>
      total +
      binaryFigures(
        truth.map((value) => value === label),
        said.map((value) => value === label),
      ).f1,
    0,
  );
  return labels.length === 0 ? 0 : sum / labels.length;
}

export interface ReliabilityBin {
  from: number;
  to: number;
  count: number;
  /** Mean of what was said, and share of what was so. */
  said: number;
  was: number;
}

/** Reliability in `bins` equal steps of probability, and the expected calibration error. */
export function reliability(
  truth: readonly boolean[],
  probabilities: readonly number[],
  bins = 10,
): { bins: ReliabilityBin[]; error: number } {
  const table: ReliabilityBin[] = [];
  let error = 0;
  for (let b = 0; b < bins; b++) {
    const from = b / bins;
    const to = (b + 1) / bins;
    let count = 0;
    let said = 0;
    let was = 0;
    for (const [i, p] of probabilities.entries()) {
      if (p < from || (p >= to && !(b === bins - 1 && p === 1))) continue;
      count++;
      said += p;
      if (truth[i]) was++;
    }
    table.push({
      from,
      to,
      count,
      said: count === 0 ? 0 : said / count,
      was: count === 0 ? 0 : was / count,
    });
    if (count > 0) error += Math.abs(said - was) / probabilities.length;
  }
  return { bins: table, error };
}
