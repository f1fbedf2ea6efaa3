import type { Scan } from '../scan.ts';
import { combine } from '../scan.ts';

/** What a name stands for. */
export const placeKind = { country: 0, subdivision: 1, city: 2 } as const;

export const nameFlag = {
  /** Also a word of some language, in lower case in ordinary text: wants evidence beside it. */
  common: 1,
  /** Also a first name or surname. */
  personal: 2,
  /** Stands only in capitals, such as US or TX. */
  capitals: 4,
  /** Of the people of a country: British. */
  demonym: 8,
} as const;

/** Tables of names and places, as they lie in the generated file. */
export interface GazetteerTables {
  /** ISO 3166-1 codes, joined. */
  countries: string;
  /** ISO 3166-2 codes, joined by spaces; index 0 stands for none. */
  subdivisions: string;
  /** Open addressing: hash of a folded name, and its first candidate + 1. */
  keys: Int32Array;
  heads: Int32Array;
  /** Hashes of the beginnings of names of several words. */
  prefixes: Int32Array;
  /** Per candidate; the candidates of a name follow each other. */
  last: Uint8Array;
  kind: Uint8Array;
  flags: Uint8Array;
  country: Uint8Array;
  subdivision: Uint16Array;
  /** Population, as 10 × log10. */
  size: Uint8Array;
  /** Degrees × 100. */
  latitude: Int16Array;
  longitude: Int16Array;
  /** Languages in which a name counts, as bits of `cueLanguages`; 0 for all. */
  languages: Int32Array;
  /** Where a city's name begins in `names`; it ends at the next line feed. */
  name: Int32Array;
  names: Uint8Array;
}

/** Of an entry: longer names begin with this run of words. */
export const beginsLonger = 1 << 31;

/** Names to places. Built from GeoNames (CC BY 4.0) and ISO 3166 by tools/build-places.ts. */
export class Gazetteer {
  readonly tables: GazetteerTables;
  readonly #subdivisions: string[];
  readonly #decoder = new TextDecoder();
  /** A bit for each name and beginning of a name: most words are none, and one look tells. */
  readonly #bloom = new Int32Array(1 << 14);

  /** Hash, and candidate + 1 with the top bit for a beginning of longer names, side by side. */
  readonly #entries: Int32Array;
  readonly #mask: number;

  constructor(tables: GazetteerTables) {
    this.tables = tables;
    this.#subdivisions = tables.subdivisions.split(' ');
    const { keys, heads, prefixes } = tables;
    this.#mask = keys.length - 1;
    this.#entries = new Int32Array(keys.length * 2);
    for (let slot = 0; slot < keys.length; slot++) {
      if (heads[slot] === 0) continue;
      this.#entries[slot * 2] = keys[slot]!;
      this.#entries[slot * 2 + 1] = heads[slot]!;
      this.#mark(keys[slot]!);
    }
    for (const hash of prefixes) {
      if (hash === 0) continue;
      this.#mark(hash);
      const at = this.#at(hash);
      this.#entries[at] = hash;
      this.#entries[at + 1]! |= beginsLonger;
    }
  }

  /** Where the entry of a hash lies, or the free place where it would. */
  #at(hash: number): number {
    const entries = this.#entries;
    let slot = hash & this.#mask;
    while (entries[slot * 2 + 1] !== 0 && entries[slot * 2] !== hash) {
      slot = (slot + 1) & this.#mask;
    }
    return slot * 2;
  }

  /**
   * All that is known of a run of words: 0 when it is nothing, else the candidate + 1 of a name (0
   * for none) and `beginsLonger` when longer names begin so.
   */
  entry(hash: number): number {
    return this.mayBe(hash) ? this.#entries[this.#at(hash) + 1]! : 0;
  }

  #mark(hash: number): void {
    this.#bloom[(hash >>> 5) & 0x3fff]! |= 1 << (hash & 31);
  }

  /** False when a run of words is surely neither a name nor the beginning of one. */
  mayBe(hash: number): boolean {
    return (this.#bloom[(hash >>> 5) & 0x3fff]! & (1 << (hash & 31))) !== 0;
  }

  /** First candidate of a name, -1 when it is no place. */
  head(hash: number): number {
    return (this.entry(hash) & ~beginsLonger) - 1;
  }

  country(candidate: number): string {
    const at = this.tables.country[candidate]! * 2;
    return this.tables.countries.slice(at, at + 2);
  }

  /** Index of an ISO 3166-1 code, -1 when unknown. */
  countryIndex(code: string): number {
    const { countries } = this.tables;
    for (let at = 0; at < countries.length; at += 2) {
      if (countries.startsWith(code, at)) return at / 2;
    }
    return -1;
  }

  subdivision(candidate: number): string | undefined {
    const index = this.tables.subdivision[candidate]!;
    return index === 0 ? undefined : this.#subdivisions[index];
  }

  /** A city's name as GeoNames writes it. */
  cityName(candidate: number): string {
    const from = this.tables.name[candidate]!;
    let to = from;
    while (this.tables.names[to] !== 10 && to < this.tables.names.length) to++;
    return this.#decoder.decode(this.tables.names.subarray(from, to));
  }
}

/** Hash of a run of tokens, the same for a text and for the table. */
export function nameHash(scan: Scan, from: number, to: number): number {
  let hash = 0x6e61;
  for (let i = from; i < to; i++) hash = extendName(hash, scan.hash[i]!);
  return hash;
}

export function extendName(hash: number, token: number): number {
  return combine(hash, token);
}

export const nameSeed = 0x6e61;
