import { isSignalStance } from '@outcry/contracts';
import { fitCalibration } from '../calibration.ts';
import { calibrate, decideTypes } from '../decide.ts';
import { areaUnderCurve, binaryFigures, reliability } from '../metrics.ts';
import type { CalibrationPoint } from '../model.ts';
import type { LabelledText, Prepared } from '../train.ts';
import { pointsOfLabels } from '../train-model.ts';
import { foldOfText } from '../validate.ts';
import type { HeldBackScore } from './cross-validate.ts';
import { foldOfLabel, folds, scoresOf } from './cross-validate.ts';
import type { AgreedLabel } from './labels.ts';

export interface LearningFigures {
  posts: number;
  signals: number;
  f1: number;
  areaUnderCurve: number;
  calibrationError: number;
  /** Of the signals with a type: how many of their main types are told right. */
  typesRight: number;
  typed: number;
}

/** Before is a model of written text alone. */
export interface Comparison {
  before: LearningFigures;
  after: LearningFigures;
}

/** As `LearningFigures`; the F1 is where the raw score is even, since no calibration is at hand. */
export type WrittenFigures = Omit<LearningFigures, 'calibrationError'>;

/** What the labels cost, or bring, on written text of services that a model has not read about. */
export function compareOnWritten(
  texts: readonly LabelledText[],
  prepared: Prepared,
  learnt: readonly LabelledText[],
  labelKeys: Prepared,
  seed: number,
): { before: WrittenFigures; after: WrittenFigures } {
  const isTest = texts.map((text) => (text.doubt ?? 0) === 0 && foldOfText(text, folds) === 0);
  const test = texts.flatMap((_, i) => (isTest[i] ? [i] : []));
  const inside = texts.flatMap((_, i) => (isTest[i] ? [] : [i]));
  const testTexts = test.map((i) => texts[i]!);
  const testKeys = { keys: test.map((i) => prepared.keys[i]!) };
  const figures = (more: readonly LabelledText[], keys: readonly Int32Array[]): WrittenFigures => {
    const scores = scoresOf(
      [...inside.map((i) => texts[i]!), ...more],
      { keys: [...inside.map((i) => prepared.keys[i]!), ...keys] },
      testKeys,
      seed,
    );
    const all = testTexts.map((_, i) => i);
    const { calibrationError: _, ...rest } = figuresOf(testTexts, scores, all, () => evenOdds, 0.5);
    return rest;
  };
  return { before: figures([], []), after: figures(learnt, labelKeys.keys) };
}

/** What a raw score says by itself, near its middle. */
const evenOdds: readonly CalibrationPoint[] = [
  { score: -1, p: 0.25 },
  { score: 1, p: 0.75 },
];

/** @param list places, in labels and scores, of those to look at */
export function figuresOf(
  labels: readonly Pick<AgreedLabel, 'stance' | 'types'>[],
  scores: readonly HeldBackScore[],
  list: readonly number[],
  calibrationOf: (label: number) => readonly CalibrationPoint[],
  threshold: number,
): LearningFigures {
  const truth = list.map((i) => isSignalStance(labels[i]!.stance));
  const raw = list.map((i) => scores[i]!.signal);
  const probabilities = list.map((i, k) => calibrate(calibrationOf(i), raw[k]!));
  const said = probabilities.map((p) => p >= threshold);
  const { f1, positives } = binaryFigures(truth, said);
  const typed = list.filter((i, k) => truth[k] && labels[i]!.types.length > 0);
  return {
    posts: list.length,
    signals: positives,
    f1,
    areaUnderCurve: areaUnderCurve(truth, raw),
    calibrationError: reliability(truth, probabilities).error,
    typesRight: typed.filter((i) => labels[i]!.types.includes(decideTypes(scores[i]!.kinds, 1)[0]!))
      .length,
    typed: typed.length,
  };
}

/** For each label the calibration of the other folds: its own would flatter. */
export function calibrationsByFold(
  labels: readonly AgreedLabel[],
  scores: readonly HeldBackScore[],
): (label: number) => readonly CalibrationPoint[] {
  const foldOf = labels.map(foldOfLabel);
  const byFold = Array.from({ length: folds }, (_, fold) => {
    const others = labels.flatMap(({ selection }, i) =>
      foldOf[i] !== fold && selection === 'random' ? [i] : [],
    );
    return fitCalibration(
      others.map((i) => isSignalStance(labels[i]!.stance)),
      others.map((i) => scores[i]!.signal),
      others.map(() => 1),
      pointsOfLabels,
    );
  });
  return (label) => byFold[foldOf[label]!]!;
}
