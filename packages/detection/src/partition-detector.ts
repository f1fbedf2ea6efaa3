import type { Check, SignalsRecord } from '@outcry/contracts';
import { timeOf } from './instants.ts';
import { OpenBuckets, openPrefix } from './open-buckets.ts';
import type { MetaState } from './partition-state.ts';
import { isOfTarget, metaKey, readMeta, readTargets } from './partition-state.ts';
import type { PartitionDetector, RiseRecord } from './ports.ts';
import type { DetectionSettings } from './settings.ts';
import { bucketEnd, bucketOf, bucketsPerWeek, iso, withDefaults } from './settings.ts';
import type { Span } from './spans.ts';
import { unknownKey } from './state.ts';
import { TargetDetector } from './target.ts';
import { rulesVersion } from './version.ts';
import { toVoiceRecord } from './voice-record.ts';
import { checkPrefix, WaitingChecks } from './waiting-checks.ts';
import { compare, Watermarks } from './watermark.ts';

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
  #checks = new WaitingChecks();
  #targets = new Map<string, TargetDetector>();
  #hot = new Set<string>();
  #blindSpans: readonly Span[] = [];
  /** Last closed bucket, and the first that was ever closed. */
  #closed: number | null = null;
  #began: number | null = null;
  #changedTargets = new Set<string>();
  /** For the state of targets that were let go. */
  #tombstones: { key: string; value: null }[] = [];
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
        const occurred = timeOf(record.occurredAt);
        const bucket = bucketOf(occurred);
        if (!this.#mayEnter(bucket, record.observedAt)) return [];
        const voice = toVoiceRecord(record, occurred);
        if (voice !== null) this.#open.add(bucket, record.target, voice);
        return [];
      }
      case 'check': {
        const bucket = bucketOf(timeOf(record.observedAt));
        if (!this.#mayEnter(bucket, record.observedAt)) return [];
        this.#checks.add(record);
        return [];
      }
      case 'deletion':
        // The words go from the index; a count of voices holds none of them.
        return [];
    }
  }

  finish(): RiseRecord[] {
    let last = this.#open.last() ?? this.#closed;
    const checked = this.#checks.last();
    if (checked !== null) last = Math.max(last ?? 0, checked);
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
    changes.push(...this.#checks.stateChanges());
    changes.push(...this.#tombstones);
    this.#tombstones = [];
    for (const target of this.#changedTargets) {
      changes.push(...this.#targets.get(target)!.stateChanges());
    }
    this.#changedTargets.clear();
    return changes;
  }

  #mayEnter(bucket: number, observedAt: string): boolean {
    if (timeOf(observedAt) > bucketEnd(bucket) + this.#settings.latenessMs) {
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
    const checks = this.#checks.takeUpTo(last);
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
    const before = this.#closed ?? last;
    this.#closed = last;
    if (Math.floor(last / bucketsPerDay) > Math.floor(before / bucketsPerDay)) this.#dropIdle(last);
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
      const told = target.close(bucket, open ?? null, blind, this.#blindSpans, this.#partition);
      if (target.hot) this.#hot.add(name);
      else this.#hot.delete(name);
      for (const rise of told) rises.push({ ...rise });
    }
  }

  /**
   * Lets go of targets that were silent for weeks. One that comes back begins as it would if it had
   * been kept, so when this happens changes nothing but the size of the state.
   */
  #dropIdle(bucket: number): void {
    for (const [name, target] of this.#targets) {
      if (!target.isIdle(bucket)) continue;
      this.#tombstones.push(...target.release());
      this.#targets.delete(name);
      this.#changedTargets.delete(name);
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

  #restore(state: ReadonlyMap<string, unknown>): void {
    const meta = readMeta(state);
    this.#closed = meta.closed;
    this.#began = meta.began;
    Object.assign(this.counters, meta.counters);
    this.#settings.falsePositiveRate = meta.falsePositiveRate;
    this.#watermarks = new Watermarks(this.#settings, meta.watermarks);
    this.#targets = readTargets(state, this.#settings);
    for (const [name, target] of this.#targets) if (target.hot) this.#hot.add(name);
    for (const [key, value] of state) {
      if (key.startsWith(openPrefix)) this.#open.restore(key, value);
      else if (key.startsWith(checkPrefix)) this.#checks.restore(key, value);
      else if (key !== metaKey && !isOfTarget(key)) unknownKey(key);
    }
    this.#changed = false;
  }
}

const bucketsPerDay = bucketsPerWeek / 7;
