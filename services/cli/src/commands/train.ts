import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createMatcher, loadCatalog } from '@outcry/catalog';
import type { LearningFigures, Learnt } from '@outcry/classification';
import {
  agree,
  encodeModel,
  labelWeights,
  learn,
  leastByLot,
  loadModel,
  shippedModelPath,
} from '@outcry/classification';
import { readTrainingTexts } from '@outcry/classification/training';
import { readSettings } from '@outcry/runtime';
import { Command } from 'commander';
import { readLabels } from '../labelling/store.ts';
import { createProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { labelsFile, learningSettings, tellBad, whole } from './label.ts';

interface Options {
  labels?: string;
  out?: string;
  texts?: string;
  weight?: string;
  seed: string;
  force?: boolean;
  json?: boolean;
}

/** Exit code when the labels make the model worse, so that nothing was written. */
const isWorse = 2;
/** How much written text may lose before a gain on one's own stream is doubted. */
const mostLostOnWritten = 0.01;

export function trainCommand(): Command {
  return new Command('train')
    .description('rebuild the classification model with the labels of outcry label')
    .option('--labels <file>', 'labels; labels.ndjson in the data folder by default')
    .option('--out <file>', 'where the new model goes; outcry.model in the data folder by default')
    .option('--texts <folder>', 'written text (*.jsonl) instead of the shipped')
    .option('--weight <n>', 'how many written texts a label counts for, instead of choosing it')
    .option('--seed <n>', 'the same seed, text and labels give the same bytes', '20250416')
    .option('--force', 'write the model though it is worse')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
The weight of a label (${labelWeights.join(', ')}) is chosen on labels held back, and so are the figures before and
after. Labels by different people count where most of them agree. With ${leastByLot} labels drawn by lot and more,
probabilities and error rates are measured on those, else on written text. Exit code 2 when the new
model is worse; then nothing is written.

Put it to use with OUTCRY_MODEL=FILE for classifier or standalone: they look at the file every two
seconds and swap without a restart.`,
    )
    .action((options: Options) => {
      const config = readSettings(learningSettings, process.env);
      const file = labelsFile(config.OUTCRY_DATA_DIR, options.labels);
      const out = path.resolve(options.out ?? path.join(config.OUTCRY_DATA_DIR, 'outcry.model'));
      if (out === shippedModelPath)
        throw new UsageError('--out names the model that ships; choose another file');
      const { labels, bad } = readLabels(file);
      tellBad(file, bad);
      const { agreed, disputed } = agree(labels);
      if (agreed.length === 0) {
        throw new UsageError(`${file} holds no labels; outcry label makes some`);
      }
      const progress = createProgress('training');
      const learnt = learn(readTrainingTexts(options.texts), agreed, {
        matcher: createMatcher(loadCatalog(config.OUTCRY_CATALOG)),
        inForce: loadModel().header,
        seed: whole('--seed', options.seed, 0, 2 ** 31 - 1),
        digest: (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 8),
        ...(options.weight === undefined
          ? {}
          : { weights: [whole('--weight', options.weight, 1, 1_000)] }),
        onProgress: (done, total, doing) => progress.update(done, total, doing),
      });
      progress.stop();
      const reason = reasonAgainst(learnt);
      const written = reason === null || options.force === true;
      if (written) writeWhole(out, encodeModel(learnt.model));
      const annotators = new Set(labels.map(({ annotator }) => annotator)).size;
      if (options.json === true) {
        const { model, ...figures } = learnt;
        console.log(
          JSON.stringify({
            model: model.header.name,
            out: written ? out : null,
            labels: agreed.length,
            disputed,
            annotators,
            ...figures,
            errorRates: model.header.errorRates,
            refused: reason,
          }),
        );
      } else {
        console.log(
          `${agreed.length} labelled posts by ${annotators} annotator(s), ${disputed} disputed and left out`,
        );
        console.log(describe(learnt));
        console.log(
          written
            ? `${learnt.model.header.name} is in ${out}\nOUTCRY_MODEL=${out} puts it to use`
            : `nothing was written: ${reason} (--force writes it all the same)`,
        );
      }
      if (!written) process.exitCode = isWorse;
    });
}

/** Why the new model should not be put to use; null when it may. */
function reasonAgainst({ held, written }: Learnt): string | null {
  if (held !== null && held.after.areaUnderCurve < held.before.areaUnderCurve) {
    return 'on labels held back it is worse than before';
  }
  if (written.after < written.before - mostLostOnWritten) {
    return 'on written text it loses more than a gain on few labels is worth';
  }
  return null;
}

function describe({ held, weight, written, calibratedOn, model }: Learnt): string {
  const lines: string[] = [];
  if (held === null) {
    lines.push(
      `too few labels of signals or of the rest to hold any back: each counts for ${weight} written texts, unmeasured`,
    );
  } else {
    lines.push(
      `on ${held.after.posts} labels held back (${held.after.signals} signals), each counting for ${weight} written texts:`,
      '          F1     area   calibration error  main types right',
      row('before', held.before),
      row('after', held.after),
      `area by weight: ${held.areas.map(({ weight: one, area }) => `${one}: ${area.toFixed(3)}`).join(', ')}`,
    );
  }
  const { falsePositive, falseNegative } = model.header.errorRates;
  lines.push(
    `on written text of services held back: area ${written.before.toFixed(3)} before, ${written.after.toFixed(3)} after`,
    `probabilities measured on ${calibratedOn}; false positives ${falsePositive}, false negatives ${falseNegative}`,
  );
  return lines.join('\n');
}

function row(name: string, figures: LearningFigures): string {
  const { f1, areaUnderCurve, calibrationError, typesRight, typed } = figures;
  const numbers = [f1, areaUnderCurve].map((value) => value.toFixed(3).padEnd(7)).join('');
  return `${name.padEnd(10)}${numbers}${calibrationError.toFixed(3).padEnd(19)}${typesRight} of ${typed}`;
}

/** Never half a file: whoever watches it sees the old model or the new one. */
function writeWhole(file: string, bytes: Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w');
  writeSync(descriptor, bytes);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(draft, file);
}
