import { isSignalStance } from '@outcry/contracts';
import type { TargetMatcher } from '../create.ts';
import { calibrate } from '../decide.ts';
import type { Model, ModelHeader } from '../model.ts';
import type { LabelledText } from '../train.ts';
import { prepare } from '../train.ts';
import { trainModel, trainReader } from '../train-model.ts';
import { crossValidate, folds, scoresOf } from './cross-validate.ts';
import type { Comparison, WrittenFigures } from './figures.ts';
import { calibrationsByFold, compareOnWritten, figuresOf } from './figures.ts';
import type { AgreedLabel } from './labels.ts';
import { asTexts } from './labels.ts';
import {
  labelWeights,
  leastByLot,
  leastByLotOfEachSide,
  leastOfEachSide,
  unmeasuredWeight,
} from './limits.ts';

export interface LearnOptions {
  matcher: TargetMatcher;
  /** The model in force: its calibration says what it makes of the labels now. */
  inForce: Pick<ModelHeader, 'calibration' | 'threshold' | 'domainShift' | 'stanceShifts'>;
  seed: number;
  digest: (bytes: Uint8Array) => string;
  weights?: readonly number[];
  onProgress?: (done: number, total: number, doing: string) => void;
}

export interface Learnt {
  model: Model;
  weight: number;
  /** Null when there are too few labels to hold any back. */
  held:
    | (Comparison & {
        /** The same on labels drawn by lot, which alone stand for the stream; null when they are few. */
        byLot: Comparison | null;
        areas: { weight: number; area: number }[];
      })
    | null;
  /** On written text of services held back: what the labels cost there. */
  written: { before: WrittenFigures; after: WrittenFigures };
  /** Labels drawn by lot, and the signals among them. */
  byLot: { posts: number; signals: number };
  /** Whether probabilities were measured on labels drawn by lot, or on written text. */
  calibratedOn: 'labels' | 'written text';
}

/**
 * A model of written text and of labels of one's own stream. The weight of a label is chosen by
 * cross-validation over the labels; before and after are figures on labels that neither the model nor
 * the choice has seen.
 */
export function learn(
  texts: readonly LabelledText[],
  labels: readonly AgreedLabel[],
  { matcher, inForce, seed, digest, weights = labelWeights, onProgress }: LearnOptions,
): Learnt {
  const total = weights.length * folds + 4;
  const tell = (done: number, doing: string) => onProgress?.(done, total, doing);
  tell(0, 'reading texts');
  const { reader } = trainReader(texts, seed);
  const prepared = prepare(texts, matcher, reader);
  const labelKeys = prepare(
    labels.map(({ text, target }) => ({ text, service: target ?? 'unknown' })),
    matcher,
    reader,
  );
  const sides = [true, false].map(
    (side) => labels.filter(({ stance }) => isSignalStance(stance) === side).length,
  );
  const enough = Math.min(...sides) >= leastOfEachSide;
  const found = enough
    ? crossValidate(texts, prepared, labels, labelKeys, {
        seed,
        weights,
        onProgress: (done) => tell(done, 'holding labels back'),
      })
    : null;
  const weight = found?.weight ?? (weights.length === 1 ? weights[0]! : unmeasuredWeight);
  const learnt = asTexts(labels, weight);
  tell(total - 4, 'holding written text back');
  const written = compareOnWritten(texts, prepared, learnt, labelKeys, seed);
  tell(total - 2, 'building the model');
  const lot = labels.flatMap(({ selection }, i) => (selection === 'random' ? [i] : []));
  const signalsOfLot = lot.filter((i) => isSignalStance(labels[i]!.stance)).length;
  const byLot = { posts: lot.length, signals: signalsOfLot };
  const scores = found?.scores ?? [];
  const calibrationOf =
    found !== null && isMeasurable(byLot) ? calibrationsByFold(labels, scores) : null;
  const { model } = trainModel(texts, {
    matcher,
    seed,
    digest,
    labels: learnt,
    domainShift: inForce.domainShift,
    stanceShifts: inForce.stanceShifts,
    ...(calibrationOf === null
      ? {}
      : {
          measuredOn: {
            truth: lot.map((i) => isSignalStance(labels[i]!.stance)),
            scores: lot.map((i) => scores[i]!.signal),
            probabilities: lot.map((i) => calibrate(calibrationOf(i), scores[i]!.signal)),
          },
        }),
  });
  const scoresBefore = found === null ? [] : scoresOf(texts, prepared, labelKeys, seed);
  const compare = (list: readonly number[]): Comparison => ({
    before: figuresOf(labels, scoresBefore, list, () => inForce.calibration, inForce.threshold),
    after: figuresOf(
      labels,
      scores,
      list,
      calibrationOf ?? (() => model.header.calibration),
      model.header.threshold,
    ),
  });
  tell(total, 'done');
  return {
    model,
    weight,
    held:
      found === null
        ? null
        : {
            ...compare(labels.map((_, i) => i)),
            byLot:
              Math.min(signalsOfLot, lot.length - signalsOfLot) >= leastOfEachSide
                ? compare(lot)
                : null,
            areas: found.areas,
          },
    written,
    byLot,
    calibratedOn: calibrationOf === null ? 'written text' : 'labels',
  };
}

function isMeasurable({ posts, signals }: Learnt['byLot']): boolean {
  return posts >= leastByLot && Math.min(signals, posts - signals) >= leastByLotOfEachSide;
}
