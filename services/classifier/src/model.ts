import { statSync } from 'node:fs';
import type { Catalog } from '@outcry/catalog';
import { createMatcher } from '@outcry/catalog';
import type { Classifier } from '@outcry/classification';
import { createClassifier, loadModel, modelFileInForce } from '@outcry/classification';
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
  // Looked at before it is read: a file that is replaced meanwhile is seen as new at the next look.
  let seen = file === undefined ? null : lookAt(file);
  let current = load();
  log.info({ model: current.model }, 'classifying');
  if (file !== undefined && modelFileInForce(file) !== file) {
    log.warn(`${file} is not there: the shipped model is in force until it is`);
  }

  const look = () => {
    const now = lookAt(file!);
    if (now === null || now === seen) return;
    seen = now;
    try {
      current = load();
      log.info({ model: current.model }, 'the model was swapped');
    } catch (error) {
      log.error(`the new model cannot be used, the old one stays: ${explainError(error)}`);
    }
  };
  // Looking at it again and again sees a file that was replaced on every file system.
  const timer = file === undefined ? undefined : setInterval(look, lookEveryMs).unref();
  return {
    current: () => current,
    close: () => clearInterval(timer),
  };
}

/** What tells a file from the one that was there before; null while there is none, or an empty one. */
function lookAt(file: string): string | null {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return size === 0 ? null : `${ino} ${mtimeMs} ${size}`;
  } catch {
    // Gone for a moment, or not to be read: the model in force stays.
    return null;
  }
}
