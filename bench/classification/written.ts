import type { Matcher } from '@outcry/catalog';
import type { LoadedModel } from '@outcry/classification';
import { isSignalStance } from '@outcry/contracts';
import { calibrate, decideTypes } from '../../packages/classification/src/decide.ts';
import {
  areaUnderCurve,
  binaryFigures,
  macroF1,
  reliability,
} from '../../packages/classification/src/metrics.ts';
import { shiftedStance } from '../../packages/classification/src/stance-shifts.ts';
import { prepare, readerOf } from '../../packages/classification/src/train.ts';
import type { HeldBack } from '../../packages/classification/src/validate.ts';
import { heldBackScores } from '../../packages/classification/src/validate.ts';
import type { TrainingText } from '../../packages/classification/tools/texts.ts';
import { bar, heading, table } from './report.ts';

interface Parts {
  model: LoadedModel;
  matcher: Matcher;
}

/** Figures on our own text, each service by a model that has not read a word about it. */
export function printWritten(texts: readonly TrainingText[], { model, matcher }: Parts): void {
  heading('Our own text, services held back (5 folds)');
  const { header } = model;
  const held = heldBackScores(texts, prepare(texts, matcher, readerOf(model)), 5, {
    fit: { seed: header.seed },
  });
  // Written text scores higher than real posts of the same meaning, for which the calibration is made.
  const probabilities = held.map(({ signal }) =>
    calibrate(header.calibration, signal - header.domainShift),
  );
  const signals = probabilities.map((p) => p >= header.threshold);
  const stances = held.map((scores, i) => shiftedStance(scores, signals[i]!, header.stanceShifts));
  const truth = texts.map(({ stance }) => isSignalStance(stance));
  const wild = texts.flatMap((text, i) => ((text.doubt ?? 0) < 0.5 ? [i] : []));
  const files = [...new Set(texts.map(({ file }) => file))];
  const groups: [string, number[]][] = [
    ['all', texts.map((_, i) => i)],
    ['in the proportions of the wild', wild],
    ...files.map((file): [string, number[]] => [
      `file ${file}`,
      texts.flatMap((text, i) => (text.file === file ? [i] : [])),
    ]),
  ];
  const stanceF1 = (list: readonly number[]) =>
    macroF1(
      list.map((i) => texts[i]!.stance),
      list.map((i) => stances[i]!),
    );
  console.log(
    table([
      ['', 'texts', 'precision', 'recall', 'F1', 'area', 'type', 'stance macro-F1'],
      ...groups.map(([name, list]) => {
        const t = list.map((i) => truth[i]!);
        const { precision, recall, f1 } = binaryFigures(
          t,
          list.map((i) => signals[i]!),
        );
        const area = areaUnderCurve(
          t,
          list.map((i) => held[i]!.signal),
        );
        return [
          name,
          list.length,
          precision,
          recall,
          f1,
          area,
          typesRight(texts, held, list),
          stanceF1(list),
        ];
      }),
    ]),
  );
  bar('stance macro-F1, held-back services', stanceF1(wild), '>=', 0.8);
  const { bins, error } = reliability(
    wild.map((i) => truth[i]!),
    wild.map((i) => probabilities[i]!),
  );
  console.log(
    table([
      ['probability', 'texts', 'said', 'was'],
      ...bins.map((bin) => [`${bin.from}-${bin.to}`, bin.count, bin.said, bin.was]),
    ]),
  );
  bar('expected calibration error, held-back services', error, '<=', 0.05);
  console.log(
    `stored with the model: false positives ${header.errorRates.falsePositive}, false negatives ${header.errorRates.falseNegative}`,
  );
}

function typesRight(
  texts: readonly TrainingText[],
  held: readonly HeldBack[],
  list: readonly number[],
): number {
  const typed = list.filter((i) => isSignalStance(texts[i]!.stance) && texts[i]!.types.length > 0);
  const right = typed.filter((i) =>
    texts[i]!.types.includes(decideTypes(held[i]!.kinds, 1)[0]!),
  ).length;
  return right / typed.length;
}
