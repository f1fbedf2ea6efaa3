import type { Matcher } from '@outcry/catalog';
import type { LoadedModel } from '@outcry/classification';
import { isSignalStance } from '@outcry/contracts';
import { hashedScore } from '../../packages/classification/src/linear.ts';
import { areaUnderCurve, bestF1 } from '../../packages/classification/src/metrics.ts';
import type { Prepared } from '../../packages/classification/src/train.ts';
import { prepare, readerOf, trainDecisions } from '../../packages/classification/src/train.ts';
import type { TrainingText } from '../../packages/classification/tools/texts.ts';
import { bar, heading, table } from './report.ts';

/** The languages that are supported, not only recognised. */
const supported = ['en', 'es', 'pt', 'de', 'fr', 'it', 'nl', 'sv', 'tr', 'id', 'ja', 'ko'];

/**
 * Signals in the text of a writer, or in a language, that the model has not read a line of: nearer
 * to how it meets the wild than other lines by the same hand.
 */
export function printHeldBack(
  texts: readonly TrainingText[],
  { model, matcher }: { model: LoadedModel; matcher: Matcher },
): void {
  const prepared = prepare(texts, matcher, readerOf(model));
  const plain = texts.flatMap((text, i) => ((text.doubt ?? 0) === 0 ? [i] : []));
  const figures = (name: string, test: readonly number[], without: (i: number) => boolean) =>
    heldBack(name, texts, prepared, test, without, model.header.seed);

  heading('Signals in text of a writer that the model has not read');
  const writers = [...new Set(plain.map((i) => texts[i]!.writer ?? ''))].sort();
  const byWriter = writers.map((writer) =>
    figures(
      writer,
      plain.filter((i) => texts[i]!.writer === writer),
      (i) => texts[i]!.writer === writer,
    ),
  );
  console.log(table([['writer', 'texts', 'best F1', 'area'], ...byWriter]));
  bar('mean F1 on writers held back', mean(byWriter.map(([, , f1]) => f1)), '>=', 0.9);

  heading('Signals in a language that the model has not read');
  const byLanguage = supported.map((lang) =>
    figures(
      lang,
      plain.filter((i) => texts[i]!.lang === lang),
      (i) => texts[i]!.lang === lang,
    ),
  );
  console.log(table([['language', 'texts', 'best F1', 'area'], ...byLanguage]));
  console.log(`mean F1 ${mean(byLanguage.map(([, , f1]) => f1)).toFixed(3)}`);
}

type Row = [name: string, texts: number, f1: number, area: number];

/** What a model that has not read those `without` says of the `test` texts. */
function heldBack(
  name: string,
  texts: readonly TrainingText[],
  prepared: Prepared,
  test: readonly number[],
  without: (i: number) => boolean,
  seed: number,
): Row {
  const learnt = texts.flatMap((_, i) => (without(i) ? [] : [i]));
  const { signal } = trainDecisions(
    learnt.map((i) => texts[i]!),
    { keys: learnt.map((i) => prepared.keys[i]!) },
    { fit: { seed } },
  );
  const truth = test.map((i) => isSignalStance(texts[i]!.stance));
  const scores = test.map((i) => {
    const keys = prepared.keys[i]!;
    return hashedScore(signal, keys, keys.length);
  });
  return [name, test.length, bestF1(truth, scores), areaUnderCurve(truth, scores)];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
