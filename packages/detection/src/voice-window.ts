import { z } from 'zod';
import { bucketsPerMinute, voiceBuckets } from './settings.ts';
import type { VoiceRecord } from './voice-record.ts';
import { compare } from './watermark.ts';

/**
 * Who was counted for one target in the last thirty minutes, and from which texts and sources the
 * voices came. Kept in chunks of a minute: only the newest changes, so a commit writes little.
 */
export class VoiceWindow {
  #last = new Map<number, number>();
  #chunks = new Map<number, VoiceChunk>();
  #changed = new Set<number>();
  /** Voices per text over all chunks, and their full weight. */
  #texts = new Map<number, number>();
  #weight = 0;
  /** Minute before which everything was forgotten. */
  #forgotten = 0;
  /** Voices whose hash is not below it are left out, as a sample against floods. */
  #bound = hashSpace;

  /**
   * Counts a voice unless it counted less than thirty minutes ago. A text that makes up more than
   * its due of all complaints is copied: further voices with it count little.
   *
   * @param share the share of all voices that the bucket itself holds
   * @returns how many voices it counts for, 0 when it does not count
   */
  count(bucket: number, record: VoiceRecord, share: number): number {
    if (record.voice >= this.#bound) return 0;
    const last = this.#last.get(record.voice);
    if (last !== undefined && bucket - last <= voiceBuckets) return 0;
    this.#last.set(record.voice, bucket);
    const minute = Math.floor(bucket / bucketsPerMinute);
    const chunk = this.#chunk(minute);
    const weight = this.#isCopied(record.cluster, chunk, minute) ? 1 : fullWeight;
    chunk.weight += weight;
    this.#weight += weight;
    const key = String(bucket);
    const voices = chunk.voices[key];
    if (voices === undefined) chunk.voices[key] = [record.voice];
    else voices.push(record.voice);
    this.#noteText(chunk, record.cluster);
    const known = chunk.sources.find(([source]) => source === record.source);
    if (known !== undefined) known[1] += 1;
    else if (chunk.sources.length < maxSources) chunk.sources.push([record.source, 1]);
    if (chunk.samples.length < maxSamples) chunk.samples.push(record.id);
    notePost(chunk, record.post);
    if (this.#last.size > maxVoices) this.#halve();
    return weight / fullWeight / Math.min(share, this.#bound / hashSpace);
  }

  /** Forgets what is older than the thirty minutes before a bucket. */
  forget(bucket: number): void {
    const oldest = bucket - voiceBuckets;
    const first = Math.floor(oldest / bucketsPerMinute);
    if (first === this.#forgotten) return;
    this.#forgotten = first;
    for (const [minute, chunk] of this.#chunks) {
      if ((minute + 1) * bucketsPerMinute > oldest) continue;
      for (const [at, voices] of Object.entries(chunk.voices)) {
        for (const voice of voices) {
          if (this.#last.get(voice) === Number(at)) this.#last.delete(voice);
        }
      }
      for (const [text, n] of chunk.texts) this.#subtractText(text, n);
      this.#chunks.delete(minute);
      this.#changed.add(minute);
      this.#weight -= chunk.weight;
    }
    if (this.#last.size === 0) this.#bound = hashSpace;
    else if (this.#bound < hashSpace && this.#last.size < maxVoices / 8) {
      this.#bound = Math.min(hashSpace, this.#bound * 2);
    }
  }

  /** What the voices since a bucket (at most thirty minutes ago) have in common. */
  since(from: number): VoiceSummary {
    const texts = new Map<number, number>();
    const sources = new Map<string, number>();
    const samples: string[] = [];
    const posts: number[] = [];
    let postBound = hashSpace;
    let voices = 0;
    const first = Math.floor(from / bucketsPerMinute);
    for (const minute of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      if (minute < first) continue;
      const chunk = this.#chunks.get(minute)!;
      for (const counted of Object.values(chunk.voices)) voices += counted.length;
      for (const [text, n] of chunk.texts) texts.set(text, (texts.get(text) ?? 0) + n);
      for (const [source, n] of chunk.sources) sources.set(source, (sources.get(source) ?? 0) + n);
      for (const sample of chunk.samples) samples.push(sample);
      for (const post of chunk.posts) posts.push(post);
      postBound = Math.min(postBound, chunk.postBound);
    }
    let top = 0;
    let remembered = 0;
    let squares = 0;
    for (const n of texts.values()) {
      top = Math.max(top, n);
      remembered += n;
      squares += n * n;
    }
    // What is not remembered any more came once.
    squares += Math.max(0, voices - remembered);
    const shown = posts.filter((post) => post < postBound).sort((a, b) => a - b);
    if (shown.length > maxShownPosts) postBound = shown[maxShownPosts]!;
    return {
      texts: texts.size,
      effectiveTexts: squares === 0 ? 0 : (voices * voices) / squares,
      topTextShare: voices === 0 ? 0 : top / voices,
      sources: [...sources].sort((a, b) => b[1] - a[1] || compare(a[0], b[0])),
      samples: samples.slice(-10),
      posts: { below: postBound, hashes: shown.slice(0, maxShownPosts) },
    };
  }

  /** Hashes of the voices counted since a bucket, at most thirty minutes ago. */
  voicesSince(from: number): number[] {
    const found: number[] = [];
    const first = Math.floor(from / bucketsPerMinute);
    for (const [minute, chunk] of this.#chunks) {
      if (minute < first) continue;
      for (const [at, voices] of Object.entries(chunk.voices)) {
        if (Number(at) >= from) for (const voice of voices) found.push(voice);
      }
    }
    return found;
  }

  get empty(): boolean {
    return this.#chunks.size === 0;
  }

  stateChanges(prefix: string): { key: string; value: unknown }[] {
    const changes = [...this.#changed].map((minute) => ({
      key: `${prefix}${minute}`,
      value: structuredClone(this.#chunks.get(minute) ?? null),
    }));
    this.#changed.clear();
    return changes;
  }

  /** Puts the chunks of a state back. */
  restore(
    chunks: readonly (readonly [minute: number, chunk: VoiceChunk])[],
    sampling: { bound: number; forgotten: number },
  ): void {
    this.#bound = sampling.bound;
    this.#forgotten = sampling.forgotten;
    for (const [minute, chunk] of [...chunks].sort((a, b) => a[0] - b[0])) {
      this.#chunks.set(minute, structuredClone(chunk));
      this.#weight += chunk.weight;
      for (const [text, n] of chunk.texts) this.#texts.set(text, (this.#texts.get(text) ?? 0) + n);
      for (const [at, voices] of Object.entries(chunk.voices)) {
        for (const voice of voices) {
          this.#last.set(voice, Math.max(Number(at), this.#last.get(voice) ?? 0));
        }
      }
    }
  }

  /** Where voices are cut off, and the minute up to which they were forgotten. */
  get sampling(): { bound: number; forgotten: number } {
    return { bound: this.#bound, forgotten: this.#forgotten };
  }

  /** Forgets everybody. */
  clear(): void {
    for (const minute of this.#chunks.keys()) this.#changed.add(minute);
    this.#chunks.clear();
    this.#last.clear();
    this.#texts.clear();
    this.#weight = 0;
  }

  #chunk(minute: number): VoiceChunk {
    this.#changed.add(minute);
    let chunk = this.#chunks.get(minute);
    if (chunk === undefined) {
      chunk = {
        voices: {},
        weight: 0,
        texts: [],
        sources: [],
        samples: [],
        posts: [],
        postBound: hashSpace,
      };
      this.#chunks.set(minute, chunk);
    }
    return chunk;
  }

  /** Whether a text has had its due already, of half an hour's complaints or of the last minute's. */
  #isCopied(text: number, chunk: VoiceChunk, minute: number): boolean {
    const alike = this.#texts.get(text) ?? 0;
    if (alike < freeCopies) return false;
    if (alike >= (textShare * this.#weight) / fullWeight) return true;
    const before = this.#chunks.get(minute - 1);
    const now = copiesIn(chunk, text) + (before === undefined ? 0 : copiesIn(before, text));
    const weight = chunk.weight + (before?.weight ?? 0);
    return now >= Math.max(freeCopies, (textShare * weight) / fullWeight);
  }

  /** A chunk remembers so many texts; a new one takes the place of the oldest that came once. */
  #noteText(chunk: VoiceChunk, text: number): void {
    this.#texts.set(text, (this.#texts.get(text) ?? 0) + 1);
    for (const entry of chunk.texts) {
      if (entry[0] === text) {
        entry[1] += 1;
        return;
      }
    }
    if (chunk.texts.length >= maxTexts) {
      const single = chunk.texts.findIndex(([, n]) => n === 1);
      const [gone] = chunk.texts.splice(Math.max(0, single), 1);
      this.#subtractText(gone![0], gone![1]);
    }
    chunk.texts.push([text, 1]);
  }

  #subtractText(text: number, n: number): void {
    const left = (this.#texts.get(text) ?? 0) - n;
    if (left > 0) this.#texts.set(text, left);
    else this.#texts.delete(text);
  }

  #halve(): void {
    this.#bound /= 2;
    for (const [minute, chunk] of this.#chunks) {
      for (const [at, voices] of Object.entries(chunk.voices)) {
        const kept = voices.filter((voice) => voice < this.#bound);
        if (kept.length !== voices.length) this.#changed.add(minute);
        chunk.voices[at] = kept;
      }
    }
    for (const voice of this.#last.keys()) if (voice >= this.#bound) this.#last.delete(voice);
  }
}

/** A sketch of posts: all hashes below a bound. Two sketches tell how many posts are shared. */
export interface PostSketch {
  below: number;
  hashes: number[];
}

export interface VoiceSummary {
  /** Different texts, as far as they are remembered. */
  texts: number;
  /** How many equally frequent texts would be as varied. */
  effectiveTexts: number;
  /** Share of the voices that the most frequent text has. */
  topTextShare: number;
  /** Sources with their voices, most first. */
  sources: [string, number][];
  /** Ids of the newest posts. */
  samples: string[];
  posts: PostSketch;
}

function copiesIn(chunk: VoiceChunk, text: number): number {
  for (const entry of chunk.texts) if (entry[0] === text) return entry[1];
  return 0;
}

function notePost(chunk: VoiceChunk, post: number): void {
  if (post >= chunk.postBound) return;
  chunk.posts.push(post);
  if (chunk.posts.length <= maxPosts) return;
  chunk.posts.sort((a, b) => a - b);
  chunk.postBound = chunk.posts.pop()!;
}

const hashSpace = 2 ** 32;
/** Voices of one target that are remembered exactly; beyond that a sample stands for all. */
const maxVoices = 65_536;
const maxTexts = 64;
const maxSources = 16;
const maxSamples = 4;
const maxPosts = 192;
/** And of the whole window. With fewer, a small echo of a large outage finds no post to compare. */
const maxShownPosts = 1_024;

/**
 * Nearly the same words from many people are either a stock phrase ("is it down?") or copied. A text
 * may make up a twelfth of all complaints, of half an hour and of the last minutes, and the first few
 * always count.
 */
const textShare = 1 / 12;
const freeCopies = 3;
/** A voice weighs twenty, one with a copied text beyond its due one: whole numbers add up exactly. */
const fullWeight = 20;

const tallied = <T extends z.ZodType>(key: T) => z.array(z.tuple([key, z.number()]));
export const voiceChunk = z.strictObject({
  /** Voices by the bucket that counted them. */
  voices: z.record(z.string(), z.array(z.number())),
  weight: z.number(),
  texts: tallied(z.number()),
  sources: tallied(z.string()),
  samples: z.array(z.string()),
  posts: z.array(z.number()),
  postBound: z.number(),
});
export type VoiceChunk = z.infer<typeof voiceChunk>;
