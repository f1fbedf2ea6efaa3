import type { Check, SignalsRecord } from '@outcry/contracts';
import { check as checkSchema } from '@outcry/contracts';
import { z } from 'zod';
import { OpenBuckets, openPrefix } from './open-buckets.ts';
import type { PartitionDetector, RiseRecord } from './ports.ts';
import type { Span } from './series.ts';
import { seriesState } from './series.ts';
import type { DetectionSettings } from './settings.ts';
import { bucketEnd, bucketOf, iso, withDefaults } from './settings.ts';
import { CorruptStateError, readState, requireRules, unknownKey } from './state.ts';
import { seriesPrefix, TargetDetector, targetPrefix, targetState, voicesPrefix } from './target.ts';
import { rulesVersion } from './version.ts';
import { toVoiceRecord } from './voice-record.ts';
import type { VoiceChunk } from './voice-window.ts';
import { voiceChunk } from './voice-window.ts';
import { compare, Watermarks, watermarkState } from './watermark.ts';

/** What the detector may know of the watched targets. Nothing of it is needed. */
export interface DetectionCatalog {
  /** Targets that a target cannot work without. */
  dependenciesOf(target: string): readonly string[];
}

export interface PartitionDetectorOptions {
  partition: number;
  /** Partitions of the signals topic in all. */
  partitions: number;
  /** The committed state, by key; empty at the very start. */
  state: ReadonlyMap<string, unknown>;
  settings?: Partial<DetectionSettings>;
  catalog?: DetectionCatalog;
  /** Measured errors of the classifier, until a heartbeat tells those of the model in force. */
  errorRates?: { falsePositive: number; falseNegative: number };
}

/** Records that were not used, by reason. */
export interface DetectionCounters {
  /** Observed later than the allowed lateness after its bucket's end: a fact of the record. */
  late: number;
  /** Came after its bucket was closed: its source was blind or unknown then. */
  afterClose: number;
}

/**
 * The first step: one partition of signals, all records of its targets. Records wait in open buckets
 * until the watermark closes them; then each target with records, and each under suspicion, decides.
 *
 * @throws CorruptStateError when `state` cannot be read
 */
export function createPartitionDetector(
  options: PartitionDetectorOptions,
): PartitionDetector & { readonly counters: DetectionCounters } {
  return new Detector(options);
}

class Detector implements PartitionDetector {
  readonly counters: DetectionCounters = { late: 0, afterClose: 0 };
  readonly #partition: number;
  readonly #partitions: number;
  readonly #settings: DetectionSettings;
  #watermarks: Watermarks;
  #open = new OpenBuckets();
  /** Checks of open buckets, by id. */
  #checks = new Map<string, Check>();
  #targets = new Map<string, TargetDetector>();
  #hot = new Set<string>();
  #blindSpans: readonly Span[] = [];
  /** Last closed bucket, and the first that was ever closed. */
  #closed: number | null = null;
  #began: number | null = null;
  #changedTargets = new Set<string>();
  #changedChecks = new Set<string>();
  #changed = true;

  constructor(options: PartitionDetectorOptions) {
    this.#partition = options.partition;
    this.#partitions = options.partitions;
    this.#settings = withDefaults({
      ...(options.errorRates === undefined
        ? {}
        : { falsePositiveRate: options.errorRates.falsePositive }),
      ...options.settings,
    });
    this.#watermarks = new Watermarks(this.#settings);
    if (options.state.size > 0) this.#restore(options.state);
  }

  take(record: SignalsRecord): RiseRecord[] {
    switch (record.kind) {
      case 'heartbeat': {
        this.#watermarks.take(record);
        this.#changed = true;
        // Shared with every target: a swapped model counts from the next bucket that closes.
        if (record.classifier !== undefined) {
          this.#settings.falsePositiveRate = record.classifier.falsePositive;
        }
        const closable = this.#watermarks.closable();
        return closable === null ? [] : this.#closeThrough(closable);
      }
      case 'signal': {
        if (record.target === null) return [];
        const bucket = bucketOf(Date.parse(record.occurredAt));
        if (!this.#mayEnter(bucket, record.observedAt)) return [];
        const voice = toVoiceRecord(record);
        if (voice !== null) this.#open.add(bucket, record.target, voice);
        return [];
      }
      case 'check': {
        const bucket = bucketOf(Date.parse(record.observedAt));
        if (!this.#mayEnter(bucket, record.observedAt)) return [];
        this.#checks.set(record.id, record);
        this.#changedChecks.add(record.id);
        return [];
      }
      case 'deletion':
        // The words go from the index; a count of voices holds none of them.
        return [];
    }
  }

  finish(): RiseRecord[] {
    let last = this.#open.last() ?? this.#closed;
    for (const check of this.#checks.values()) {
      last = Math.max(last ?? 0, bucketOf(Date.parse(check.observedAt)));
    }
    const latest = this.#watermarks.latest();
    if (latest !== null) last = Math.max(last ?? 0, latest - 1);
    return last === null ? [] : this.#closeThrough(last);
  }

  stateChanges(): { key: string; value: unknown }[] {
    const changes: { key: string; value: unknown }[] = [];
    if (this.#changed) {
      this.#changed = false;
      const meta: MetaState = {
        rules: rulesVersion,
        closed: this.#closed,
        began: this.#began,
        counters: { ...this.counters },
        falsePositiveRate: this.#settings.falsePositiveRate,
        watermarks: this.#watermarks.toState(),
      };
      changes.push({ key: metaKey, value: meta });
    }
    changes.push(...this.#open.stateChanges());
    for (const id of this.#changedChecks) {
      changes.push({ key: `${checkPrefix}${id}`, value: this.#checks.get(id) ?? null });
    }
    this.#changedChecks.clear();
    for (const target of this.#changedTargets) {
      changes.push(...this.#targets.get(target)!.stateChanges());
    }
    this.#changedTargets.clear();
    return changes;
  }

  #mayEnter(bucket: number, observedAt: string): boolean {
    if (Date.parse(observedAt) > bucketEnd(bucket) + this.#settings.latenessMs) {
      this.counters.late += 1;
      this.#changed = true;
      return false;
    }
    if (this.#closed !== null && bucket <= this.#closed) {
      this.counters.afterClose += 1;
      this.#changed = true;
      return false;
    }
    return true;
  }

  #closeThrough(last: number): RiseRecord[] {
    if (this.#closed !== null && last <= this.#closed) return [];
    const rises: RiseRecord[] = [];
    const checks = this.#checksByBucket(last);
    const filled = new Set([...this.#open.upTo(last), ...checks.keys()]);
    const waiting = [...filled].sort((a, b) => a - b);
    let bucket = this.#closed === null ? (waiting[0] ?? last) : this.#closed + 1;
    // The same in every partition, because each hears all heartbeats.
    this.#began ??= Math.min(bucketOf(this.#watermarks.first ?? bucketEnd(last)), last);
    let next = 0;
    while (bucket <= last) {
      // Nobody under suspicion: go straight to the next bucket that holds something.
      if (this.#hot.size === 0) {
        while (next < waiting.length && waiting[next]! < bucket) next += 1;
        const filledNext = waiting[next];
        if (filledNext === undefined) break;
        bucket = Math.max(bucket, filledNext);
      }
      this.#close(bucket, checks.get(bucket) ?? [], rises);
      bucket += 1;
    }
    this.#closed = last;
    this.#watermarks.forgetBefore(last);
    this.#changed = true;
    rises.push({
      kind: 'progress',
      partition: this.#partition,
      partitions: this.#partitions,
      through: iso(bucketEnd(last)),
    });
    return rises;
  }

  #close(bucket: number, checks: readonly Check[], rises: RiseRecord[]): void {
    const filled = this.#open.close(bucket);
    const targets = new Set([...filled.keys(), ...this.#hot, ...checks.map((one) => one.target)]);
    const blind = this.#watermarks.blindIn(bucket);
    this.#blindSpans = this.#watermarks.blindSpans();
    for (const name of [...targets].sort(compare)) {
      const target = this.#target(name, bucket);
      this.#changedTargets.add(name);
      for (const check of checks) {
        if (check.target !== name || !target.isNews(check)) continue;
        rises.push({
          kind: 'rise',
          what: 'check',
          partition: this.#partition,
          at: iso(bucketEnd(bucket)),
          target: name,
          check,
        });
      }
      const open = filled.get(name);
      if (open === undefined && !target.hot) continue;
      const rise = target.close(bucket, open ?? null, blind, this.#blindSpans, this.#partition);
      if (target.hot) this.#hot.add(name);
      else this.#hot.delete(name);
      if (rise !== null) rises.push({ ...rise });
    }
  }

  #target(name: string, bucket: number): TargetDetector {
    let target = this.#targets.get(name);
    if (target === undefined) {
      target = new TargetDetector(name, Math.min(this.#began!, bucket), this.#settings);
      this.#targets.set(name, target);
    }
    return target;
  }

  /** Checks enter by when they were observed, in (observedAt, id) order. */
  #checksByBucket(last: number): Map<number, Check[]> {
    const buckets = new Map<number, Check[]>();
    for (const check of this.#checks.values()) {
      const bucket = bucketOf(Date.parse(check.observedAt));
      if (bucket > last) continue;
      const checks = buckets.get(bucket);
      if (checks === undefined) buckets.set(bucket, [check]);
      else checks.push(check);
    }
    for (const checks of buckets.values()) {
      checks.sort((a, b) => compare(a.observedAt, b.observedAt) || compare(a.id, b.id));
      for (const check of checks) {
        this.#checks.delete(check.id);
        this.#changedChecks.add(check.id);
      }
    }
    return buckets;
  }

  #restore(state: ReadonlyMap<string, unknown>): void {
    const meta = readState(metaState, metaKey, state.get(metaKey));
    requireRules(metaKey, meta.rules);
    this.#closed = meta.closed;
    this.#began = meta.began;
    Object.assign(this.counters, meta.counters);
    this.#settings.falsePositiveRate = meta.falsePositiveRate;
    this.#watermarks = new Watermarks(this.#settings, meta.watermarks);
    const chunks = new Map<string, [number, VoiceChunk][]>();
    for (const [key, value] of state) {
      if (!key.startsWith(voicesPrefix)) continue;
      const [name, minute] = split(key, voicesPrefix);
      const list = chunks.get(name) ?? [];
      list.push([Number(minute), readState(voiceChunk, key, value)]);
      chunks.set(name, list);
    }
    for (const [key, value] of state) {
      if (!key.startsWith(targetPrefix)) continue;
      const name = key.slice(targetPrefix.length);
      const target = TargetDetector.restore(
        name,
        readState(targetState, key, value),
        chunks.get(name) ?? [],
        this.#settings,
      );
      this.#targets.set(name, target);
      if (target.hot) this.#hot.add(name);
    }
    for (const [key, value] of state) this.#restoreOne(key, value);
    this.#changed = false;
  }

  #restoreOne(key: string, value: unknown): void {
    if (key === metaKey || key.startsWith(targetPrefix)) return;
    if (key.startsWith(openPrefix)) {
      this.#open.restore(key, value);
    } else if (key.startsWith(checkPrefix)) {
      const check = readState(checkSchema, key, value);
      this.#checks.set(check.id, check);
    } else if (key.startsWith(seriesPrefix)) {
      const [name, series] = split(key, seriesPrefix);
      this.#known(name, key).restoreSeries(series, readState(seriesState, key, value));
    } else if (key.startsWith(voicesPrefix)) {
      this.#known(split(key, voicesPrefix)[0], key);
    } else unknownKey(key);
  }

  #known(target: string, key: string): TargetDetector {
    const known = this.#targets.get(target);
    if (known === undefined) throw new CorruptStateError(key, 'its target is not in the state');
    return known;
  }
}

function split(key: string, prefix: string): [string, string] {
  const rest = key.slice(prefix.length);
  const slash = rest.indexOf('/');
  if (slash < 0) throw new CorruptStateError(key, 'names no part of a target');
  return [rest.slice(0, slash), rest.slice(slash + 1)];
}

const metaKey = 'meta';
const checkPrefix = 'check/';
const metaState = z.strictObject({
  rules: z.string(),
  closed: z.number().nullable(),
  began: z.number().nullable(),
  counters: z.strictObject({ late: z.number(), afterClose: z.number() }),
  falsePositiveRate: z.number(),
  watermarks: watermarkState,
});
type MetaState = z.infer<typeof metaState>;
