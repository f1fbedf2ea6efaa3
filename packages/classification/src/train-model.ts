import { fitCalibration } from './calibration.ts';
import type { TargetMatcher } from './create.ts';
import { calibrate } from './decide.ts';
import { LanguageDetector } from './language.ts';
import { areaUnderCurve, binaryFigures, reliability } from './metrics.ts';
import type { Model, ModelHeader } from './model.ts';
import { encodeModel } from './model.ts';
import type { LabelledText } from './train.ts';
import { prepare, trainDecisions, trainLanguages } from './train.ts';
import { heldBackScores } from './validate.ts';
import { rulesVersion } from './version.ts';

export interface TrainModelOptions {
  matcher: TargetMatcher;
  seed: number;
  /** Short digest of bytes, for the version of the model. */
  digest: (bytes: Uint8Array) => string;
  folds?: number;
}

/** Trains a whole model: languages, decisions, calibration, threshold, error rates. */
export function trainModel(
  texts: readonly LabelledText[],
  { matcher, seed, digest, folds = 5 }: TrainModelOptions,
): { model: Model; report: string[] } {
  const { languages, model: languageModel } = trainLanguages(texts, { seed, maxFeatures: 12_000 });
  const detector = new LanguageDetector(languages, languageModel);
  const prepared = prepare(texts, matcher, detector);
  const fit = { seed };
  const held = heldBackScores(texts, prepared, folds, { fit });
  const truth = texts.map(({ stance }) => stance === 'affected' || stance === 'asking');
  const raw = held.map(({ signal }) => signal);
  const weights = texts.map((text) => text.signalWeight ?? text.weight ?? 1);
  const calibration = fitCalibration(truth, raw, weights);
  const probabilities = raw.map((score) => calibrate(calibration, score));
  const threshold = 0.5;
  const said = probabilities.map((p) => p >= threshold);
  const figures = binaryFigures(truth, said);
  const negatives = truth.length - figures.positives;
  const hits = Math.round(figures.recall * figures.positives);
  const header: ModelHeader = {
    format: 1,
    name: '',
    languages,
    calibration,
    threshold,
    typeThreshold: 0.25,
    errorRates: {
      falsePositive: round((figures.predicted - hits) / negatives),
      falseNegative: round(1 - figures.recall),
    },
    measured: {
      f1: round(figures.f1),
      areaUnderCurve: round(areaUnderCurve(truth, raw)),
      calibrationError: round(reliability(truth, probabilities).error),
    },
    texts: texts.length,
    seed,
  };
  const model: Model = {
    header,
    ...trainDecisions(texts, prepared, { fit }),
    languages: languageModel,
  };
  header.name = `outcry-linear-${rulesVersion}@${digest(encodeModel(model))}`;
  const report = [
    `held-back services: F1 ${header.measured.f1}, area ${header.measured.areaUnderCurve}, calibration error ${header.measured.calibrationError}`,
    `false positives ${header.errorRates.falsePositive}, false negatives ${header.errorRates.falseNegative} at probability ${threshold}`,
  ];
  return { model, report };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
