import type { OutageEvent, SignalsRecord } from '@outcry/contracts';

/**
 * The two steps as the runtime drives them. Both are pure state machines: records in, records out,
 * time only from the records. Their whole state can be taken out and put back, so a restart or a
 * move to another process changes nothing.
 */
export interface PartitionDetector {
  /**
   * Takes one record of a signals partition, already decoded, and returns what follows: rises and
   * progress marks for `rises.v1`, oldest first.
   */
  take(record: SignalsRecord): RiseRecord[];
  /** Closes every bucket, as at the end of a file. */
  finish(): RiseRecord[];
  /** What changed since the last call, as key and JSON value (null: gone), for the state topic. */
  stateChanges(): { key: string; value: unknown }[];
}

export interface Correlator {
  take(record: RiseRecord): OutageEvent[];
  finish(): OutageEvent[];
  stateChanges(): { key: string; value: unknown }[];
}

/** What detectors tell the correlator. Our own affair: its form may change with the rules version. */
export type RiseRecord =
  | { kind: 'rise'; partition: number; at: string; target: string; [field: string]: unknown }
  /** Everything of this partition up to `through` has been told. */
  | {
      kind: 'progress';
      partition: number;
      partitions: number;
      through: string;
      [field: string]: unknown;
    };
