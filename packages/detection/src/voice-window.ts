import { z } from 'zod';
import { bucketsPerMinute, voiceBuckets } from './settings.ts';
import type { VoiceRecord } from './voice-record.ts';

/**
 * Who was counted for one target in the last thirty minutes, and from which texts and sources the
 * voices came. Kept in chunks of a minute: only the newest changes, so a commit writes little.
 */
export class VoiceWindow {
  #last = new Map<number, number>();
  #chunks = new Map<number, VoiceChunk>();
  #changed = new Set<number>();
  /** Voices whose hash is not below it are left out, as a sample against floods. */
  #bound = hashSpace;

  /**
   * Counts a voice unless it counted less than thirty minutes ago.
   * @param share the share of all voices that the bucket itself holds
   * @returns how many voices it stands for, 0 when it does not count
   */
  count(bucket: number, record: VoiceRecord, share: number): number {
    if (record.voice >= this.#bound) return 0;
    const last = this.#last.get(record.voice);
    if (last !== undefined && bucket - last <= voiceBuckets) return 0;
    this.#last.set(record.voice, bucket);
    const minute = Math.floor(bucket / bucketsPerMinute);
    let chunk = this.#chunks.get(minute);
    if (chunk === undefined) {
      chunk = { voices: {}, clusters: [], sources: [], samples: [], posts: [] };
      this.#chunks.set(minute, chunk);
    }
    this.#changed.add(minute);
    const key = String(bucket);
    const voices = chunk.voices[key];
    if (voices === undefined) chunk.voices[key] = [record.voice];
    else voices.push(record.voice);
    tally(chunk.clusters, record.cluster, maxClusters);
    tally(chunk.sources, record.source, maxSources);
    if (chunk.samples.length < maxSamples) chunk.samples.push(record.id);
    if (this.#last.size > maxVoices) this.#halve();
    return 1 / Math.min(share, this.#bound / hashSpace);
  }

  /** Notes the hash of a post, so that the correlator can find posts shared with another target. */
  notePost(bucket: number, hash: number): void {
    const chunk = this.#chunks.get(Math.floor(bucket / bucketsPerMinute));
    if (chunk === undefined || chunk.posts.length >= maxPosts) return;
    chunk.posts.push(hash);
  }

  /** Forgets what is older than the thirty minutes before a bucket. */
  forget(bucket: number): void {
    const oldest = bucket - voiceBuckets;
    for (const [minute, chunk] of this.#chunks) {
      if ((minute + 1) * bucketsPerMinute > oldest) continue;
      for (const [at, voices] of Object.entries(chunk.voices)) {
        for (const voice of voices) {
          if (this.#last.get(voice) === Number(at)) this.#last.delete(voice);
        }
      }
      this.#chunks.delete(minute);
      this.#changed.add(minute);
    }
    if (this.#bound < hashSpace && this.#last.size < maxVoices / 8) {
      this.#bound = Math.min(hashSpace, this.#bound * 2);
    }
  }

  /** What the voices since a bucket (at most thirty minutes ago) have in common. */
  since(from: number): VoiceSummary {
    const summary: VoiceSummary = {
      voices: [],
      clusters: [],
      sources: [],
      samples: [],
      posts: [],
    };
    const first = Math.floor(from / bucketsPerMinute);
    for (const minute of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      if (minute < first) continue;
      const chunk = this.#chunks.get(minute)!;
      for (const [at, voices] of Object.entries(chunk.voices)) {
        if (Number(at) >= from) summary.voices.push(...voices);
      }
      for (const [cluster, n] of chunk.clusters) tally(summary.clusters, cluster, 1024, n);
      for (const [source, n] of chunk.sources) tally(summary.sources, source, 64, n);
      summary.samples.push(...chunk.samples);
      summary.posts.push(...chunk.posts);
    }
    return summary;
  }

  get empty(): boolean {
    return this.#chunks.size === 0;
  }

  stateChanges(prefix: string): { key: string; value: unknown }[] {
    const changes = [...this.#changed].map((minute) => ({
      key: `${prefix}${minute}`,
      value: this.#chunks.get(minute) ?? null,
    }));
    this.#changed.clear();
    return structuredClone(changes);
  }

  restore(minute: number, chunk: VoiceChunk): void {
    this.#chunks.set(minute, structuredClone(chunk));
    for (const [at, voices] of Object.entries(chunk.voices)) {
      for (const voice of voices) {
        this.#last.set(
          voice,
          Math.max(Number(at), this.#last.get(voice) ?? Number.NEGATIVE_INFINITY),
        );
      }
    }
  }

  get bound(): number {
    return this.#bound;
  }

  set bound(bound: number) {
    this.#bound = bound;
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

export interface VoiceSummary {
  /** Hashes of the voices. */
  voices: number[];
  /** Text clusters with their voices. */
  clusters: [number, number][];
  sources: [string, number][];
  samples: string[];
  posts: number[];
}

const hashSpace = 2 ** 32;
/** Voices of one target that are remembered exactly; beyond that a sample stands for all. */
const maxVoices = 65_536;
const maxClusters = 48;
const maxSources = 16;
const maxSamples = 4;
const maxPosts = 24;

const tallied = <T extends z.ZodType>(key: T) => z.array(z.tuple([key, z.number()]));
export const voiceChunk = z.strictObject({
  /** Voices by the bucket that counted them. */
  voices: z.record(z.string(), z.array(z.number())),
  clusters: tallied(z.number()),
  sources: tallied(z.string()),
  samples: z.array(z.string()),
  posts: z.array(z.number()),
});
export type VoiceChunk = z.infer<typeof voiceChunk>;

/** Adds to the count of a key; a new key is dropped once there are `most`. */
export function tally<K>(counts: [K, number][], key: K, most: number, n = 1): void {
  for (const entry of counts) {
    if (entry[0] === key) {
      entry[1] += n;
      return;
    }
  }
  if (counts.length < most) counts.push([key, n]);
}
