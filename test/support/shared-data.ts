import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './processes.ts';

const folder = process.env.OUTCRY_SHARED ?? path.join(root, '..', 'shared');

/** Real data for measuring, which does not belong to the project and need not be there. */
export function sharedLines(file: string): string[] | null {
  const full = path.join(folder, 'data', file);
  if (!existsSync(full)) return null;
  return readFileSync(full, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
