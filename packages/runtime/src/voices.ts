import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Turns the native id of an author into a voice; see `createVoices`. */
export type Voices = (source: string, authorId: string) => string;

/**
 * HMAC-SHA-256 of an author's id under a key, cut to 128 bits. Without the key nobody can test
 * whether a known author is among the voices, and the same author at two sources is two voices.
 */
export function createVoices(key: string | Uint8Array): Voices {
  return (source, authorId) =>
    createHmac('sha256', key)
      .update(source)
      .update('\0')
      .update(authorId)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
}

/** The key from the settings, else the one kept in the data folder, made at the first start. */
export function voiceKey(configured: string | undefined, dataDir: string): string {
  if (configured !== undefined) return configured;
  const file = path.join(dataDir, 'voice.key');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
