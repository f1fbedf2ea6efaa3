import { describe, expect, it } from 'vitest';
import type { LinearModel } from './linear.ts';
import { LinearScorer, linearWeight } from './linear.ts';
import { KeyTable } from './table.ts';

/** A model whose weights reach both ends of what a weight can be. */
function model(columns: number, keys: readonly number[]): LinearModel {
  const weights = new Int8Array(keys.length * columns);
  for (let i = 0; i < weights.length; i++) weights[i] = [127, -128, 0, 37, -1][i % 5]!;
  return {
    columns,
    table: KeyTable.build(keys),
    weights,
    scales: new Float32Array(columns).fill(1),
    bias: new Float32Array(columns),
  };
}

describe('scores over several columns', () => {
  it.each([1, 4, 13, 26])('sum the weights of many rows exactly: %i columns', (columns) => {
    const keys = Array.from({ length: 300 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
    const scorer = new LinearScorer(model(columns, keys));
    const unknown = [12345, 99];
    // Asked twice: the sums of one text must not reach the next.
    for (const count of [300, 33, 1, 0]) {
      const some = Int32Array.from([...keys.slice(0, count), ...unknown]);
      const sums = scorer.score(some, some.length);
      expect(scorer.known).toBe(count);
      for (let column = 0; column < columns; column++) {
        let want = 0;
        for (const key of keys.slice(0, count)) {
          want += linearWeight(scorer.model, key, column, count);
        }
        expect(sums[column]).toBeCloseTo(count === 0 ? 0 : want, 8);
      }
    }
  });
});
