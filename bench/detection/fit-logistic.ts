/** One example: its terms, whether it is real, and what it weighs. */
export interface ConfidenceRow {
  terms: readonly number[];
  real: boolean;
  weight: number;
}

export interface Logistic {
  bias: number;
  weights: readonly number[];
}

/** Keeps a weight that the examples say little of near what was held before them. */
const ridge = 1;
const rounds = 4_000;

export function predict({ bias, weights }: Logistic, terms: readonly number[]): number {
  const logOdds = terms.reduce((sum, term, i) => sum + term * weights[i]!, bias);
  return 1 / (1 + Math.exp(-logOdds));
}

/**
 * Logistic regression whose weights keep the signs that are given: projected gradient steps, each
 * as long as the curvature allows at most.
 */
export function fitLogistic(
  rows: readonly ConfidenceRow[],
  signs: readonly (1 | -1)[],
  priors: readonly number[],
): Logistic {
  let bias = 0;
  const weights = [...priors];
  const steepest =
    rows.reduce((sum, { terms, weight }) => {
      return sum + (weight * (1 + terms.reduce((all, term) => all + term * term, 0))) / 4;
    }, 0) + ridge;
  // Nesterov's momentum, with which a few thousand rounds suffice.
  let lastBias = bias;
  let last = [...weights];
  for (let round = 0; round < rounds; round += 1) {
    const push = round / (round + 3);
    const ahead = weights.map((weight, i) => weight + push * (weight - last[i]!));
    const aheadBias = bias + push * (bias - lastBias);
    const slope = ahead.map((weight, i) => ridge * (weight - priors[i]!));
    let slopeBias = 0;
    for (const { terms, real, weight } of rows) {
      const miss = weight * (predict({ bias: aheadBias, weights: ahead }, terms) - (real ? 1 : 0));
      slopeBias += miss;
      for (let i = 0; i < terms.length; i += 1) slope[i]! += miss * terms[i]!;
    }
    lastBias = bias;
    last = [...weights];
    bias = aheadBias - slopeBias / steepest;
    for (let i = 0; i < weights.length; i += 1) {
      const next = ahead[i]! - slope[i]! / steepest;
      weights[i] = next * signs[i]! > 0 ? next : 0;
    }
  }
  return { bias, weights };
}

/** Mean square of what a probability misses. */
export function brier(
  rows: readonly ConfidenceRow[],
  probability: (row: ConfidenceRow) => number,
): number {
  let sum = 0;
  let weight = 0;
  for (const row of rows) {
    sum += row.weight * (probability(row) - (row.real ? 1 : 0)) ** 2;
    weight += row.weight;
  }
  return weight === 0 ? Number.NaN : sum / weight;
}

/**
 * The same weights with the bias at which the rows given are said to be as often real as they are
 * (calibration in the large). Half an outage is added to either side, so that all of a few rows being
 * real is no certainty.
 */
export function atRate(fitted: Logistic, rows: readonly ConfidenceRow[]): Logistic {
  const all = rows.reduce((sum, row) => sum + row.weight, 0);
  const real = rows.reduce((sum, row) => sum + (row.real ? row.weight : 0), 0);
  const wanted = (all * (real + 0.5)) / (all + 1);
  const said = (bias: number) =>
    rows.reduce((sum, row) => sum + row.weight * predict({ ...fitted, bias }, row.terms), 0);
  let low = -20;
  let high = 20;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (said(middle) < wanted) low = middle;
    else high = middle;
  }
  return { ...fitted, bias: high };
}
