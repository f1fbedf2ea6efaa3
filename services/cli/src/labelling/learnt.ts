import type {
  Comparison,
  LearningFigures,
  Learnt,
  WrittenFigures,
} from '@outcry/classification/training';

/** How much written text may lose before a gain on one's own stream is doubted. */
const mostLostOnWritten = 0.01;

/** Why the new model should not be put to use; null when it may. */
export function reasonAgainst({ held, written }: Pick<Learnt, 'held' | 'written'>): string | null {
  if (held !== null && held.after.areaUnderCurve < held.before.areaUnderCurve) {
    return 'on labels held back it is worse than before';
  }
  if (written.after.areaUnderCurve < written.before.areaUnderCurve - mostLostOnWritten) {
    return 'on written text it loses more than a gain on few labels is worth';
  }
  return null;
}

/** The figures of a training, for people to read. */
export function describeLearnt({
  held,
  weight,
  written,
  byLot,
  calibratedOn,
  model,
}: Learnt): string {
  const lines: string[] = [];
  if (held === null) {
    lines.push(
      `too few labels of signals or of the rest to hold any back: each counts for ${weight} written texts, unmeasured`,
    );
  } else {
    lines.push(
      `each label counts for ${weight} written texts (area by weight: ${held.areas.map(({ weight: one, area }) => `${one}: ${area.toFixed(3)}`).join(', ')})`,
      ...rows('labels held back', held),
      ...(held.byLot?.after.posts === held.after.posts
        ? ['all of them drawn by lot, as the stream is']
        : held.byLot === null
          ? [`of them too few drawn by lot (${byLot.posts}) to tell how good it is on the stream`]
          : rows('of them drawn by lot, as the stream is', held.byLot)),
    );
  }
  const { falsePositive, falseNegative } = model.header.errorRates;
  lines.push(
    ...rows('written text of services held back', written),
    `probabilities measured on ${calibratedOn === 'labels' ? `${byLot.posts} labels drawn by lot` : calibratedOn}; false positives ${falsePositive}, false negatives ${falseNegative}`,
  );
  return lines.join('\n');
}

function rows(
  on: string,
  { before, after }: Comparison | { before: WrittenFigures; after: WrittenFigures },
): string[] {
  return [
    '',
    `${on}: ${after.posts}, ${after.signals} of them signals`,
    '          F1     area   calibration error  main types right',
    row('before', before),
    row('after', after),
  ];
}

function row(name: string, figures: LearningFigures | WrittenFigures): string {
  const { f1, areaUnderCurve, typesRight, typed } = figures;
  const numbers = [f1, areaUnderCurve].map((value) => value.toFixed(3).padEnd(7)).join('');
  const error = 'calibrationError' in figures ? figures.calibrationError.toFixed(3) : '-';
  return `${name.padEnd(10)}${numbers}${error.padEnd(19)}${typesRight} of ${typed}`;
}
