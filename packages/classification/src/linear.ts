import { featureValue } from './fit.ts';
import type { KeyTable } from './table.ts';

/** A row of int8 weights for each known feature, one column for each decision. */
export interface LinearModel {
  readonly columns: number;
  readonly table: KeyTable;
  /** rows × columns. */
  readonly weights: Int8Array;
  /** Per column: what one step of a weight is worth, in log-odds. */
  readonly scales: Float32Array;
  readonly bias: Float32Array;
}

/**
 * One decision over every feature, also those seen once: the low bits of a key are its row, and what
 * collides shares a weight.
 */
export interface HashedModel {
  /** A power of two long. */
  readonly weights: Int8Array;
  readonly scale: number;
  readonly bias: number;
}

/** Sums the weights of the features of a text. Holds buffers: one per thread. */
export class LinearScorer {
  readonly model: LinearModel;
  readonly sums: Float64Array;
  readonly #totals: Int32Array;
  /** Features of the last text that the model knows. */
  known = 0;

  constructor(model: LinearModel) {
    this.model = model;
    this.sums = new Float64Array(model.columns);
    this.#totals = new Int32Array(model.columns);
  }

  /** @param keys each once */
  score(keys: Int32Array, count: number): Float64Array {
    const { columns, table, weights, scales, bias } = this.model;
    const totals = this.#totals;
    totals.fill(0);
    let known = 0;
    for (let i = 0; i < count; i++) {
      const row = table.row(keys[i]!);
      if (row < 0) continue;
      known++;
      const at = row * columns;
      for (let column = 0; column < columns; column++) totals[column]! += weights[at + column]!;
    }
    this.known = known;
    const value = featureValue(known);
    for (let column = 0; column < columns; column++) {
      this.sums[column] = totals[column]! * scales[column]! * value + bias[column]!;
    }
    return this.sums;
  }

  /** Weight of one feature in one column of the last text, in log-odds; 0 when it is not known. */
  weight(key: number, column: number): number {
    const row = this.model.table.row(key);
    if (row < 0) return 0;
    const weight = this.model.weights[row * this.model.columns + column]!;
    return weight * this.model.scales[column]! * featureValue(this.known);
  }
}

/** @param keys each once */
export function hashedScore(model: HashedModel, keys: Int32Array, count: number): number {
  const mask = model.weights.length - 1;
  let total = 0;
  for (let i = 0; i < count; i++) total += model.weights[keys[i]! & mask]!;
  return total * model.scale * featureValue(count) + model.bias;
}

export function hashedWeight(model: HashedModel, key: number, count: number): number {
  return model.weights[key & (model.weights.length - 1)]! * model.scale * featureValue(count);
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
