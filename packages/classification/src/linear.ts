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
 * Decisions over every feature, also those seen once: the low bits of a key are its row, and what
 * collides shares its weights. Small enough to stay in a processor's cache, which a table of keys is
 * not: at a hundred features a text that is what costs time.
 */
export interface HashedModel {
  readonly columns: number;
  /** Rows, a power of two, × columns. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly bias: Float32Array;
}

/** Sums the weights of the features of a text. Holds buffers: one per thread. */
export class LinearScorer {
  readonly model: LinearModel;
  readonly sums: Float64Array;
  readonly #totals: Int32Array;
  readonly #lanes: Lanes;
  /** Where the rows of known features begin in the lanes. */
  readonly #found = new Int32Array(laneRows);
  /** Features of the last text that the model knows. */
  known = 0;

  constructor(model: LinearModel) {
    this.model = model;
    this.sums = new Float64Array(model.columns);
    this.#lanes = lanesOf(model);
    this.#totals = new Int32Array(this.#lanes.width * laneCount);
  }

  /** @param keys each once */
  score(keys: Int32Array, count: number): Float64Array {
    const { columns, table, scales, bias } = this.model;
    const { width } = this.#lanes;
    const found = this.#found;
    this.#totals.fill(0);
    let known = 0;
    let pending = 0;
    for (let i = 0; i < count; i++) {
      const row = table.row(keys[i]!);
      if (row < 0) continue;
      known++;
      found[pending++] = row * width;
      if (pending === laneRows) {
        this.#add(pending);
        pending = 0;
      }
    }
    if (pending > 0) this.#add(pending);
    this.known = known;
    const value = featureValue(known);
    const totals = this.#totals;
    for (let column = 0; column < columns; column++) {
      this.sums[column] = totals[column]! * scales[column]! * value + bias[column]!;
    }
    return this.sums;
  }

  /** Adds the first `count` rows found to the totals: sixteen columns at a time, in registers. */
  #add(count: number): void {
    const { rows, width } = this.#lanes;
    const found = this.#found;
    for (let k = 0; k < width; k += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let i = 0; i < count; i++) {
        const at = found[i]! + k;
        a += rows[at]!;
        b += rows[at + 1]!;
        c += rows[at + 2]!;
        d += rows[at + 3]!;
      }
      const column = k * laneCount;
      const bias = laneBias * count;
      this.#spread(a, column, bias);
      this.#spread(b, column + laneCount, bias);
      this.#spread(c, column + 2 * laneCount, bias);
      this.#spread(d, column + 3 * laneCount, bias);
    }
  }

  /** Takes four columns out of the number that holds them. */
  #spread(sums: number, column: number, bias: number): void {
    const totals = this.#totals;
    let rest = sums;
    for (let i = column; i < column + laneCount; i++) {
      const above = Math.floor(rest / laneSize);
      totals[i]! += rest - above * laneSize - bias;
      rest = above;
    }
  }
}

/**
 * The weights of a model four to a number, so that one addition sums four columns: a weight plus
 * `laneBias` takes 8 bits, a lane has 13, four lanes fill the 53 bits that a number holds exactly.
 */
interface Lanes {
  /** Numbers a row, a multiple of four: sixteen columns are summed at a time. */
  width: number;
  rows: Float64Array;
}

const laneCount = 4;
const laneSize = 2 ** 13;
const laneBias = 128;
/** Rows that a lane can take: 32 × 255 < 2^13. */
const laneRows = 32;

const knownLanes = new WeakMap<LinearModel, Lanes>();

function lanesOf(model: LinearModel): Lanes {
  const known = knownLanes.get(model);
  if (known !== undefined) return known;
  const { columns, weights } = model;
  const width = Math.ceil(columns / laneCount / 4) * 4;
  const count = weights.length / columns;
  const rows = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let column = columns - 1; column >= 0; column--) {
      const at = row * width + (column >> 2);
      rows[at] = rows[at]! * laneSize + weights[row * columns + column]! + laneBias;
    }
  }
  const lanes = { width, rows };
  knownLanes.set(model, lanes);
  return lanes;
}

/** What one feature adds to a column of a text of `known` known features, in log-odds. */
export function linearWeight(
  model: LinearModel,
  key: number,
  column: number,
  known: number,
): number {
  const row = model.table.row(key);
  if (row < 0) return 0;
  const weight = model.weights[row * model.columns + column]!;
  return weight * model.scales[column]! * featureValue(known);
}

/**
 * Sums into `sums`, one per column.
 *
 * @param keys each once
 */
export function hashedScores(
  model: HashedModel,
  keys: Int32Array,
  count: number,
  sums: Float64Array,
): Float64Array {
  const { columns, weights, scales, bias } = model;
  const mask = weights.length / columns - 1;
  sums.fill(0);
  for (let i = 0; i < count; i++) {
    const at = (keys[i]! & mask) * columns;
    for (let column = 0; column < columns; column++) sums[column]! += weights[at + column]!;
  }
  const value = featureValue(count);
  for (let column = 0; column < columns; column++) {
    sums[column] = sums[column]! * scales[column]! * value + bias[column]!;
  }
  return sums;
}

/** The same for a model of one column. */
export function hashedScore(model: HashedModel, keys: Int32Array, count: number): number {
  const { weights } = model;
  const mask = weights.length - 1;
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[keys[i]! & mask]!;
  return total * model.scales[0]! * featureValue(count) + model.bias[0]!;
}

/** What one of `count` features adds to a column, in log-odds. */
export function hashedWeight(
  model: HashedModel,
  key: number,
  column: number,
  count: number,
): number {
  const { columns, weights, scales } = model;
  const row = key & (weights.length / columns - 1);
  return weights[row * columns + column]! * scales[column]! * featureValue(count);
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
