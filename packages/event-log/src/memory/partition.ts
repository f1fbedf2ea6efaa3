import type { PlacedRecord } from '../local/store.ts';
import type { LogRecord } from '../port.ts';
import type { StoredTopic } from '../topics.ts';

/** The records of one partition, in offset order. */
export class MemoryPartition {
  readonly #topic: StoredTopic;
  readonly #partition: number;
  #records: LogRecord[] = [];
  #end = 0;
  #lastTimestamp = 0;
  /** In a compacted topic, the offset of the newest record of each key. Others are dead. */
  readonly #newest: Map<string, number> | undefined;
  #dead = 0;

  constructor(topic: StoredTopic, partition: number) {
    this.#topic = topic;
    this.#partition = partition;
    this.#newest = topic.cleanup === 'compact' ? new Map() : undefined;
  }

  append({ key, value }: PlacedRecord, now: number): void {
    // Times never go back within a partition, so that a time finds its place by bisection.
    this.#lastTimestamp = Math.max(this.#lastTimestamp, now);
    const offset = this.#end++;
    this.#records.push({
      topic: this.#topic.name,
      partition: this.#partition,
      offset,
      key,
      // A copy: the caller may use its buffer again.
      value: value === null ? null : Uint8Array.from(value),
      timestamp: this.#lastTimestamp,
    });
    if (this.#newest === undefined || key === null) return;
    if (this.#newest.has(key)) this.#dead += 1;
    this.#newest.set(key, offset);
    if (this.#dead > 1000 && this.#dead > this.#records.length / 2) this.#dropDead();
  }

  fetch(from: number, maxRecords: number, maxBytes: number): LogRecord[] {
    const found: LogRecord[] = [];
    let bytes = 0;
    for (let i = this.#find((record) => record.offset >= from); i < this.#records.length; i++) {
      const record = this.#records[i]!;
      if (!this.#isAlive(record)) continue;
      bytes += record.value?.byteLength ?? 0;
      if (found.length > 0 && (found.length >= maxRecords || bytes > maxBytes)) break;
      found.push(record);
    }
    return found;
  }

  extent(): { begin: number; end: number } {
    const first = this.#records.find((record) => this.#isAlive(record));
    return { begin: first?.offset ?? this.#end, end: this.#end };
  }

  offsetAt(timestamp: number): number {
    return (
      this.#records[this.#find((record) => record.timestamp >= timestamp)]?.offset ?? this.#end
    );
  }

  state(): Map<string, Uint8Array> {
    const state = new Map<string, Uint8Array>();
    for (const record of this.#records) {
      if (this.#isAlive(record) && record.key !== null && record.value !== null) {
        state.set(record.key, record.value);
      }
    }
    return state;
  }

  sweep(now: number): void {
    if (this.#topic.cleanup === 'compact') {
      this.#dropDead();
    } else if (this.#topic.retentionMs !== undefined) {
      const cutoff = now - this.#topic.retentionMs;
      this.#records.splice(
        0,
        this.#find((record) => record.timestamp >= cutoff),
      );
    }
  }

  #isAlive(record: LogRecord): boolean {
    return this.#newest === undefined || this.#newest.get(record.key ?? '') === record.offset;
  }

  #dropDead(): void {
    this.#records = this.#records.filter((record) => this.#isAlive(record));
    this.#dead = 0;
  }

  /** Index of the first record for which a condition holds that holds for all after it too. */
  #find(holds: (record: LogRecord) => boolean): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#records[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
