import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

interface Known {
  bodyHash: string;
  id: string;
  outcome: Promise<void>;
}

export type Begun =
  | { kind: 'first'; id: string }
  | { kind: 'repeat'; id: string; outcome: Promise<void> }
  | { kind: 'conflict' };

/**
 * Idempotency keys by reporter. The id of a report is made of both, so that a repeat after a
 * restart, when nothing is remembered here, still overwrites instead of counting twice.
 */
export interface Repeats {
  begin(voice: string, key: string, body: Uint8Array, work: (id: string) => Promise<void>): Begun;
}

export function createRepeats(options: { most?: number; ttlMs?: number } = {}): Repeats {
  const known = new LRUCache<string, Known>({
    max: options.most ?? 50_000,
    ttl: options.ttlMs ?? 24 * 60 * 60 * 1000,
  });
  return {
    begin(voice, key, body, work) {
      const id = hash(`${voice}\0${key}`);
      const bodyHash = hash(body);
      const before = known.get(id);
      if (before !== undefined) {
        if (before.bodyHash !== bodyHash) return { kind: 'conflict' };
        return { kind: 'repeat', id, outcome: before.outcome };
      }
      const outcome = work(id);
      known.set(id, { bodyHash, id, outcome });
      // What failed may be tried again under the same key.
      outcome.catch(() => known.delete(id));
      return { kind: 'first', id };
    },
  };
}

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url').slice(0, 22);
}
