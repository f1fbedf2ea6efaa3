import { isSignalStance } from '@outcry/contracts';
import { fitCalibration } from './calibration.ts';
import type { TargetMatcher } from './create.ts';
import { compileCues } from './cues/compile.ts';
import { cueLexicons } from './cues/index.ts';
import { calibrate } from './decide.ts';
import { LanguageDetector } from './language.ts';
import type { LinearModel } from './linear.ts';
import { areaUnderCurve, binaryFigures, reliability } from './metrics.ts';
import type { CalibrationPoint, Model, ModelHeader } from './model.ts';
import { encodeModel } from './model.ts';
import type { HeldStances, StanceShifts } from './stance-shifts.ts';
import { fitStanceShifts, shifted } from './stance-shifts.ts';
import type { DecisionOptions, LabelledText, TextReader } from './train.ts';
import { defaultBits, prepare, trainDecisions, trainLanguages } from './train.ts';
import type { HeldBack } from './validate.ts';
import { heldBackScores, scoresAcrossWriters } from './validate.ts';
import { rulesVersion } from './version.ts';

export interface TrainModelOptions {
  matcher: TargetMatcher;
  seed: number;
  /** Short digest of bytes, for the version of the model. */
  digest: (bytes: Uint8Array) => string;
  folds?: number;
  bits?: DecisionOptions['bits'];
  /**
   * How much lower, in log-odds, real posts score than written text of the same meaning: the one
   * number that written text cannot tell. Measured on real posts; 0 when none are at hand.
   */
  domainShift?: number;
  /** Shifts of rare stances that were chosen before; chosen on the written text when absent. */
  stanceShifts?: StanceShifts;
  /**
   * Labels of a stream. They teach every decision but that of the language: nobody told theirs, a
   * model guessed it.
   */
  labels?: readonly LabelledText[];
  /**
   * Real posts that this model has not learnt from, with its raw scores: probabilities and rates of
   * errors are then measured on them, and no shift is needed. `probabilities` are by a calibration
   * that has not seen the post.
   */
  measuredOn?: {
    truth: readonly boolean[];
    scores: readonly number[];
    probabilities: readonly number[];
  };
}

/** Labels of a stream are few, so their calibration has few points. */
export const pointsOfLabels = 8;

/** Share of signals among posts that name a service, as the wild has it; labelled text has more. */
const wildShare = 0.3;

function measureWeights(texts: readonly LabelledText[], truth: readonly boolean[]): number[] {
  const weights = texts.map((text) => text.measureWeight ?? text.signalWeight ?? text.weight ?? 1);
  let loud = 0;
  let quiet = 0;
  for (const [i, weight] of weights.entries()) {
    if (truth[i]) loud += weight;
    else quiet += weight;
  }
  const factor = loud === 0 ? 1 : (wildShare / (1 - wildShare)) * (quiet / loud);
  return weights.map((weight, i) => (truth[i] ? weight * factor : weight));
}

/** The cue phrases as texts: what people say in a fault is what must be told apart by language. */
function lexiconTexts(): { text: string; lang: string }[] {
  return Object.entries(cueLexicons).flatMap(([lang, lexicon]) =>
    Object.values(lexicon).flatMap((phrases) => {
      const words = phrases.split(/\s*,\s*/).filter((phrase) => !phrase.includes('*'));
      const texts: { text: string; lang: string }[] = [];
      for (let i = 0; i < words.length; i += 4) {
        texts.push({ text: words.slice(i, i + 4).join(' '), lang });
      }
      return texts;
    }),
  );
}

/**
 * Makes what texts are read with: the cues, and what tells languages, trained on the texts and on the
 * phrases of the cues.
 */
export function trainReader(
  texts: readonly LabelledText[],
  seed: number,
): { languages: string[]; model: LinearModel; reader: TextReader } {
  const { languages, model } = trainLanguages([...texts, ...lexiconTexts()], {
    seed,
    maxFeatures: 8_000,
  });
  const detector = new LanguageDetector(languages, model);
  return { languages, model, reader: { detector, cues: compileCues() } };
}

/** Raw scores beside the truth, and how much each counts. */
interface Measured {
  truth: readonly boolean[];
  scores: readonly number[];
  weights: readonly number[];
  /** Those that rates of errors are counted on. */
  counted: readonly number[];
  /** What the scores were worth by a calibration that has not seen them; else that of all is used. */
  probabilities?: readonly number[];
  points?: number;
}

/** Each written text by a model that has not read it. */
function measureWritten(texts: readonly LabelledText[], held: readonly HeldBack[]): Measured {
  const truth = texts.map(({ stance }) => isSignalStance(stance));
  return {
    truth,
    scores: held.map(({ signal }) => signal),
    weights: measureWeights(texts, truth),
    // Rates of errors are of text in the proportions of the wild.
    counted: texts.flatMap((text, i) =>
      (text.doubt ?? 0) < 0.5 && text.measureWeight !== 0 ? [i] : [],
    ),
  };
}

function measureStream(measuredOn: NonNullable<TrainModelOptions['measuredOn']>): Measured {
  const { truth } = measuredOn;
  return {
    ...measuredOn,
    weights: truth.map(() => 1),
    counted: truth.map((_, i) => i),
    points: pointsOfLabels,
  };
}

/** Trains a whole model: languages, decisions, calibration, threshold, error rates. */
export function trainModel(
  written: readonly LabelledText[],
  {
    matcher,
    seed,
    digest,
    folds = 5,
    bits = defaultBits,
    domainShift: writtenShift = 0,
    stanceShifts,
    labels = [],
    measuredOn,
  }: TrainModelOptions,
): { model: Model; report: string[] } {
  const { languages, model: languageModel, reader } = trainReader(written, seed);
  const texts = [...written, ...labels];
  const prepared = prepare(texts, matcher, reader);
  const fit = { seed };
  // A model that has read nothing by a text's writer is nearest to how it meets the wild.
  const byWriter =
    measuredOn === undefined ? scoresAcrossWriters(texts, prepared, { fit, bits }) : null;
  const byService =
    stanceShifts === undefined || (measuredOn === undefined && byWriter === null)
      ? heldBackScores(texts, prepared, folds, { fit, bits })
      : null;
  const ways = [byWriter, byService].filter((way) => way !== null);
  const measured =
    measuredOn === undefined ? measureWritten(texts, ways[0]!) : measureStream(measuredOn);
  const { truth, scores, weights, counted, points } = measured;
  const domainShift = measuredOn === undefined ? writtenShift : 0;
  const fitted = fitCalibration(truth, scores, weights, points);
  const probabilities = measured.probabilities ?? scores.map((score) => calibrate(fitted, score));
  const calibration = fitted.map(({ score, p }) => ({ score: round(score - domainShift), p }));
  // Where the F1 is highest when it is about 0.8: half of it.
  const threshold = 0.4;
  const shifts = stanceShifts ?? fitStanceShifts(stancesOf(texts, ways, fitted, threshold));
  const countedTruth = counted.map((i) => truth[i]!);
  const countedScores = counted.map((i) => probabilities[i]!);
  const figures = binaryFigures(
    countedTruth,
    countedScores.map((p) => p >= threshold),
  );
  const negatives = counted.length - figures.positives;
  const hits = Math.round(figures.recall * figures.positives);
  const header: ModelHeader = {
    format: 1,
    name: '',
    languages,
    calibration,
    domainShift,
    stanceShifts: shifts,
    threshold,
    typeThreshold: 0.25,
    errorRates: {
      falsePositive: round((figures.predicted - hits) / negatives),
      falseNegative: round(1 - figures.recall),
    },
    measured: {
      f1: round(figures.f1),
      areaUnderCurve: round(areaUnderCurve(countedTruth, countedScores)),
      calibrationError: round(reliability(countedTruth, countedScores).error),
    },
    texts: texts.length,
    seed,
  };
  const model: Model = {
    header,
    ...shifted(trainDecisions(texts, prepared, { fit, bits, runs: 4 }), shifts),
    languages: languageModel,
    cues: reader.cues,
  };
  header.name = `outcry-linear-${rulesVersion}@${digest(encodeModel(model))}`;
  const report = [
    `${measuredOn === undefined ? 'text of other writers' : 'labels held back'}: F1 ${header.measured.f1}, area ${header.measured.areaUnderCurve}, calibration error ${header.measured.calibrationError}`,
    `false positives ${header.errorRates.falsePositive}, false negatives ${header.errorRates.falseNegative} at probability ${threshold}`,
  ];
  return { model, report };
}

/** The stances of text in the proportions of the wild, held back in each of the ways. */
function stancesOf(
  texts: readonly LabelledText[],
  ways: readonly (readonly HeldBack[])[],
  calibration: readonly CalibrationPoint[],
  threshold: number,
): HeldStances[] {
  const wild = texts.flatMap(({ doubt }, i) => ((doubt ?? 0) < 0.5 ? [i] : []));
  return ways.map((scores) => ({
    truth: wild.map((i) => texts[i]!.stance),
    scores: wild.map((i) => scores[i]!),
    signals: wild.map((i) => calibrate(calibration, scores[i]!.signal) >= threshold),
  }));
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
