import { createHash } from 'node:crypto';
import path from 'node:path';
import { createMatcher, loadCatalog } from '@outcry/catalog';
import {
  agree,
  encodeModel,
  labelWeights,
  leastByLot,
  leastByLotOfEachSide,
  loadModel,
  unmeasuredWeight,
} from '@outcry/classification';
import { readSettings } from '@outcry/runtime';
import { Command } from 'commander';
import { describeLearnt, reasonAgainst } from '../labelling/learnt.ts';
import { checkModelFile, replaceModel } from '../labelling/model-file.ts';
import { labelsFile, learningSettings, tellBad, whole } from '../labelling/options.ts';
import { readLabels } from '../labelling/store.ts';
import { createProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

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

export function trainCommand(): Command {
  return new Command('train')
    .description('rebuild the classification model with the labels of outcry label')
    .option('--labels <file>', 'labels; labels.ndjson in the data folder by default')
    .option('--out <file>', 'where the new model goes; outcry.model in the data folder by default')
    .option('--texts <folder>', 'written text (*.jsonl) instead of the shipped')
    .option('--weight <n>', 'how many written texts a label counts for, instead of choosing it')
    .option('--seed <n>', 'the same seed, text and labels give the same bytes', '20250416')
    .option('--force', 'write the model though it is worse, to look at what it says')
    .option('--json', 'for machines')
    .addHelpText(
      'after',
      `
The weight of a label (${labelWeights.join(', ')}) is chosen on labels held back, and so are the figures before and
after; with fewer than ten labels of signals, or of the rest, none can be held back: each then counts for
${unmeasuredWeight} written texts, unmeasured. Labels by different people count where most of them agree. With ${leastByLot} labels
drawn by lot and more, ${leastByLotOfEachSide} of them signals and ${leastByLotOfEachSide} not, probabilities and error rates are measured on
those, else on written text. When the new model is worse, on labels held back or clearly so on written
text, nothing is written and the exit code is 2. The file that is replaced is kept as FILE.before.

Put it to use with OUTCRY_MODEL=FILE for classifier or standalone. It may be set before the file is there:
they look every two seconds, swap without a restart, and log the version; each signal carries it.`,
    )
    .action(async (options: Options) => {
      const config = readSettings(learningSettings, process.env);
      const file = labelsFile(config.OUTCRY_DATA_DIR, options.labels);
      const out = path.resolve(options.out ?? path.join(config.OUTCRY_DATA_DIR, 'outcry.model'));
      checkModelFile(out);
      const { labels, bad } = readLabels(file);
      tellBad(file, bad);
      const { agreed, disputed } = agree(labels);
      if (agreed.length === 0) {
        throw new UsageError(`${file} holds no labels; outcry label makes some`);
      }
      // The written text and the phrases are many, and no other command needs them.
      const { learn } = await import('@outcry/classification/training');
      const { readTrainingTexts } = await import('@outcry/classification/texts');
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
      if (written) replaceModel(out, encodeModel(learnt.model));
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
        console.log(describeLearnt(learnt));
        console.log(
          written
            ? `${learnt.model.header.name} is in ${out}\nOUTCRY_MODEL=${out} puts it to use`
            : `nothing was written: ${reason} (--force writes it all the same)`,
        );
      }
      if (!written) process.exitCode = isWorse;
    });
}
