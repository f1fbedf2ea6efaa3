import type { ErrorType, Platform, Stance } from '@outcry/contracts';
import { errorTypes, isSignalStance } from '@outcry/contracts';
import type { TargetMatcher } from './create.ts';
import { maskTokens } from './create.ts';
import { languageMask } from './cues/languages.ts';
import type { CueTables } from './cues/tables.ts';
import { columns, quietStances } from './decide.ts';
import { FeatureExtractor, Features } from './features.ts';
import type { FitOptions, Head } from './fit.ts';
import { defaultFit, fit, quantise } from './fit.ts';
import { guessByScript, LanguageDetector, languageKeys } from './language.ts';
import type { HashedModel, LinearModel } from './linear.ts';
import { hashedScore, sigmoid } from './linear.ts';
import type { Model } from './model.ts';
import { maxTokens, Scan } from './scan.ts';
import { KeyTable } from './table.ts';

/** A labelled text: a line of the training files, or a label that a person gave. */
export interface LabelledText {
  text: string;
  lang: string;
  stance: Stance;
  /** Main type first; empty where the stance tells of none. */
  types: ErrorType[];
  /** The service that it is about, whether named or not; its name is masked. */
  service: string;
  /** Whose hand it is from: probabilities are measured on writers that a model has not read. */
  writer?: string;
  kind?: string;
  platforms?: Platform[];
  places?: string[];
  /** How much it counts beside the others; 1 when absent. */
  weight?: number;
  /** The same for the decision whether it is a signal, where that differs. */
  signalWeight?: number;
  /**
   * How far to doubt, 0 to 1, what it teaches about signals: so much of its label gives way to the
   * opinion of a model that has read only texts beyond doubt.
   */
  doubt?: number;
  /** The same when probabilities are measured: what sounds most like the wild counts most. */
  measureWeight?: number;
}

/** Texts as rows of features, ready to fit and to score. */
export interface Prepared {
  /** Keys of the features of each text, each once. */
  keys: Int32Array[];
}

/** What a text is read with. */
export interface TextReader {
  detector: LanguageDetector;
  cues: CueTables;
}

/** The reader of a model. */
export function readerOf({ header, languages, cues }: Model): TextReader {
  return { detector: new LanguageDetector(header.languages, languages), cues };
}

/** Reads every text as the classifier would. */
export function prepare(
  texts: readonly Pick<LabelledText, 'text' | 'service'>[],
  matcher: TargetMatcher,
  { detector, cues }: TextReader,
): Prepared {
  const scan = new Scan();
  const masked = new Uint8Array(maxTokens);
  const extractor = new FeatureExtractor(cues);
  const features = new Features();
  const keys = texts.map(({ text, service }) => {
    scan.read(text);
    maskTokens(scan, [...matcher.match(text), ...ownNames(text, service)], masked);
    const guess = detector.detect(scan, undefined);
    const mask =
      languageMask(guess.language) | (guess.second === null ? 0 : languageMask(guess.second));
    extractor.extract(scan, masked, mask, features);
    return features.key.slice(0, features.count);
  });
  return { keys };
}

/** Where a text names the service that it is about, also one that no catalog knows. */
function ownNames(text: string, service: string): { start: number; end: number }[] {
  if (service.length < 3 || service === 'unknown') return [];
  const found: { start: number; end: number }[] = [];
  const lower = text.toLowerCase();
  const names = new Set([service.toLowerCase(), service.toLowerCase().replace(/[\s'-]/g, '')]);
  for (const name of names) {
    for (let at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
      found.push({ start: at, end: at + name.length });
    }
  }
  return found;
}

/** Fits the language model: which language is a short text in. */
export function trainLanguages(
  all: readonly { text: string; lang: string }[],
  options: { seed: number; maxFeatures: number },
): { languages: string[]; model: LinearModel } {
  const scan = new Scan();
  const buffer = new Int32Array(512);
  const samples = all.filter(({ text }) => guessByScript(scan.read(text)) === null);
  const languages = [...new Set(samples.map((sample) => sample.lang))].sort();
  const keys = samples.map((sample) =>
    buffer.slice(0, languageKeys(scan.read(sample.text), buffer)),
  );
  const perLanguage = new Map<string, number>();
  for (const { lang } of samples) perLanguage.set(lang, (perLanguage.get(lang) ?? 0) + 1);
  // Languages count alike, save that a rare one does not outweigh what little is known of it.
  const weight = Float32Array.from(samples, ({ lang }) =>
    Math.min(4, Math.sqrt(samples.length / languages.length / perLanguage.get(lang)!)),
  );
  const labels = Int8Array.from(samples, ({ lang }) => languages.indexOf(lang));
  const { table, rows } = dictionary(keys, 2, options.maxFeatures);
  const fitted = fit(
    rows,
    weight,
    table.rows,
    [{ name: 'language', from: 0, columns: languages.length, labels }],
    { seed: options.seed, epochs: 8, rate: 0.3, penalty: 0.0005 },
  );
  const { weights, scales } = quantise(fitted);
  return {
    languages,
    model: { columns: languages.length, table: table.keys, weights, scales, bias: fitted.bias },
  };
}

export interface DecisionOptions {
  fit?: Partial<FitOptions>;
  /** Rows of the tables, as powers of two. */
  bits?: { signal: number; quiet: number };
  /** For types and asking a feature has a row when so many signals have it, the commonest first. */
  minTexts?: number;
  maxFeatures?: number;
  /** Orders of the texts to take the mean of. */
  runs?: number;
}

/** Rows enough that what collides does no harm that held-back text shows. */
export const defaultBits = { signal: 20, quiet: 14 };

/** What is decided, for the texts (by their places in the list) that are learnt from. */
type HeadsOf = (used: readonly number[]) => Head[];

export type Decisions = Pick<Model, 'signal' | 'quiet' | 'kinds'>;

/** Fits signal, stance and types. */
export function trainDecisions(
  texts: readonly LabelledText[],
  prepared: Prepared,
  options: DecisionOptions,
): Decisions {
  const fitOptions = { ...defaultFit, ...options.fit };
  const bits = options.bits ?? defaultBits;
  const runs = options.runs ?? 1;
  const signal = texts.map(({ stance }) => isSignalStance(stance));
  const counts = texts.map(({ weight }) => weight ?? 1);
  const train = (
    rowBits: number,
    columnCount: number,
    weights: readonly number[],
    heads: HeadsOf,
  ) => trainHashed(texts, prepared, weights, rowBits, columnCount, heads, fitOptions, runs);
  return {
    signal: trainSignal(texts, prepared, bits.signal, fitOptions, runs),
    quiet: train(
      bits.quiet,
      quietStances.length,
      counts.map((count, i) => (signal[i] ? 0 : count)),
      (used) => [
        {
          name: 'quiet',
          from: 0,
          columns: quietStances.length,
          labels: Int8Array.from(used, (i) =>
            (quietStances as readonly Stance[]).indexOf(texts[i]!.stance),
          ),
        },
      ],
    ),
    kinds: trainKinds(texts, prepared, options, fitOptions),
  };
}

/** Less held back than the rest: most of what tells a signal is rare. */
const signalPenalty = 0.01;

function trainSignal(
  texts: readonly LabelledText[],
  prepared: Prepared,
  bits: number,
  options: FitOptions,
  runs: number,
): HashedModel {
  const fitOptions = { ...options, penalty: signalPenalty };
  const weights = texts.map((text) => text.signalWeight ?? text.weight ?? 1);
  const doubted = texts.some(({ doubt }) => doubt !== undefined && doubt > 0);
  const sure = weights.map((weight, i) => ((texts[i]!.doubt ?? 0) > 0 ? 0 : weight));
  const opinion = doubted
    ? trainHashed(texts, prepared, sure, bits, 1, signalHead(texts.map(isSignal)), fitOptions, 1)
    : null;
  const targets = texts.map((text, i) => {
    const label = isSignal(text);
    const doubt = text.doubt ?? 0;
    if (opinion === null || doubt === 0) return label;
    const keys = prepared.keys[i]!;
    return (1 - doubt) * label + doubt * sigmoid(hashedScore(opinion, keys, keys.length));
  });
  return trainHashed(texts, prepared, weights, bits, 1, signalHead(targets), fitOptions, runs);
}

function isSignal({ stance }: LabelledText): number {
  return isSignalStance(stance) ? 1 : 0;
}

function signalHead(targets: readonly number[]): HeadsOf {
  return (used) => [
    {
      name: 'signal',
      from: 0,
      columns: 1,
      labels: Int8Array.from(used, (i) => (targets[i]! >= 0.5 ? 1 : 0)),
      targets: Float32Array.from(used, (i) => targets[i]!),
    },
  ];
}

function trainKinds(
  texts: readonly LabelledText[],
  prepared: Prepared,
  { minTexts = 2, maxFeatures = 20_000 }: DecisionOptions,
  options: FitOptions,
): LinearModel {
  const used = texts.flatMap((text, i) =>
    isSignalStance(text.stance) && (text.weight ?? 1) > 0 ? [i] : [],
  );
  const usedTexts = used.map((i) => texts[i]!);
  const { table, rows } = dictionary(
    used.map((i) => prepared.keys[i]!),
    minTexts,
    maxFeatures,
  );
  const weight = Float32Array.from(usedTexts, (text) => text.weight ?? 1);
  const fitted = fit(rows, weight, table.rows, kindHeads(usedTexts), options);
  return { columns: columns.count, table: table.keys, ...quantise(fitted), bias: fitted.bias };
}

function kindHeads(texts: readonly LabelledText[]): Head[] {
  return [
    {
      name: 'asking',
      from: columns.asking,
      columns: 1,
      labels: Int8Array.from(texts, ({ stance }) => (stance === 'asking' ? 1 : 0)),
    },
    {
      name: 'types',
      from: columns.types,
      columns: errorTypes.length,
      labels: Int8Array.from(texts, ({ types }) =>
        types[0] === undefined ? -1 : errorTypes.indexOf(types[0]),
      ),
    },
  ];
}

/** @param weights how much each text counts; one of 0 is left out */
function trainHashed(
  texts: readonly LabelledText[],
  prepared: Prepared,
  weights: readonly number[],
  bits: number,
  columnCount: number,
  heads: HeadsOf,
  options: FitOptions,
  runs: number,
): HashedModel {
  const used = weights.flatMap((weight, i) => (weight > 0 ? [i] : []));
  const usedTexts = used.map((i) => texts[i]!);
  const mask = (1 << bits) - 1;
  const rows = used.map((i) => prepared.keys[i]!.map((key) => key & mask));
  const weight = textWeights(
    usedTexts,
    used.map((i) => weights[i]!),
  );
  const fitted = fit(rows, weight, 1 << bits, heads(used), options);
  // The order of the texts moves single decisions: the mean over a few orders does not depend on one.
  for (let run = 1; run < runs; run++) {
    const next = fit(rows, weight, 1 << bits, heads(used), {
      ...options,
      seed: options.seed + run,
    });
    for (let i = 0; i < next.weights.length; i++) {
      fitted.weights[i]! += (next.weights[i]! - fitted.weights[i]!) / (run + 1);
    }
    for (let c = 0; c < next.columns; c++) {
      fitted.bias[c]! += (next.bias[c]! - fitted.bias[c]!) / (run + 1);
    }
  }
  return { columns: columnCount, ...quantise(fitted), bias: fitted.bias };
}

/**
 * No language is evidence by itself: within each, signals and the rest weigh in the same proportion
 * as over all.
 */
function textWeights(texts: readonly LabelledText[], counts: readonly number[]): Float32Array {
  const cells = new Map<string, [number, number]>();
  const all: [number, number] = [0, 0];
  const side = (text: LabelledText) => (isSignalStance(text.stance) ? 1 : 0);
  for (const [i, text] of texts.entries()) {
    const cell = cells.get(text.lang) ?? [0, 0];
    cell[side(text)] += counts[i]!;
    cells.set(text.lang, cell);
    all[side(text)] += counts[i]!;
  }
  const share = all[1] / (all[0] + all[1]);
  return Float32Array.from(texts, (text, i) => {
    const [quiet, loud] = cells.get(text.lang)!;
    const total = quiet + loud;
    const want = side(text) === 1 ? share * total : (1 - share) * total;
    const have = side(text) === 1 ? loud : quiet;
    return counts[i]! * Math.min(3, Math.max(0.33, want / Math.max(1, have)));
  });
}

/** The features worth a row: those of enough texts, the most common first when there are too many. */
function dictionary(
  keys: readonly Int32Array[],
  minTexts: number,
  maxFeatures: number,
): { table: { keys: KeyTable; rows: number }; rows: Int32Array[] } {
  const counts = new Map<number, number>();
  for (const text of keys) for (const key of text) counts.set(key, (counts.get(key) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= minTexts);
  kept.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  kept.length = Math.min(kept.length, maxFeatures, 65_000);
  const table = KeyTable.build(kept.map(([key]) => key));
  const rows = keys.map((text) => {
    const found: number[] = [];
    for (const key of text) {
      const row = table.row(key);
      if (row >= 0) found.push(row);
    }
    return Int32Array.from(found);
  });
  return { table: { keys: table, rows: kept.length }, rows };
}
