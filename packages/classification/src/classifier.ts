import type { ErrorType, Place, Platform, Stance } from '@outcry/contracts';

/** What is known of a text before it is read. */
export interface ClassifyInput {
  text: string;
  /** The answer is then about this target only. */
  target?: string;
  /** What the source says of the language. */
  lang?: string;
  tags?: readonly string[];
  profileLocation?: string;
  /** ISO 3166-1 alpha-2 that the source or the reporter attached. */
  country?: string;
  countrySource?: 'tag' | 'report';
  /** IANA name of the author's time zone. */
  timeZone?: string;
}

export interface Classification {
  /** Target ids in the order of their mention; empty when nothing watched is named. */
  targets: string[];
  stance: Stance;
  /** Affected or asking. */
  signal: boolean;
  /** Calibrated probability of `signal`. */
  confidence: number;
  type: ErrorType | null;
  types: ErrorType[];
  places: Place[];
  platforms: Platform[];
  appVersion?: string;
  language: string;
  /** Shared by near-identical texts. */
  cluster: string;
  model: string;
}

export interface Feature {
  feature: string;
  /** Log-odds that it adds to the decision named in `for`. */
  weight: number;
  for: string;
}

/** Pure and synchronous: the same input gives the same answer, whatever came before. */
export interface Classifier {
  /** Name and version of model and rules. */
  readonly model: string;
  /** Measured on held-back text and stored with the model: what the detector may expect of errors. */
  readonly errorRates: { falsePositive: number; falseNegative: number };
  classify(input: ClassifyInput): Classification;
  explain(input: ClassifyInput): { classification: Classification; features: Feature[] };
}
