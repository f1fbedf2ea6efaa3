import { fitCalibration } from './calibration.ts';
import type { TargetMatcher } from './create.ts';
import { cueLexicons } from './cues/index.ts';
import { calibrate } from './decide.ts';
import { LanguageDetector } from './language.ts';
import { areaUnderCurve, binaryFigures, reliability } from './metrics.ts';
import type { Model, ModelHeader } from './model.ts';
import { encodeModel } from './model.ts';
import type { DecisionOptions, LabelledText } from './train.ts';
import { defaultBits, prepare, trainDecisions, trainLanguages } from './train.ts';
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
}

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

/** Trains a whole model: languages, decisions, calibration, threshold, error rates. */
export function trainModel(
  texts: readonly LabelledText[],
  { matcher, seed, digest, folds = 5, bits = defaultBits, domainShift = 0 }: TrainModelOptions,
): { model: Model; report: string[] } {
  const { languages, model: languageModel } = trainLanguages([...texts, ...lexiconTexts()], {
    seed,
    maxFeatures: 8_000,
  });
  const detector = new LanguageDetector(languages, languageModel);
  const prepared = prepare(texts, matcher, detector);
  const fit = { seed };
  const held =
    scoresAcrossWriters(texts, prepared, { fit, bits }) ??
    heldBackScores(texts, prepared, folds, { fit, bits });
  const truth = texts.map(({ stance }) => stance === 'affected' || stance === 'asking');
  const raw = held.map(({ signal }) => signal);
  const weights = measureWeights(texts, truth);
  const fitted = fitCalibration(truth, raw, weights);
  const probabilities = raw.map((score) => calibrate(fitted, score));
  const calibration = fitted.map(({ score, p }) => ({ score: round(score - domainShift), p }));
  // Where the F1 is highest when it is about 0.8: half of it.
  const threshold = 0.4;
  // Rates of errors are of text in the proportions of the wild; the rest counts little.
  const counted = texts.flatMap((text, i) => ((text.doubt ?? 0) < 0.5 ? [i] : []));
  const wildTruth = counted.map((i) => truth[i]!);
  const wildScores = counted.map((i) => probabilities[i]!);
  const figures = binaryFigures(
    wildTruth,
    wildScores.map((p) => p >= threshold),
  );
  const negatives = counted.length - figures.positives;
  const hits = Math.round(figures.recall * figures.positives);
  const header: ModelHeader = {
    format: 1,
    name: '',
    languages,
    calibration,
    domainShift,
    threshold,
    typeThreshold: 0.25,
    errorRates: {
      falsePositive: round((figures.predicted - hits) / negatives),
      falseNegative: round(1 - figures.recall),
    },
    measured: {
      f1: round(figures.f1),
      areaUnderCurve: round(areaUnderCurve(wildTruth, wildScores)),
      calibrationError: round(reliability(wildTruth, wildScores).error),
    },
    texts: texts.length,
    seed,
  };
  const model: Model = {
    header,
    ...trainDecisions(texts, prepared, { fit, bits, runs: 4 }),
    languages: languageModel,
  };
  header.name = `outcry-linear-${rulesVersion}@${digest(encodeModel(model))}`;
  const report = [
    `text of other writers: F1 ${header.measured.f1}, area ${header.measured.areaUnderCurve}, calibration error ${header.measured.calibrationError}`,
    `false positives ${header.errorRates.falsePositive}, false negatives ${header.errorRates.falseNegative} at probability ${threshold}`,
  ];
  return { model, report };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
