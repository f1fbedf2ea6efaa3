import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Guard } from './guard.ts';

/** What a download needs to know. */
export type Fetching = {
  cacheDir: string;
  javaHome: string;
  guard: Guard;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
};

const EVERY_MS = 3_000;

/** Tells, every few seconds until `end`, how much of the expected megabytes a folder holds by now. */
export function watchFolder(
  folder: string,
  what: string,
  expectedMb: number,
  onProgress: (line: string) => void,
): { end(): void } {
  onProgress(`${what} (about ${expectedMb} MB, once) …`);
  const timer = setInterval(async () => {
    const mb = Math.round((await sizeOf(folder)) / 1_000_000);
    if (mb > 0) onProgress(`${what}: ${mb} of about ${expectedMb} MB`);
  }, EVERY_MS);
  timer.unref();
  return { end: () => clearInterval(timer) };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await stat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
    bytes += found?.size ?? 0;
  }
  return bytes;
}
