import type { Stance } from '@outcry/contracts';
import { columns, quietStance, quietStances, signalStance } from './decide.ts';
import { macroF1 } from './metrics.ts';
import type { Decisions } from './train.ts';
import type { HeldBack } from './validate.ts';

/**
 * What is added, in log-odds, to the scores of stances that are rare: a model that is fitted to be
 * right most often would hardly ever say them. Chosen on text that was held back.
 */
export interface StanceShifts {
  relaying: number;
  recovered: number;
  asking: number;
}

export const noShifts: Readonly<StanceShifts> = { relaying: 0, recovered: 0, asking: 0 };

/** Texts that were held back in one way: their truth, their scores, and which were taken for signals. */
export interface HeldStances {
  truth: readonly Stance[];
  scores: readonly HeldBack[];
  signals: readonly boolean[];
}

/** The stance that follows from scores to which nothing is added yet. */
export function shiftedStance(
  { kinds, quiet }: Pick<HeldBack, 'kinds' | 'quiet'>,
  signal: boolean,
  shifts: StanceShifts,
): Stance {
  if (signal) return signalStance(kinds[columns.asking]! + shifts.asking);
  return quietStance(quietShifts(shifts).map((shift, i) => quiet[i]! + shift));
}

/** By column of the model's `quiet`. */
function quietShifts(shifts: StanceShifts): number[] {
  return quietStances.map((stance) => (stance === 'unrelated' ? 0 : shifts[stance]));
}

const steps = Array.from({ length: 31 }, (_, i) => (i - 10) / 10);
const rounds = 2;

/** The shifts with the best macro-F1, in the mean over all ways of holding back; one after the other. */
export function fitStanceShifts(ways: readonly HeldStances[]): StanceShifts {
  const value = (shifts: StanceShifts): number =>
    ways.reduce(
      (sum, { truth, scores, signals }) =>
        sum +
        macroF1(
          truth,
          scores.map((one, i) => shiftedStance(one, signals[i]!, shifts)),
        ),
      0,
    );
  let shifts: StanceShifts = { ...noShifts };
  let best = value(shifts);
  for (let round = 0; round < rounds; round++) {
    for (const stance of ['relaying', 'recovered', 'asking'] as const) {
      for (const step of steps) {
        const next = { ...shifts, [stance]: step };
        const reached = value(next);
        if (reached > best) [shifts, best] = [next, reached];
      }
    }
  }
  return shifts;
}

/** The same decisions with the shifts added to what they start from. */
export function shifted(decisions: Decisions, shifts: StanceShifts): Decisions {
  const { quiet, kinds } = decisions;
  const ofQuiet = quietShifts(shifts);
  const quietBias = quiet.bias.map((bias, i) => bias + ofQuiet[i]!);
  const kindsBias = kinds.bias.map((bias, i) =>
    i === columns.asking ? bias + shifts.asking : bias,
  );
  return {
    ...decisions,
    quiet: { ...quiet, bias: quietBias },
    kinds: { ...kinds, bias: kindsBias },
  };
}
