import type { TopicSettings } from '@outcry/contracts';
import { topicSettings } from '@outcry/contracts';
import { EventLogError } from './port.ts';

/** A topic as a log holds it. */
export interface StoredTopic {
  name: string;
  partitions: number;
  cleanup: 'delete' | 'compact';
  /** Absent: kept for ever. */
  retentionMs?: number;
}

/** What every adapter is told about the topics it makes. */
export interface TopicOptions {
  /** Partitions of the topics whose setting is `many`. */
  partitions: number;
  /** The topics that `prepare` makes. Default: those of the contracts. */
  topics?: Readonly<Record<string, TopicSettings>>;
}

/** The topics that `prepare` makes, with their partitions counted out. */
export function topicsToPrepare(options: TopicOptions): StoredTopic[] {
  if (
    !Number.isInteger(options.partitions) ||
    options.partitions < 1 ||
    options.partitions > 1000
  ) {
    throw new RangeError(
      `partitions must be a whole number from 1 to 1000, not ${options.partitions}`,
    );
  }
  const all: Readonly<Record<string, TopicSettings>> = options.topics ?? topicSettings;
  return Object.entries(all).map(([name, settings]) => ({
    name,
    partitions: settings.partitions === 'many' ? options.partitions : 1,
    cleanup: settings.cleanup,
    ...(settings.retentionMs === undefined ? {} : { retentionMs: settings.retentionMs }),
  }));
}

export function unknownTopic(name: string): EventLogError {
  return new EventLogError(
    'unknown-topic',
    `The log has no topic ${name}; prepare() makes those it is told of.`,
    {
      retriable: false,
    },
  );
}
