import path from 'node:path';
import { catalogSettings, indexSettings, logSettings, optionalText } from '@outcry/runtime';
import { UsageError } from '../usage-error.ts';

/** What `label` and `train` read of the environment. */
export const learningSettings = {
  ...catalogSettings,
  ...indexSettings,
  OUTCRY_DATA_DIR: logSettings.OUTCRY_DATA_DIR,
  OUTCRY_MODEL: optionalText('classification model file; without it the shipped one'),
} as const;

/** Where labels are kept unless told otherwise: beside log and index, with their owner. */
export function labelsFile(dataDir: string, told: string | undefined): string {
  return told ?? path.join(dataDir, 'labels.ndjson');
}

export function tellBad(file: string, bad: readonly { line: number; reason: string }[]): void {
  for (const { line, reason } of bad)
    console.error(`outcry: ${file} line ${line} is left out: ${reason}`);
}

export function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`${name} wants a whole number from ${least} to ${most}`);
  }
  return value;
}
