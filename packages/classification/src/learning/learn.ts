import { isSignalStance } from '@outcry/contracts';
import { fitCalibration } from '../calibration.ts';
import type { TargetMatcher } from '../create.ts';
import { calibrate, decideTypes } from '../decide.ts';
import { splitHash } from '../fit.ts';
import { hashedScore } from '../linear.ts';
import { areaUnderCurve, binaryFigures, reliability } from '../metrics.ts';
import type { CalibrationPoint, Model, ModelHeader } from '../model.ts';
import type { LabelledText, Prepared } from '../train.ts';
import { prepare, trainDecisions } from '../train.ts';
import { pointsOfLabels, trainDetector, trainModel } from '../train-model.ts';
import { foldOfText } from '../validate.ts';
import type { HeldBackScore } from './cross-validate.ts';
import { crossValidate, scoreWithout } from './cross-validate.ts';
import type { AgreedLabel } from './labels.ts';
import { asTexts } from './labels.ts';

/** Weights to choose from: how many written texts a label counts for. */
export const labelWeights = [2, 4, 8, 16] as const;
const folds = 5;
/** With fewer labels on either side a cross-validation says nothing; labels count this much then. */
const leastOfEachSide = 10;
const unmeasuredWeight = 4;
/** Probabilities are measured on labels drawn by lot once there are so many. */
export const leastByLot = 100;

export interface LearnOptions {
  matcher: TargetMatcher;
  /** The model in force: its calibration says what it makes of the labels now. */
  inForce: Pick<ModelHeader, 'calibration' | 'threshold' | 'domainShift'>;
  seed: number;
  digest: (bytes: Uint8Array) => string;
  weights?: readonly number[];
  onProgress?: (done: number, total: number, doing: string) => void;
}

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

export interface Learnt {
  model: Model;
  weight: number;
  /** Null when there are too few labels to hold any back. */
  held: {
    before: LearningFigures;
    after: LearningFigures;
    areas: { weight: number; area: number }[];
  } | null;
  /** Area under the curve on written text of services held back: what the labels cost there. */
  written: { before: number; after: number };
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
  const { detector } = trainDetector(texts, seed);
  const prepared = prepare(texts, matcher, detector);
  const labelKeys = prepare(
    labels.map(({ text, target }) => ({ text, service: target ?? 'unknown' })),
    matcher,
    detector,
  );
  const sides = [true, false].map(
    (side) => labels.filter(({ stance }) => isSignalStance(stance) === side).length,
  );
  const enough = Math.min(...sides) >= leastOfEachSide;
  const found = enough
    ? crossValidate(texts, prepared, labels, labelKeys, {
        seed,
        weights,
        folds,
        onProgress: (done) => tell(done, 'holding labels back'),
      })
    : null;
  const weight = found?.weight ?? unmeasuredWeight;
  const learnt = asTexts(labels, weight);
  tell(total - 4, 'holding written text back');
  const written = compareOnWritten(texts, prepared, learnt, labelKeys, seed);
  tell(total - 2, 'building the model');
  const byLot = labels.flatMap(({ selection }, i) => (selection === 'random' ? [i] : []));
  const measurable = found !== null && byLot.length >= leastByLot;
  const { model } = trainModel([...texts, ...learnt], {
    matcher,
    seed,
    digest,
    domainShift: inForce.domainShift,
    ...(measurable
      ? {
          measuredOn: {
            truth: byLot.map((i) => isSignalStance(labels[i]!.stance)),
            scores: byLot.map((i) => found.scores[i]!.signal),
          },
        }
      : {}),
  });
  const held =
    found === null
      ? null
      : {
          before: figuresOf(
            labels,
            scoreWithout(texts, prepared, labelKeys, seed),
            () => inForce.calibration,
            inForce.threshold,
          ),
          after: figuresOf(
            labels,
            found.scores,
            measurable ? calibrationsByFold(labels, found.scores) : () => model.header.calibration,
            model.header.threshold,
          ),
          areas: found.areas,
        };
  tell(total, 'done');
  return { model, weight, held, written, calibratedOn: measurable ? 'labels' : 'written text' };
}

/** What the labels cost, or bring, on written text of services that a model has not read about. */
function compareOnWritten(
  texts: readonly LabelledText[],
  prepared: Prepared,
  learnt: readonly LabelledText[],
  labelKeys: Prepared,
  seed: number,
): { before: number; after: number } {
  const isTest = texts.map((text) => (text.doubt ?? 0) === 0 && foldOfText(text, folds) === 0);
  const test = texts.flatMap((_, i) => (isTest[i] ? [i] : []));
  const inside = texts.flatMap((_, i) => (isTest[i] ? [] : [i]));
  const area = (more: readonly LabelledText[], keys: readonly Int32Array[]) => {
    const { signal } = trainDecisions(
      [...inside.map((i) => texts[i]!), ...more],
      { keys: [...inside.map((i) => prepared.keys[i]!), ...keys] },
      { fit: { seed } },
    );
    return areaUnderCurve(
      test.map((i) => isSignalStance(texts[i]!.stance)),
      test.map((i) => hashedScore(signal, prepared.keys[i]!, prepared.keys[i]!.length)),
    );
  };
  return { before: area([], []), after: area(learnt, labelKeys.keys) };
}

function figuresOf(
  labels: readonly AgreedLabel[],
  scores: readonly HeldBackScore[],
  calibrationOf: (label: number) => readonly CalibrationPoint[],
  threshold: number,
): LearningFigures {
  const truth = labels.map(({ stance }) => isSignalStance(stance));
  const probabilities = scores.map(({ signal }, i) => calibrate(calibrationOf(i), signal));
  const figures = binaryFigures(
    truth,
    probabilities.map((p) => p >= threshold),
  );
  const typed = labels.flatMap(({ types }, i) => (types.length > 0 ? [i] : []));
  return {
    posts: labels.length,
    signals: figures.positives,
    f1: figures.f1,
    areaUnderCurve: areaUnderCurve(
      truth,
      scores.map(({ signal }) => signal),
    ),
    calibrationError: reliability(truth, probabilities).error,
    typesRight: typed.filter((i) => labels[i]!.types.includes(decideTypes(scores[i]!.kinds, 1)[0]!))
      .length,
    typed: typed.length,
  };
}

/** For each label the calibration of the other folds: its own would flatter. */
function calibrationsByFold(
  labels: readonly AgreedLabel[],
  scores: readonly HeldBackScore[],
): (label: number) => readonly CalibrationPoint[] {
  const foldOf = labels.map(({ cluster }) => splitHash(cluster) % folds);
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
