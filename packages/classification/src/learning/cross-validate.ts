import { isSignalStance } from '@outcry/contracts';
import { splitHash } from '../fit.ts';
import { hashedScore, LinearScorer } from '../linear.ts';
import { areaUnderCurve } from '../metrics.ts';
import type { LabelledText, Prepared } from '../train.ts';
import { trainDecisions } from '../train.ts';
import type { AgreedLabel } from './labels.ts';
import { asTexts } from './labels.ts';

/** What a model says of a labelled post that it has not learnt from. */
export interface HeldBackScore {
  /** Raw score of a signal, log-odds. */
  signal: number;
  /** Raw scores as `columns` of decide.ts has them. */
  kinds: Float64Array;
}

export interface CrossValidateOptions {
  seed: number;
  /** Weights to choose from: how many written texts one label counts for. */
  weights: readonly number[];
  folds: number;
  onProgress?: (done: number, total: number) => void;
}

export interface CrossValidated {
  /** The weight with the greatest area under the curve over all labels; of equals the least. */
  weight: number;
  /**
   * Per label the scores of a model that learnt from the other folds, at the weight that was best
   * for those: neither text nor weight has seen the label.
   */
  scores: HeldBackScore[];
  /** Area under the curve by weight. */
  areas: { weight: number; area: number }[];
}

/** Scores of a model of written text alone. */
export function scoreWithout(
  texts: readonly LabelledText[],
  prepared: Prepared,
  labels: Prepared,
  seed: number,
): HeldBackScore[] {
  return scoreLabels(texts, prepared, labels, seed);
}

/**
 * What labels add at each weight, measured on labels held back: copies of a text lie in one fold.
 */
export function crossValidate(
  texts: readonly LabelledText[],
  prepared: Prepared,
  labels: readonly AgreedLabel[],
  labelKeys: Prepared,
  { seed, weights, folds, onProgress }: CrossValidateOptions,
): CrossValidated {
  const foldOf = labels.map(({ cluster }) => splitHash(cluster) % folds);
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
      const found = scoreLabels(
        learnt,
        keys,
        { keys: outside.map((i) => labelKeys.keys[i]!) },
        seed,
      );
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

function bestWeight(
  byWeight: ReadonlyMap<number, readonly HeldBackScore[]>,
  truth: readonly boolean[],
  list: readonly number[],
): number {
  let best = Number.NaN;
  let bestArea = Number.NEGATIVE_INFINITY;
  for (const [weight, scores] of byWeight) {
    const area = areaOf(scores, truth, list);
    if (area > bestArea) {
      best = weight;
      bestArea = area;
    }
  }
  return best;
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

function scoreLabels(
  texts: readonly LabelledText[],
  prepared: Prepared,
  labels: Prepared,
  seed: number,
): HeldBackScore[] {
  const model = trainDecisions(texts, prepared, { fit: { seed } });
  const kinds = new LinearScorer(model.kinds);
  return labels.keys.map((keys) => ({
    signal: hashedScore(model.signal, keys, keys.length),
    kinds: kinds.score(keys, keys.length).slice(),
  }));
}

function indices(list: readonly unknown[], keep: (index: number) => boolean): number[] {
  return list.flatMap((_, i) => (keep(i) ? [i] : []));
}
