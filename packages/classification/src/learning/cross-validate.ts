import { isSignalStance } from '@outcry/contracts';
import { splitHash } from '../fit.ts';
import { hashedScore, LinearScorer } from '../linear.ts';
import { areaUnderCurve } from '../metrics.ts';
import type { LabelledText, Prepared } from '../train.ts';
import { trainDecisions } from '../train.ts';
import type { AgreedLabel } from './labels.ts';
import { asTexts } from './labels.ts';

/** What a model says of a text that it has not learnt from. */
export interface HeldBackScore {
  /** Raw score of a signal, log-odds. */
  signal: number;
  /** Raw scores as `columns` of decide.ts has them. */
  kinds: Float64Array;
}

export const folds = 5;

/** Copies of a text lie in one fold. */
export function foldOfLabel({ cluster }: Pick<AgreedLabel, 'cluster'>): number {
  return splitHash(cluster) % folds;
}

export interface CrossValidateOptions {
  seed: number;
  /** Weights to choose from: how many written texts one label counts for. */
  weights: readonly number[];
  onProgress?: (done: number, total: number) => void;
}

export interface CrossValidated {
  /** The weight with the greatest area under the curve over all labels; of much the same the least. */
  weight: number;
  /**
   * Per label the scores of a model that learnt from the other folds, at the weight that was best
   * for those: neither text nor weight has seen the label.
   */
  scores: HeldBackScore[];
  /** Area under the curve by weight. */
  areas: { weight: number; area: number }[];
}

/** What labels add at each weight, measured on labels held back. */
export function crossValidate(
  texts: readonly LabelledText[],
  prepared: Prepared,
  labels: readonly AgreedLabel[],
  labelKeys: Prepared,
  { seed, weights, onProgress }: CrossValidateOptions,
): CrossValidated {
  const foldOf = labels.map(foldOfLabel);
  const truth = labels.map(({ stance }) => isSignalStance(stance));
  const byWeight = new Map<number, HeldBackScore[]>();
  let done = 0;
  for (const weight of weights) {
    const scores: HeldBackScore[] = new Array(labels.length);
    for (let fold = 0; fold < folds; fold += 1) {
      const outside = indices(labels, (i) => foldOf[i] === fold);
      const inside = indices(labels, (i) => foldOf[i] !== fold);
      const learnt = [
        ...texts,
        ...asTexts(
          inside.map((i) => labels[i]!),
          weight,
        ),
      ];
      const keys = { keys: [...prepared.keys, ...inside.map((i) => labelKeys.keys[i]!)] };
      const found = scoresOf(learnt, keys, { keys: outside.map((i) => labelKeys.keys[i]!) }, seed);
      for (const [k, i] of outside.entries()) scores[i] = found[k]!;
      done += 1;
      onProgress?.(done, weights.length * folds);
    }
    byWeight.set(weight, scores);
  }
  const all = indices(labels, () => true);
  const scores = labels.map((_, i) => {
    const others = indices(labels, (j) => foldOf[j] !== foldOf[i]);
    return byWeight.get(bestWeight(byWeight, truth, others))![i]!;
  });
  return {
    weight: bestWeight(byWeight, truth, all),
    scores,
    areas: [...byWeight].map(([weight, found]) => ({ weight, area: areaOf(found, truth, all) })),
  };
}

/** Areas that lie no further apart are one as good as the other: of some hundred labels it is noise. */
const sameArea = 0.002;

function bestWeight(
  byWeight: ReadonlyMap<number, readonly HeldBackScore[]>,
  truth: readonly boolean[],
  list: readonly number[],
): number {
  const areas = [...byWeight].map(([weight, scores]) => ({
    weight,
    area: areaOf(scores, truth, list),
  }));
  const most = Math.max(...areas.map(({ area }) => area));
  const good = areas.filter(({ area }) => area >= most - sameArea);
  return Math.min(...good.map(({ weight }) => weight));
}

function areaOf(
  scores: readonly HeldBackScore[],
  truth: readonly boolean[],
  list: readonly number[],
): number {
  return areaUnderCurve(
    list.map((i) => truth[i]!),
    list.map((i) => scores[i]!.signal),
  );
}

/** Scores of other texts by a model of these. */
export function scoresOf(
  texts: readonly LabelledText[],
  prepared: Prepared,
  others: Prepared,
  seed: number,
): HeldBackScore[] {
  const model = trainDecisions(texts, prepared, { fit: { seed } });
  const kinds = new LinearScorer(model.kinds);
  return others.keys.map((keys) => ({
    signal: hashedScore(model.signal, keys, keys.length),
    kinds: kinds.score(keys, keys.length).slice(),
  }));
}

function indices(list: readonly unknown[], keep: (index: number) => boolean): number[] {
  return list.flatMap((_, i) => (keep(i) ? [i] : []));
}
