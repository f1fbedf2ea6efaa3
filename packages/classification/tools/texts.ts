import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LabelledText } from '../src/train.ts';

const folder = fileURLToPath(new URL('../training/', import.meta.url));

export interface TrainingText extends LabelledText {
  /** The file that it stands in, without its ending. */
  file: string;
}

/** Reads NDJSON; throws with file and line when a line is no JSON. */
export function readLines<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line) as T];
      } catch (error) {
        throw new Error(`${path}:${i + 1}: ${String(error)}`);
      }
    });
}

/** All training texts, files in the order of their names. */
export function readTrainingTexts(): TrainingText[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) =>
      readLines<LabelledText>(`${folder}${name}`).map((text) => ({
        ...text,
        file: name.replace('.jsonl', ''),
      })),
    );
}
