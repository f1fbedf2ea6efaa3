import type { Classifier } from '@outcry/classification';
import { classifyRecord, inputSchemas } from '@outcry/classifier';
import type { Decoded, OutageEvent, SignalsRecord } from '@outcry/contracts';
import { decode, signalsRecord, topics } from '@outcry/contracts';
import { createCorrelator, createPartitionDetector } from '@outcry/detection';
import type { DetectorContext } from '@outcry/detector';
import type { LogRecord } from '@outcry/event-log';

export interface ReplayOptions {
  classifier: Classifier;
  context: DetectorContext;
  /** Partitions of a topic, which the heartbeats passed on must name. */
  partitionsOf(topic: string): number;
  /** Only records observed before this; epoch milliseconds. */
  to: number;
}

export interface Replay {
  /** Takes one record of posts, reports, checks or signals; returns the events that follow. */
  take(record: LogRecord): OutageEvent[];
  /** Records that could not be understood; they are in the dead letters since they first came by. */
  readonly unreadable: number;
}

/**
 * The flow from posts to outages in memory: the same steps as the services, with one detector for
 * all targets, because its outcome does not depend on the number of partitions.
 */
export function createReplay({ classifier, context, partitionsOf, to }: ReplayOptions): Replay {
  const detector = createPartitionDetector({
    partition: 0,
    partitions: 1,
    state: new Map(),
    ...context.detector,
  });
  const correlator = createCorrelator({ state: new Map(), ...context.correlator });
  let unreadable = 0;

  return {
    get unreadable() {
      return unreadable;
    },
    take(record) {
      return signalsOf(record)
        .filter((signal) => observedBefore(signal, to))
        .flatMap((signal) => detector.take(signal))
        .flatMap((rise) => correlator.take(rise));
    },
  };

  function signalsOf(record: LogRecord): SignalsRecord[] {
    const { topic, partition } = record;
    if (record.value === null) return [];
    if (topic === topics.signals) return readable(decode(signalsRecord, record.value));
    const input = { topic, partition, partitions: partitionsOf(topic) };
    return readable(decode(inputSchemas(topic), record.value)).flatMap((value) =>
      classifyRecord(value, { classifier: () => classifier, input }).map((signal) => signal.value),
    );
  }

  function readable<T>(decoded: Decoded<T>): T[] {
    if (decoded.ok) return [decoded.value];
    unreadable += 1;
    return [];
  }
}

function observedBefore(record: SignalsRecord, time: number): boolean {
  return Date.parse(record.kind === 'heartbeat' ? record.through : record.observedAt) < time;
}
