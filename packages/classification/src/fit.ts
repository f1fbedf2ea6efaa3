import { combine } from './scan.ts';

/** A seeded generator (mulberry32): the same seed gives the same model, byte for byte. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A group of columns that is decided together: one column alone is yes or no, several are one of many. */
export interface Head {
  name: string;
  /** First column and number of columns. */
  from: number;
  columns: number;
  /** Per text: the column within the head (0 or 1 for a head of one column), -1 where it has no say. */
  labels: Int8Array;
  /** For a head of one column: what the label is worth, 0 to 1, where it is not sure. */
  targets?: Float32Array;
}

export interface FitOptions {
  seed: number;
  epochs: number;
  /** Step of AdaGrad. */
  rate: number;
  /** L2 penalty on the weights, added at each text that has the feature. */
  penalty: number;
}

export const defaultFit: FitOptions = { seed: 1, epochs: 6, rate: 0.07, penalty: 0.03 };

export interface Fitted {
  columns: number;
  /** rows × columns. */
  weights: Float32Array;
  bias: Float32Array;
}

/**
 * What each present feature counts for in a text of so many features. Long reviews hold praise and
 * blame in one; without this they outshout every short text.
 */
export function featureValue(features: number): number {
  return Math.sqrt(60 / Math.max(20, features));
}

/**
 * Logistic regression by AdaGrad with L2; the weights are the mean of those after each epoch of the
 * second half. Scaling features by log-count ratios (naive Bayes) was tried: it made held-back
 * services worse.
 *
 * @param texts row numbers of each text's features, without repeats
 * @param weight how much each text counts
 */
export function fit(
  texts: readonly Int32Array[],
  weight: Float32Array,
  rows: number,
  heads: readonly Head[],
  options: FitOptions,
): Fitted {
  const columns = heads.reduce((sum, head) => Math.max(sum, head.from + head.columns), 0);
  const w = new Float32Array(rows * columns);
  const squares = new Float32Array(rows * columns).fill(1e-6);
  const bias = new Float32Array(columns);
  const biasSquares = new Float32Array(columns).fill(1e-6);
  const average = new Float32Array(rows * columns);
  const averageBias = new Float32Array(columns);
  const order = Int32Array.from(texts, (_, i) => i);
  const random = seededRandom(options.seed);
  const z = new Float64Array(columns);
  const gradient = new Float64Array(columns);
  const averaged = Math.max(1, Math.ceil(options.epochs / 2));
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    for (const text of order) {
      const active = texts[text]!;
      const value = featureValue(active.length);
      z.fill(0);
      for (const row of active) {
        const at = row * columns;
        for (let c = 0; c < columns; c++) z[c]! += w[at + c]!;
      }
      for (let c = 0; c < columns; c++) z[c] = z[c]! * value + bias[c]!;
      gradients(z, gradient, heads, text, weight[text]!);
      for (let c = 0; c < columns; c++) {
        const g = gradient[c]!;
        if (g === 0) continue;
        biasSquares[c]! += g * g;
        bias[c]! -= (options.rate * g) / Math.sqrt(biasSquares[c]!);
      }
      for (const row of active) {
        const at = row * columns;
        for (let c = 0; c < columns; c++) {
          const base = gradient[c]!;
          if (base === 0) continue;
          const g = base * value + options.penalty * w[at + c]!;
          squares[at + c]! += g * g;
          w[at + c]! -= (options.rate * g) / Math.sqrt(squares[at + c]!);
        }
      }
    }
    if (epoch < options.epochs - averaged) continue;
    for (let i = 0; i < w.length; i++) average[i]! += w[i]! / averaged;
    for (let c = 0; c < columns; c++) averageBias[c]! += bias[c]! / averaged;
  }
  return { columns, weights: average, bias: averageBias };
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
}

function gradients(
  z: Float64Array,
  gradient: Float64Array,
  heads: readonly Head[],
  text: number,
  weight: number,
): void {
  gradient.fill(0);
  for (const head of heads) {
    const label = head.labels[text]!;
    if (label < 0) continue;
    if (head.columns === 1) {
      gradient[head.from] =
        weight * (1 / (1 + Math.exp(-z[head.from]!)) - (head.targets?.[text] ?? label));
      continue;
    }
    let max = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < head.columns; c++) max = Math.max(max, z[head.from + c]!);
    let sum = 0;
    for (let c = 0; c < head.columns; c++) sum += Math.exp(z[head.from + c]! - max);
    for (let c = 0; c < head.columns; c++) {
      const p = Math.exp(z[head.from + c]! - max) / sum;
      gradient[head.from + c] = weight * (p - (c === label ? 1 : 0));
    }
  }
}

/** Int8 weights with one scale per column. */
export function quantise(fitted: Fitted): { weights: Int8Array; scales: Float32Array } {
  const { columns, weights } = fitted;
  const scales = new Float32Array(columns);
  for (let i = 0; i < weights.length; i++) {
    const c = i % columns;
    scales[c] = Math.max(scales[c]!, Math.abs(weights[i]!));
  }
  for (let c = 0; c < columns; c++) scales[c] = scales[c]! / 127 || 1;
  const bytes = new Int8Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    bytes[i] = Math.max(-127, Math.min(127, Math.round(weights[i]! / scales[i % columns]!)));
  }
  return { weights: bytes, scales };
}

/** A stable hash of labels and text, for splits that do not move when texts are added. */
export function splitHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return combine(hash, 0x51) >>> 0;
}
