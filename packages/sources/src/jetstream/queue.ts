import type { SourceRecord } from '../source.ts';

interface Item {
  record: SourceRecord;
  /** Epoch milliseconds of receipt. */
  observed: number;
  /** Greatest server time seen before this record. */
  timeUsBefore: number;
}

/**
 * What was received and is not durable yet. It knows up to where everything is durable: the cursor
 * and the sight that may be claimed both stop before the oldest record that is still on its way.
 */
export interface PendingQueue {
  readonly length: number;
  /** Notes a frame: its time and, if it is ours, its record. */
  note(timeUs: number, observed: number, record: SourceRecord | null): void;
  /** The oldest `most` records; they count as pending until `settle`. */
  take(most: number): SourceRecord[];
  /** The records of the last `take` are durable. */
  settle(): void;
  /** Server time, epoch µs, before which everything is durable. */
  durableTimeUs(): number;
  /** Receipt time of the oldest record that is not durable; null when all are. */
  oldestPending(): number | null;
}

export function createPendingQueue(startTimeUs: number): PendingQueue {
  let items: Item[] = [];
  let inFlight: Item[] = [];
  let newestTimeUs = startTimeUs;
  const oldest = () => inFlight[0] ?? items[0];
  return {
    get length() {
      return items.length + inFlight.length;
    },
    note(timeUs, observed, record) {
      if (record !== null) items.push({ record, observed, timeUsBefore: newestTimeUs });
      // A clock in the future must not move the cursor past what was not sent yet.
      newestTimeUs = Math.max(newestTimeUs, Math.min(timeUs, observed * 1000));
    },
    take(most) {
      inFlight = items.slice(0, most);
      items = items.slice(most);
      return inFlight.map((item) => item.record);
    },
    settle() {
      inFlight = [];
    },
    durableTimeUs: () => oldest()?.timeUsBefore ?? newestTimeUs,
    oldestPending: () => oldest()?.observed ?? null,
  };
}
