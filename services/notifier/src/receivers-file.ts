import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeIssues } from '@outcry/contracts';
import type { Receiver } from '@outcry/delivery';
import { receivers } from '@outcry/delivery';
import { parse, stringify } from 'yaml';

/** A receivers file that cannot be used. The message names the file and every problem, no secret. */
export class ReceiversError extends Error {
  readonly code = 'receivers';
}

/**
 * The receivers of a YAML file. A file of its own, readable by its owner only, keeps the signing
 * secrets out of the event log and of the environment.
 */
export function readReceivers(file: string): Receiver[] {
  if (!existsSync(file)) return [];
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, 'utf8')) ?? [];
  } catch (error) {
    // The parser's message quotes the source, which holds secrets: only the first line is safe.
    const line = error instanceof Error ? (error.message.split(/[:\n]/)[0] ?? '') : '';
    throw new ReceiversError(`${file} is not YAML: ${line}`);
  }
  const result = receivers.safeParse(raw);
  if (!result.success) throw new ReceiversError(`${file}: ${describeIssues(result.error)}`);
  return result.data;
}

/** Writes the file anew in one step, so that a running notifier never reads a half-written one. */
export function writeReceivers(file: string, all: readonly Receiver[]): void {
  receivers.parse(all);
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, stringify(all), { mode: 0o600 });
  renameSync(temporary, file);
}

/** A fresh signing secret of 32 bytes. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** The receivers of a file, read again when it changed. A broken new version leaves the old in force. */
export function watchReceivers(
  file: string,
  onProblem: (message: string) => void,
): () => readonly Receiver[] {
  let stamp = stampOf(file);
  let current = readReceivers(file);
  return () => {
    const now = stampOf(file);
    if (now === stamp) return current;
    stamp = now;
    try {
      current = readReceivers(file);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
    }
    return current;
  };
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs}/${stat.size}/${stat.ino}`;
}
