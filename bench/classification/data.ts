import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ErrorType, Platform, Stance } from '@outcry/contracts';

const shared =
  process.env.OUTCRY_SHARED ?? fileURLToPath(new URL('../../../shared/', import.meta.url));

/** A real post with the labels that two people agreed on. */
export interface RealPost {
  id: string;
  service: string;
  lang: string;
  stance: Stance;
  types: ErrorType[];
  countries: string[];
  platforms: Platform[];
  text: string;
}

export interface PlacedPost {
  text: string;
  locations: { text: string; country: string | null }[];
}

/** Real posts to measure with, null when they are not on this machine. */
export function readPosts(): RealPost[] | null {
  return readNdjson<RealPost>('data/posts/dev.jsonl');
}

export function readPlaces(): PlacedPost[] | null {
  return readNdjson<PlacedPost>('data/places/dev.jsonl');
}

function readNdjson<T>(path: string): T[] | null {
  const file = `${shared}/${path}`;
  if (!existsSync(file)) return null;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}
