import type { Place } from '@outcry/contracts';
import { errorTypes } from '@outcry/contracts';
import type { Classification, Classifier, ClassifyInput, Feature } from './classifier.ts';
import { clusterKey } from './cluster.ts';
import { languageMask } from './cues/languages.ts';
import type { Decision } from './decide.ts';
import { calibrate, columns, decideQuiet, decideSignal, quietStances } from './decide.ts';
import { FeatureExtractor, Features } from './features.ts';
import { LanguageDetector } from './language.ts';
import { hashedScore, hashedScores, hashedWeight, LinearScorer, linearWeight } from './linear.ts';
import type { LoadedModel } from './load.ts';
import { hintedPlaces } from './places/hints.ts';
import { PlaceResolver } from './places/resolve.ts';
import { appVersion, PlatformFinder } from './platforms.ts';
import { maxTokens, Scan } from './scan.ts';

/** A target named in a text, as the catalog's matcher tells it. */
export interface TargetMention {
  target: string;
  /** Positions in the text, UTF-16 units, end exclusive. */
  start: number;
  end: number;
}

/** What is asked of a catalog: which targets does a text name, and where. */
export interface TargetMatcher {
  match(text: string, tags?: readonly string[]): readonly TargetMention[];
}

export interface ClassifierParts {
  matcher: TargetMatcher;
  model: LoadedModel;
}

/** Everything from text to classification. Holds buffers of its own: one per thread. */
export function createClassifier({ matcher, model }: ClassifierParts): Classifier {
  return new TextClassifier(matcher, model);
}

class TextClassifier implements Classifier {
  readonly model: string;
  readonly errorRates: { falsePositive: number; falseNegative: number };
  readonly #matcher: TargetMatcher;
  readonly #model: LoadedModel;
  readonly #scan = new Scan();
  readonly #masked = new Uint8Array(maxTokens);
  readonly #languages: LanguageDetector;
  readonly #extractor: FeatureExtractor;
  readonly #features = new Features();
  readonly #quiet = new Float64Array(quietStances.length);
  readonly #kinds: LinearScorer;
  readonly #platforms = new PlatformFinder();
  readonly #places: PlaceResolver;
  readonly #profileScan = new Scan();

  constructor(matcher: TargetMatcher, model: LoadedModel) {
    this.model = model.header.name;
    this.errorRates = model.header.errorRates;
    this.#matcher = matcher;
    this.#model = model;
    this.#extractor = new FeatureExtractor(model.cues);
    this.#languages = new LanguageDetector(model.header.languages, model.languages);
    this.#kinds = new LinearScorer(model.kinds);
    this.#places = new PlaceResolver(model.places);
  }

  classify(input: ClassifyInput): Classification {
    const scan = this.#scan.read(input.text);
    const mentions = this.#matcher.match(input.text, input.tags);
    maskTokens(scan, mentions, this.#masked);
    const guess = this.#languages.detect(scan, input.lang);
    const mask =
      languageMask(guess.language) | (guess.second === null ? 0 : languageMask(guess.second));
    this.#extractor.extract(scan, this.#masked, mask, this.#features);
    const { key, count } = this.#features;
    const decision = this.#decide(key, count);
    const version = scan.digits ? appVersion(input.text) : undefined;
    return {
      targets: input.target === undefined ? distinctTargets(mentions) : [input.target],
      ...decision,
      places: this.#placesOf(input, mask, guess.language),
      platforms: this.#platforms.find(scan),
      ...(version === undefined ? {} : { appVersion: version }),
      language: guess.language,
      cluster: clusterKey(scan),
      model: this.model,
    };
  }

  #decide(keys: Int32Array, count: number): Decision {
    const { header, signal, quiet } = this.#model;
    const confidence = calibrate(header.calibration, hashedScore(signal, keys, count));
    return confidence < header.threshold
      ? decideQuiet(hashedScores(quiet, keys, count, this.#quiet), confidence)
      : decideSignal(this.#kinds.score(keys, count), confidence, header);
  }

  explain(input: ClassifyInput): { classification: Classification; features: Feature[] } {
    const classification = this.classify(input);
    return { classification, features: this.#reasons(classification) };
  }

  /** The features of the last text that moved its decisions, heaviest first. */
  #reasons(decision: Decision): Feature[] {
    const { key, count } = this.#features;
    const features = this.#heaviest('signal', (i) =>
      hashedWeight(this.#model.signal, key[i]!, 0, count),
    );
    if (decision.type === null) return features;
    const column = columns.types + errorTypes.indexOf(decision.type);
    return [
      ...features,
      ...this.#heaviest(`type:${decision.type}`, (i) =>
        linearWeight(this.#model.kinds, key[i]!, column, this.#kinds.known),
      ),
    ];
  }

  #heaviest(what: string, weigh: (index: number) => number): Feature[] {
    const found: Feature[] = [];
    for (let i = 0; i < this.#features.count; i++) {
      const weight = Math.round(weigh(i) * 1000) / 1000;
      if (Math.abs(weight) < 0.02) continue;
      found.push({ feature: this.#features.describe(i, this.#scan), weight, for: what });
    }
    found.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
    return found.slice(0, 20);
  }

  /** What the text names; without it, ever weaker hints: source or report, profile, language. */
  #placesOf(input: ClassifyInput, languages: number, language: string): Place[] {
    const places = this.#places.find(this.#scan, this.#masked, languages, input.country);
    if (input.country !== undefined) {
      const { country, countrySource = 'tag' } = input;
      places.push({ country, source: countrySource, confidence: 0.9 });
    }
    if (places.length > 0) return places;
    if (input.profileLocation !== undefined && input.profileLocation !== '') {
      const profile = this.#profileScan.read(input.profileLocation.slice(0, 200));
      this.#masked.fill(0, 0, profile.count);
      const told = this.#places.find(profile, this.#masked, languages, undefined);
      if (told.length > 0) {
        return told.map((place) => ({
          ...place,
          source: 'profile',
          confidence: Math.round(place.confidence * 70) / 100,
        }));
      }
    }
    return hintedPlaces(language, input.timeZone);
  }
}

/** Marks the tokens that name a target, whole or in part. */
export function maskTokens(
  scan: Scan,
  mentions: readonly { start: number; end: number }[],
  masked: Uint8Array,
): void {
  masked.fill(0, 0, scan.count);
  for (const { start, end } of mentions) {
    if (start >= end) continue;
    for (let i = 0; i < scan.count; i++) {
      if (scan.start[i]! < end && scan.end[i]! > start) masked[i] = 1;
    }
  }
}

function distinctTargets(mentions: readonly TargetMention[]): string[] {
  if (mentions.length === 0) return [];
  if (mentions.length === 1) return [mentions[0]!.target];
  return [...new Set(mentions.map((mention) => mention.target))];
}
