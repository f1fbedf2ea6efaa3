import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Model } from './model.ts';
import { decodeModel } from './model.ts';
import { decodePlaces } from './places/file.ts';
import type { Gazetteer } from './places/gazetteer.ts';

/** The model and the table of places that ship with this package. */
export const shippedModelPath = fileURLToPath(new URL('../model/outcry.model', import.meta.url));
export const shippedPlacesPath = fileURLToPath(new URL('../model/outcry.places', import.meta.url));

/** A model with the table of places that classification needs beside it. */
export interface LoadedModel extends Model {
  places: Gazetteer;
}

/**
 * Reads a model file, the shipped one by default, and the shipped table of places.
 *
 * @throws Error when a file is missing, is none of ours, or was built for other rules
 */
export function loadModel(path: string = shippedModelPath): LoadedModel {
  return { ...decodeModel(readBytes(path)), places: decodePlaces(readBytes(shippedPlacesPath)) };
}

/**
 * The file that a setting names, or the shipped one: also while there is none of that name, so that
 * the setting may stand before the first training.
 */
export function modelFileInForce(setting: string | undefined): string {
  return setting !== undefined && existsSync(setting) ? setting : shippedModelPath;
}

function readBytes(path: string): Uint8Array {
  const buffer = readFileSync(path);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
