import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isModel, shippedModelPath } from '@outcry/classification';
import { explainError } from '@outcry/runtime';
import { UsageError } from '../usage-error.ts';

/**
 * Makes sure, before minutes are spent on training, that a model can be written there and that nothing
 * but an older one of one's own would be replaced.
 *
 * @throws UsageError telling what stands against it
 */
export function checkModelFile(file: string): void {
  const draft = `${file}.new`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(draft, '');
    rmSync(draft);
  } catch (error) {
    throw new UsageError(`no model can be written to ${file}: ${explainError(error)}`);
  }
  if (!existsSync(file)) return;
  if (realpathSync(file) === realpathSync(shippedModelPath)) {
    throw new UsageError('--out names the model that ships; choose another file');
  }
  if (!isModel(readFileSync(file))) {
    throw new UsageError(`${file} is there and is no model; choose another file`);
  }
}

/**
 * Puts a model there. Whoever watches the file sees the old model or the new one, never half of it.
 * The old one is kept beside it.
 */
export function replaceModel(file: string, bytes: Uint8Array): void {
  const draft = `${file}.new`;
  writeFileSync(draft, bytes);
  sync(draft);
  if (existsSync(file)) copyFileSync(file, `${file}.before`);
  renameSync(draft, file);
  sync(path.dirname(file));
}

/** What was written, and a name that was given, outlast a power cut. */
function sync(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
