import { describe, expect, it } from 'vitest';
import { createPartitionDetector } from './partition-detector.ts';
import type { EvidenceRise } from './rise.ts';
import { defaultSettings, idleBuckets } from './settings.ts';
import { TargetDetector } from './target.ts';
import type { VoiceRecord } from './voice-record.ts';

const begin = 17_400_000;
const hour = 360;

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** A target that gets voices bucket by bucket and tells what it says of them. */
class Life {
  readonly rises: EvidenceRise[] = [];
  bucket = begin;
  target: TargetDetector;
  readonly #next: () => number;
  #n = 0;

  constructor(seed: number, settings = defaultSettings) {
    this.#next = random(seed);
    this.target = new TargetDetector('spotify', begin, { ...settings });
  }

  /** @param chance of a voice in a bucket; `fields` make it another than a new one with its own text */
  live(
    buckets: number,
    chance: number,
    fields: (n: number) => Partial<VoiceRecord> = () => ({}),
    talk = 0,
  ): this {
    for (let i = 0; i < buckets; i += 1) {
      const complaints: VoiceRecord[] = [];
      for (let left = chance; left > 0; left -= 1) {
        if (this.#next() >= left) continue;
        this.#n += 1;
        complaints.push({ ...this.#record(this.#n), ...fields(this.#n) });
      }
      if (complaints.length > 0 || talk > 0 || this.target.hot) {
        const held = { complaints, share: 1, talk };
        this.rises.push(...this.target.close(this.bucket, held, [], [], 0));
      }
      this.bucket += 1;
    }
    return this;
  }

  #record(n: number): VoiceRecord {
    return {
      at: this.bucket * 10_000,
      id: `p${n}`,
      voice: Math.floor(this.#next() * 2 ** 32),
      post: n,
      weight: 1,
      cluster: n,
      source: 'test',
      types: ['login'],
      countries: ['SE'],
      subdivisions: [],
      platforms: [],
    };
  }
}

describe('a target', () => {
  it('tells a rise of many voices, from its onset to its end', () => {
    const life = new Life(1).live(24 * hour, 0.1);
    expect(life.rises).toEqual([]);
    const onset = life.bucket;
    life.live(hour / 2, 2).live(hour, 0.1);
    const first = life.rises[0]!;
    expect(Date.parse(first.at)).toBeLessThanOrEqual((onset + 6) * 10_000);
    expect(Math.abs(Date.parse(first.onset) - onset * 10_000)).toBeLessThanOrEqual(60_000);
    const last = life.rises.at(-1)!;
    expect(last.over).toBe(true);
    expect(last.voices).toBeGreaterThan(300);
    expect(life.target.hot).toBe(false);
  });

  it('hears one angry author once', () => {
    const life = new Life(2).live(24 * hour, 0.1).live(hour, 2, () => ({ voice: 7 }));
    expect(life.rises).toEqual([]);
  });

  it('hears a flood of bots with one text as hardly more than one', () => {
    const life = new Life(3).live(24 * hour, 0.1).live(hour, 3, () => ({ cluster: 9 }));
    const varied = new Life(3).live(24 * hour, 0.1).live(hour, 3);
    expect(varied.rises.length).toBeGreaterThan(0);
    // Should it speak at all, the copied text shows in what it tells.
    for (const rise of life.rises) expect(rise.effectiveTexts).toBeLessThan(8);
    const strongest = Math.max(0, ...life.rises.map((rise) => rise.strongest.score));
    expect(strongest).toBeLessThan(varied.rises.at(-1)!.strongest.score / 3);
  });

  it('neither alarms at a cold start nor sleeps through one', () => {
    const calm = new Life(4).live(12 * hour, 0.3);
    expect(calm.rises).toEqual([]);
    const failing = new Life(5).live(2 * hour, 0.3).live(hour, 6);
    expect(failing.rises.length).toBeGreaterThan(0);
  });

  it('expects complaints from a rise in talk, as often as the classifier misreads it', () => {
    const silent = new Life(6).live(24 * hour, 0.1, undefined, 1).live(hour / 2, 0.9, undefined, 1);
    const meme = new Life(6).live(24 * hour, 0.1, undefined, 1).live(hour / 2, 0.9, undefined, 60);
    expect(silent.rises.length).toBeGreaterThan(0);
    expect(meme.rises).toEqual([]);
  });

  it('learns a lasting change after the longest freeze', () => {
    const settings = { ...defaultSettings, maxFreezeMs: 3_600_000 };
    const life = new Life(7, settings).live(24 * hour, 0.1).live(48 * hour, 1);
    expect(life.rises.length).toBeGreaterThan(0);
    expect(life.rises.at(-1)!.over).toBe(true);
    expect(life.target.hot).toBe(false);
  });

  it('is the same after being forgotten as after being kept through weeks of silence', () => {
    const day = 24 * hour;
    const kept = new Life(8)
      .live(day, 0.1)
      .live(hour / 2, 3)
      .live(2 * hour, 0.1);
    kept.bucket += idleBuckets + day;
    expect(kept.target.isIdle(kept.bucket - 2 * day)).toBe(false);
    expect(kept.target.isIdle(kept.bucket)).toBe(true);
    const forgotten = new Life(8)
      .live(day, 0.1)
      .live(hour / 2, 3)
      .live(2 * hour, 0.1);
    forgotten.bucket = kept.bucket;
    forgotten.target = new TargetDetector('spotify', begin, { ...defaultSettings });
    kept.rises.length = 0;
    forgotten.rises.length = 0;
    for (const life of [kept, forgotten])
      life
        .live(day, 0.1)
        .live(hour / 2, 3)
        .live(hour, 0.1);
    expect(kept.rises.length).toBeGreaterThan(0);
    expect(kept.rises).toEqual(forgotten.rises);
  });
});

describe('the state of targets that fell silent', () => {
  it('is taken back with tombstones', () => {
    const detector = createPartitionDetector({ partition: 0, partitions: 1, state: new Map() });
    const state = new Map<string, unknown>();
    const commit = () => {
      for (const { key, value } of detector.stateChanges()) {
        if (value === null) state.delete(key);
        else state.set(key, value);
      }
    };
    const iso = (bucket: number) => new Date(bucket * 10_000).toISOString();
    const beat = (bucket: number) =>
      detector.take({ kind: 'heartbeat', source: 's', state: 'seeing', through: iso(bucket) });
    beat(begin);
    for (const [n, target] of ['a', 'b'].entries()) {
      detector.take({
        kind: 'signal',
        id: `s:${n}@${target}`,
        recordId: `s:${n}`,
        recordKind: 'post',
        source: 's',
        target,
        text: '',
        occurredAt: iso(begin + 1),
        observedAt: iso(begin + 1),
        voice: `v${n}`,
        stance: 'affected',
        confidence: 1,
        weight: 1,
        type: 'login',
        types: ['login'],
        places: [],
        platforms: [],
        language: 'en',
        cluster: `c${n}`,
        model: 'test',
      });
    }
    beat(begin + hour);
    commit();
    expect([...state.keys()].filter((key) => key.startsWith('series/')).length).toBe(4);
    beat(begin + 27 * 24 * hour);
    commit();
    expect(state.has('target/a')).toBe(true);
    beat(begin + 30 * 24 * hour);
    commit();
    expect([...state.keys()]).toEqual(['meta']);
  });
});
