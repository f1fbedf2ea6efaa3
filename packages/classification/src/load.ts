import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Model } from './model.ts';
import { decodeModel } from './model.ts';

/** The model that ships with this package. */
export const shippedModelPath = fileURLToPath(new URL('../model/outcry.model', import.meta.url));

/**
 * Reads a model file, at first that which ships.
 *
 * @throws Error when the file is missing or no model for these rules
 */
export function loadModel(path: string = shippedModelPath): Model {
  const bytes = readFileSync(path);
  return decodeModel(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
