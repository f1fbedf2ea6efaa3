import type { Check } from '@outcry/contracts';
import { check as checkSchema } from '@outcry/contracts';
import { bucketOf } from './settings.ts';
import { readState } from './state.ts';
import { compare } from './watermark.ts';

export const checkPrefix = 'check/';

/** Checks of buckets that are not closed yet. They enter by when they were observed. */
export class WaitingChecks {
  #checks = new Map<string, Check>();
  #changed = new Set<string>();

  add(check: Check): void {
    this.#checks.set(check.id, check);
    this.#changed.add(check.id);
  }

  /** The greatest bucket that holds one, or null. */
  last(): number | null {
    let last: number | null = null;
    for (const check of this.#checks.values()) {
      const bucket = bucketOf(Date.parse(check.observedAt));
      if (last === null || bucket > last) last = bucket;
    }
    return last;
  }

  /** Takes out those of the buckets up to `last`, each bucket's in (observedAt, id) order. */
  takeUpTo(last: number): Map<number, Check[]> {
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
        this.#changed.add(check.id);
      }
    }
    return buckets;
  }

  stateChanges(): { key: string; value: unknown }[] {
    const changes = [...this.#changed].map((id) => ({
      key: `${checkPrefix}${id}`,
      value: this.#checks.get(id) ?? null,
    }));
    this.#changed.clear();
    return changes;
  }

  restore(key: string, value: unknown): void {
    const check = readState(checkSchema, key, value);
    this.#checks.set(check.id, check);
  }
}
