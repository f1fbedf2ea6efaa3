import { unwatchFile, watchFile } from 'node:fs';
import type { Catalog } from '@outcry/catalog';
import { createMatcher } from '@outcry/catalog';
import type { Classifier } from '@outcry/classification';
import {
  createClassifier,
  loadModel,
  modelFileInForce,
  shippedModelPath,
} from '@outcry/classification';
import type { Logger } from '@outcry/runtime';
import { explainError } from '@outcry/runtime';

export interface WatchedClassifier {
  /** The classifier in force. */
  current(): Classifier;
  close(): void;
}

const lookEveryMs = 2_000;

/**
 * Loads the model, and again whenever its file changes; the shipped one until there is such a file. A
 * broken new file leaves the old model in force: a classifier that stops is worse than one that is a
 * version behind.
 */
export function watchClassifier(
  catalog: Catalog,
  config: { readonly OUTCRY_MODEL: string | undefined },
  log: Logger,
): WatchedClassifier {
  const matcher = createMatcher(catalog);
  const file = config.OUTCRY_MODEL;
  const load = () => createClassifier({ matcher, model: loadModel(modelFileInForce(file)) });
  let current = load();
  log.info({ model: current.model }, 'classifying');

  if (file !== undefined) {
    if (modelFileInForce(file) === shippedModelPath && file !== shippedModelPath) {
      log.warn(`${file} is not there: the shipped model is in force until it is`);
    }
    // Polling sees a file that was replaced by another one of the same name, on every file system.
    watchFile(file, { interval: lookEveryMs, persistent: false }, (now, before) => {
      if (now.mtimeMs === before.mtimeMs || now.size === 0) return;
      try {
        current = load();
        log.info({ model: current.model }, 'the model was swapped');
      } catch (error) {
        log.error(`the new model cannot be used, the old one stays: ${explainError(error)}`);
      }
    });
  }
  return {
    current: () => current,
    close() {
      if (file !== undefined) unwatchFile(file);
    },
  };
}
