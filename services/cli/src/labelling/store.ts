import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Label } from '@outcry/classification';
import { label } from '@outcry/classification';
import { describeIssues } from '@outcry/contracts';

/** A line of the file that is no label, with the reason. */
export interface BadLine {
  line: number;
  reason: string;
}

/** Reads a file of labels. A line that a crash cut short, or that is none, is told and left alone. */
export function readLabels(file: string): { labels: Label[]; bad: BadLine[] } {
  if (!existsSync(file)) return { labels: [], bad: [] };
  const labels: Label[] = [];
  const bad: BadLine[] = [];
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLabel(line);
    if (typeof parsed === 'string') bad.push({ line: index + 1, reason: parsed });
    else labels.push(parsed);
  }
  return { labels, bad };
}

function parseLabel(line: string): Label | string {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return 'is no JSON';
  }
  const parsed = label.safeParse(raw);
  return parsed.success ? parsed.data : describeIssues(parsed.error);
}

/** Appends labels, each on the disk before the next is asked for: they are somebody's work. */
export class LabelFile {
  readonly #descriptor: number;

  constructor(file: string) {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    const before = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    this.#descriptor = openSync(file, 'a', 0o600);
    // What a crash cut short must not swallow the next line.
    if (before.length > 0 && before.at(-1) !== 0x0a) writeFileSync(this.#descriptor, '\n');
  }

  append(one: Label): void {
    // A single write may take only a part.
    writeFileSync(this.#descriptor, `${JSON.stringify(one)}\n`);
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
