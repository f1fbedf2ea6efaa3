import { describe, expect, it } from 'vitest';
import { columns } from './decide.ts';
import { macroF1 } from './metrics.ts';
import type { HeldStances } from './stance-shifts.ts';
import { fitStanceShifts, noShifts, shiftedStance } from './stance-shifts.ts';

/** Scores with which a stance is said, `short` below what it would take. */
function scores(asking: number, relaying: number, recovered: number) {
  const kinds = new Float64Array(columns.count);
  kinds[columns.asking] = asking;
  return { signal: 0, kinds, quiet: Float64Array.from([relaying, recovered, 0]) };
}

/** Rare stances that score 0.65 too low, beside common ones that score far lower still. */
const shy: HeldStances = {
  truth: [
    ...Array(5).fill('relaying'),
    ...Array(5).fill('asking'),
    ...Array(40).fill('unrelated'),
    ...Array(40).fill('affected'),
  ],
  scores: [
    ...Array(5).fill(scores(-3, -0.65, -3)),
    ...Array(5).fill(scores(-0.65, -3, -3)),
    ...Array(40).fill(scores(-3, -2, -3)),
    ...Array(40).fill(scores(-2, -3, -3)),
  ],
  signals: [
    ...Array(5).fill(false),
    ...Array(5).fill(true),
    ...Array(40).fill(false),
    ...Array(40).fill(true),
  ],
};

describe('shifts of rare stances', () => {
  it('let them be said where they are likelier than their number', () => {
    const shifts = fitStanceShifts([shy]);
    const said = (with_: typeof shifts) =>
      shy.scores.map((one, i) => shiftedStance(one, shy.signals[i]!, with_));
    expect(macroF1(shy.truth, said(noShifts))).toBeLessThan(0.5);
    expect(macroF1(shy.truth, said(shifts))).toBe(1);
    expect(shifts.relaying).toBeGreaterThan(0.6);
    expect(shifts.asking).toBeGreaterThan(0.6);
  });

  it('stay at nothing where nothing is gained', () => {
    const sure = {
      truth: ['recovered', 'unrelated'] as const,
      scores: [scores(0, -3, 3), scores(0, -3, -3)],
      signals: [false, false],
    };
    expect(fitStanceShifts([sure])).toEqual(noShifts);
  });
});
