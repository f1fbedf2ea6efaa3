import type { KeyTable } from './table.ts';

/** A linear model: a row of int8 weights for each feature, one column for each decision. */
export interface LinearModel {
  readonly columns: number;
  readonly table: KeyTable;
  /** rows × columns. */
  readonly weights: Int8Array;
  /** Per column: what one step of a weight is worth, in log-odds. */
  readonly scales: Float32Array;
  readonly bias: Float32Array;
}

/** Sums the weights of the features that a text has, each once. Holds buffers: one per thread. */
export class LinearScorer {
  readonly model: LinearModel;
  readonly sums: Float64Array;
  readonly #totals: Int32Array;
  readonly #stamps: Uint32Array;
  #stamp = 0;
  /** Features of the last text that the model knows. */
  known = 0;

  constructor(model: LinearModel) {
    this.model = model;
    this.sums = new Float64Array(model.columns);
    this.#totals = new Int32Array(model.columns);
    this.#stamps = new Uint32Array(model.weights.length / model.columns);
  }

  score(keys: Int32Array, count: number): Float64Array {
    const { columns, table, weights, scales, bias } = this.model;
    const totals = this.#totals;
    totals.fill(0);
    this.#stamp++;
    if (this.#stamp > 0xffff_ffff) {
      this.#stamps.fill(0);
      this.#stamp = 1;
    }
    this.known = 0;
    for (let i = 0; i < count; i++) {
      const row = table.row(keys[i]!);
      if (row < 0 || this.#stamps[row] === this.#stamp) continue;
      this.#stamps[row] = this.#stamp;
      this.known++;
      let at = row * columns;
      for (let column = 0; column < columns; column++) totals[column]! += weights[at++]!;
    }
    for (let column = 0; column < columns; column++) {
      this.sums[column] = totals[column]! * scales[column]! + bias[column]!;
    }
    return this.sums;
  }

  /** Weight of one feature in one column, in log-odds; 0 when the model does not know it. */
  weight(key: number, column: number): number {
    const row = this.model.table.row(key);
    if (row < 0) return 0;
    return this.model.weights[row * this.model.columns + column]! * this.model.scales[column]!;
  }
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
