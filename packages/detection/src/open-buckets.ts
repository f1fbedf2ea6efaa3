import { z } from 'zod';
import { readState } from './state.ts';
import type { VoiceRecord } from './voice-record.ts';
import { inRecordOrder, voiceRecord } from './voice-record.ts';

/**
 * Records of buckets that are not closed yet.
 *
 * Per bucket, target and voice only the first record in (occurredAt, id) order is kept, complaints
 * and other talk apart, because only it can count. That bounds a flood by one author. Against a
 * flood of many voices the bucket keeps the `maxVoices` smallest voice hashes and remembers where it
 * cut: an unbiased sample, and the same sample whatever the order of arrival.
 */
export class OpenBuckets {
  #buckets = new Map<number, Map<string, OpenTarget>>();
  #chunks = new Map<string, string[]>();
  #added = new Map<string, VoiceRecord[]>();
  #removed: string[] = [];
  #nextChunk = 0;

  add(bucket: number, target: string, record: VoiceRecord): void {
    let targets = this.#buckets.get(bucket);
    if (targets === undefined) {
      targets = new Map();
      this.#buckets.set(bucket, targets);
    }
    let open = targets.get(target);
    if (open === undefined) {
      open = new OpenTarget();
      targets.set(target, open);
    }
    if (!open.add(record)) return;
    const key = `${bucket}/${target}`;
    const added = this.#added.get(key);
    if (added === undefined) this.#added.set(key, [record]);
    else added.push(record);
  }

  /** Numbers of the open buckets up to `last`, rising. */
  upTo(last: number): number[] {
    return [...this.#buckets.keys()].filter((bucket) => bucket <= last).sort((a, b) => a - b);
  }

  /** The greatest open bucket, or null. */
  last(): number | null {
    let last: number | null = null;
    for (const bucket of this.#buckets.keys()) if (last === null || bucket > last) last = bucket;
    return last;
  }

  /** Takes a bucket out. */
  close(bucket: number): Map<string, ClosedTarget> {
    const result = new Map<string, ClosedTarget>();
    const targets = this.#buckets.get(bucket);
    if (targets === undefined) return result;
    this.#buckets.delete(bucket);
    for (const [target, open] of targets) {
      result.set(target, open.close());
      const key = `${bucket}/${target}`;
      this.#added.delete(key);
      for (const chunk of this.#chunks.get(key) ?? []) this.#removed.push(chunk);
      this.#chunks.delete(key);
    }
    return result;
  }

  /** Written as chunks of what was added, so a commit costs what is new and not what is held. */
  stateChanges(): { key: string; value: unknown }[] {
    const changes: { key: string; value: unknown }[] = this.#removed.map((key) => ({
      key,
      value: null,
    }));
    this.#removed = [];
    for (const [key, records] of this.#added) {
      const chunk = `${openPrefix}${key}/${this.#nextChunk}`;
      this.#nextChunk += 1;
      const chunks = this.#chunks.get(key);
      if (chunks === undefined) this.#chunks.set(key, [chunk]);
      else chunks.push(chunk);
      changes.push({ key: chunk, value: records });
    }
    this.#added.clear();
    return changes;
  }

  restore(key: string, value: unknown): void {
    const parts = key.slice(openPrefix.length).split('/');
    const bucket = Number(parts[0]);
    const target = parts[1] ?? '';
    const records = readState(chunkState, key, value);
    for (const record of records) this.add(bucket, target, record);
    const name = `${bucket}/${target}`;
    const chunks = this.#chunks.get(name);
    if (chunks === undefined) this.#chunks.set(name, [key]);
    else chunks.push(key);
    this.#nextChunk = Math.max(this.#nextChunk, Number(parts[2]) + 1);
    this.#added.clear();
  }
}

export const openPrefix = 'open/';
const chunkState = z.array(voiceRecord);

/** Most voices of one target that a bucket holds: two thousand complaints a second. */
const maxVoices = 20_000;
/** Most talking voices, whose number alone matters. */
const maxTalkers = 2_000;
const hashSpace = 2 ** 32;

/** What a closed bucket holds of one target. */
export interface ClosedTarget {
  /** Complaints in (occurredAt, id) order, one per voice. */
  complaints: VoiceRecord[];
  /** The share of all complaining voices that is held. */
  share: number;
  /** How many voices talked of it without complaining. */
  talk: number;
}

class OpenTarget {
  #complaints = new VoiceSample(maxVoices);
  #talk = new VoiceSample(maxTalkers);

  add(record: VoiceRecord): boolean {
    return (record.weight > 0 ? this.#complaints : this.#talk).add(record);
  }

  close(): ClosedTarget {
    const share = this.#complaints.cut();
    const talkShare = this.#talk.cut();
    const complaints = [...this.#complaints.values()].sort(inRecordOrder);
    return { complaints, share, talk: this.#talk.size / talkShare };
  }
}

/** The smallest voice hashes, up to a limit, with the first record of each. */
class VoiceSample {
  #records = new Map<number, VoiceRecord>();
  /** Voices from here on are cut off. */
  #bound = hashSpace;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#records.size;
  }

  add(record: VoiceRecord): boolean {
    if (record.voice >= this.#bound) return false;
    const known = this.#records.get(record.voice);
    if (known !== undefined && inRecordOrder(known, record) <= 0) return false;
    this.#records.set(record.voice, record);
    if (this.#records.size > 2 * this.#most) this.cut();
    return true;
  }

  values(): Iterable<VoiceRecord> {
    return this.#records.values();
  }

  /** Cuts down to the limit. @returns the share of all voices that is held. */
  cut(): number {
    if (this.#records.size > this.#most) {
      const voices = [...this.#records.keys()].sort((a, b) => a - b);
      this.#bound = voices[this.#most]!;
      for (const voice of voices.slice(this.#most)) this.#records.delete(voice);
    }
    return this.#bound / hashSpace;
  }
}
