import type { ErrorType, Platform, Stance } from '@outcry/contracts';
import { errorTypes, isSignalStance } from '@outcry/contracts';
import type { TargetMatcher } from './create.ts';
import { maskTokens } from './create.ts';
import { languageMask } from './cues/matcher.ts';
import { columns, quietStances } from './decide.ts';
import { FeatureExtractor, Features } from './features.ts';
import type { FitOptions, Head } from './fit.ts';
import { defaultFit, fit, quantise } from './fit.ts';
import type { LanguageDetector } from './language.ts';
import { guessByScript, languageKeys } from './language.ts';
import type { HashedModel, LinearModel } from './linear.ts';
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
  kind?: string;
  platforms?: Platform[];
  places?: string[];
  /** How much it counts beside the others; 1 when absent. */
  weight?: number;
  /** The same for the decision whether it is a signal, where that differs. */
  signalWeight?: number;
}

/** Texts as rows of features, ready to fit and to score. */
export interface Prepared {
  /** Keys of the features of each text, each once. */
  keys: Int32Array[];
}

/** Reads every text as the classifier would. */
export function prepare(
  texts: readonly Pick<LabelledText, 'text' | 'service'>[],
  matcher: TargetMatcher,
  detector: LanguageDetector,
): Prepared {
  const scan = new Scan();
  const masked = new Uint8Array(maxTokens);
  const extractor = new FeatureExtractor();
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
  /** Bits of the table of the signal decision. */
  signalBits?: number;
  /** For the other decisions a feature has a row when so many texts have it, the most common first. */
  minTexts?: number;
  maxFeatures?: number;
}

export interface Decisions {
  signal: HashedModel;
  decisions: LinearModel;
}

/** Fits signal, stance and types. */
export function trainDecisions(
  texts: readonly LabelledText[],
  prepared: Prepared,
  options: DecisionOptions,
): Decisions {
  const fitOptions = { ...defaultFit, ...options.fit };
  const signal = trainSignal(texts, prepared, options.signalBits ?? 18, fitOptions);
  const { table, rows } = dictionary(
    prepared.keys,
    options.minTexts ?? 3,
    options.maxFeatures ?? 32_000,
  );
  const weight = textWeights(
    texts,
    texts.map((text) => text.weight ?? 1),
  );
  const fitted = fit(rows, weight, table.rows, decisionHeads(texts), fitOptions);
  const { weights, scales } = quantise(fitted);
  return {
    signal,
    decisions: { columns: columns.count, table: table.keys, weights, scales, bias: fitted.bias },
  };
}

function trainSignal(
  allTexts: readonly LabelledText[],
  all: Prepared,
  bits: number,
  options: FitOptions,
): HashedModel {
  const mask = (1 << bits) - 1;
  const counts = allTexts.map((text) => text.signalWeight ?? text.weight ?? 1);
  const used = counts.flatMap((count, i) => (count > 0 ? [i] : []));
  const texts = used.map((i) => allTexts[i]!);
  const rows = used.map((i) => all.keys[i]!.map((key) => key & mask));
  const weight = textWeights(
    texts,
    used.map((i) => counts[i]!),
  );
  const labels = Int8Array.from(texts, (text) => (isSignalStance(text.stance) ? 1 : 0));
  const head: Head = { name: 'signal', from: 0, columns: 1, labels };
  const fitted = fit(rows, weight, 1 << bits, [head], options);
  const { weights, scales } = quantise(fitted);
  return { weights, scale: scales[0]!, bias: fitted.bias[0]! };
}

function decisionHeads(texts: readonly LabelledText[]): Head[] {
  const signal = texts.map(({ stance }) => isSignalStance(stance));
  return [
    {
      name: 'asking',
      from: columns.asking,
      columns: 1,
      labels: Int8Array.from(texts, ({ stance }, i) =>
        signal[i] ? (stance === 'asking' ? 1 : 0) : -1,
      ),
    },
    {
      name: 'quiet',
      from: columns.quiet,
      columns: quietStances.length,
      labels: Int8Array.from(texts, ({ stance }) =>
        (quietStances as readonly Stance[]).indexOf(stance),
      ),
    },
    {
      name: 'types',
      from: columns.types,
      columns: errorTypes.length,
      labels: Int8Array.from(texts, ({ types }, i) =>
        signal[i] && types[0] !== undefined ? errorTypes.indexOf(types[0]) : -1,
      ),
    },
  ];
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
