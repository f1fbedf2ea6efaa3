import { hash } from 'node:crypto';
import type { EventLog } from '@outcry/event-log';

/** 2²⁵ bits, 4 MB: one in a hundred strangers is let through at three million ids. */
const bits = 2 ** 25;
const probes = 6;

/**
 * Which ids a topic may hold, so that the deletions of the many posts that were never kept need not
 * be written down: neither their number nor the names in them are our business. It is a Bloom
 * filter: it may hold a stranger for known, never the other way round.
 */
export interface HeldIds {
  add(id: string): void;
  /** False only when the topic certainly holds no record under this key. True until all was read. */
  mayHold(id: string): boolean;
  /** Resolves when what the topic held at the start is known. */
  readonly known: Promise<void>;
}

/** @param signal ends the reading */
export function createHeldIds(log: EventLog, topic: string, signal: AbortSignal): HeldIds {
  const filter = new Uint8Array(bits / 8);
  let complete = false;

  async function readAll(): Promise<void> {
    const partitions = await log.partitions(topic);
    for (let partition = 0; partition < partitions; partition += 1) {
      for await (const { key } of log.read({ topic, partition })) {
        if (signal.aborted) return;
        if (key !== null) add(key);
      }
    }
    complete = true;
  }

  function add(id: string): void {
    for (const position of positionsOf(id)) filter[position >> 3]! |= 1 << (position & 7);
  }

  return {
    add,
    mayHold: (id) =>
      !complete ||
      positionsOf(id).every((position) => (filter[position >> 3]! & (1 << (position & 7))) !== 0),
    known: readAll(),
  };
}

/** Double hashing (Kirsch and Mitzenmacher 2006): two halves make all probes. */
function positionsOf(id: string): number[] {
  const digest = hash('sha256', id, 'buffer');
  const first = digest.readUInt32LE(0);
  const second = (digest.readUInt32LE(4) | 1) >>> 0;
  return Array.from({ length: probes }, (_, index) => (first + index * second) % bits);
}
