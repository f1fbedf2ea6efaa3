import { createRequire } from 'node:module';

/** What we use of natural's classifiers, imported by sub-path: its index loads database drivers. */
interface NaturalClassifier {
  addDocument(text: string | string[], label: string): void;
  train(): void;
  getClassifications(text: string | string[]): { label: string; value: number }[];
}
type NaturalConstructor = new () => NaturalClassifier;

const require = createRequire(import.meta.url);

export function naturalBayes(): NaturalClassifier {
  const Bayes = require('natural/lib/natural/classifiers/bayes_classifier') as NaturalConstructor;
  return new Bayes();
}

export function naturalLogistic(): NaturalClassifier {
  const Logistic =
    require('natural/lib/natural/classifiers/logistic_regression_classifier') as NaturalConstructor;
  return new Logistic();
}

/** Trains on texts and gives back a score that rises with being a signal. */
export function trainNatural(
  classifier: NaturalClassifier,
  texts: readonly { text: string; signal: boolean }[],
): (text: string) => number {
  for (const { text, signal } of texts) classifier.addDocument(text, signal ? 'signal' : 'quiet');
  classifier.train();
  return (text) => {
    const values = new Map(
      classifier.getClassifications(text).map(({ label, value }) => [label, value]),
    );
    const yes = values.get('signal') ?? 0;
    const no = values.get('quiet') ?? 0;
    return yes + no === 0 ? 0.5 : yes / (yes + no);
  };
}
