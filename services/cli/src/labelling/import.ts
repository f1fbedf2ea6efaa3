import type { Classifier } from '@outcry/classification';
import { label, labelFields } from '@outcry/classification';
import { z } from 'zod';
import { runPipe } from '../pipe.ts';
import { LabelFile } from './store.ts';

/** Labels of another tool, or of a spreadsheet: what they need not tell is filled in. */
function importedLabel(annotator: string, classifier: Classifier) {
  return z
    .object({
      ...labelFields.shape,
      lang: labelFields.shape.lang.optional(),
      target: labelFields.shape.target.default(null),
      types: labelFields.shape.types.default([]),
      annotator: labelFields.shape.annotator.default(annotator),
      labelledAt: labelFields.shape.labelledAt.default(() => new Date().toISOString()),
      cluster: labelFields.shape.cluster.optional(),
      selection: labelFields.shape.selection.default('uncertain'),
      model: labelFields.shape.model.optional(),
      confidence: labelFields.shape.confidence.optional(),
    })
    .transform((it) => {
      const { language, cluster, model, confidence } = classifier.classify({
        text: it.text,
        ...(it.lang === undefined ? {} : { lang: it.lang }),
        ...(it.target === null ? {} : { target: it.target }),
      });
      return {
        ...it,
        lang: it.lang ?? language,
        cluster: it.cluster ?? cluster,
        model: it.model ?? model,
        confidence: it.confidence ?? confidence,
      };
    })
    .pipe(label);
}

/** Takes labels, NDJSON, from standard input into a file of labels. */
export async function importLabels(
  file: string,
  annotator: string,
  classifier: Classifier,
): Promise<void> {
  const out = new LabelFile(file);
  let taken = 0;
  try {
    await runPipe({
      command: 'label --import',
      schema: importedLabel(annotator, classifier),
      each(it) {
        out.append(it);
        taken += 1;
        return [];
      },
    });
  } finally {
    out.close();
    console.error(`${taken} labels taken into ${file}`);
  }
}
