import type { z } from 'zod';
import {
  checksRecord,
  deadLetter,
  outageEvent,
  postsRecord,
  reportsRecord,
  signalsRecord,
  sourceStatus,
} from './records.ts';

/**
 * The topics. A version is part of the name: a change that old readers cannot follow makes a new
 * topic, and both are written until the old one has no reader.
 */
export const topics = {
  posts: 'posts.v1',
  reports: 'reports.v1',
  checks: 'checks.v1',
  signals: 'signals.v1',
  rises: 'rises.v1',
  outages: 'outages.v1',
  /** When a source went blind and when it saw again; kept, so that a look back knows it too. */
  sources: 'sources.v1',
  deadLetters: 'dead-letters.v1',
  detectorState: 'detector-state.v1',
  correlatorState: 'correlator-state.v1',
  /** What is still to be delivered: pending deliveries by `<event id>@<receiver>`, removed when done. */
  deliveries: 'deliveries.v1',
  /** Cursors of the sources and what else they remember across restarts. */
  sourceState: 'source-state.v1',
} as const;
export type Topic = (typeof topics)[keyof typeof topics];

export interface TopicSettings {
  /** `many`: the configured partition count. `one`: a single partition that sees everything. */
  partitions: 'many' | 'one';
  /** `delete` after `retentionMs`; `compact` keeps the newest record of each key. */
  cleanup: 'delete' | 'compact';
  retentionMs?: number;
}

const day = 24 * 60 * 60 * 1000;

export const topicSettings: Readonly<Record<Topic, TopicSettings>> = {
  [topics.posts]: { partitions: 'many', cleanup: 'delete', retentionMs: 90 * day },
  [topics.reports]: { partitions: 'many', cleanup: 'delete', retentionMs: 90 * day },
  [topics.checks]: { partitions: 'many', cleanup: 'delete', retentionMs: 90 * day },
  [topics.signals]: { partitions: 'many', cleanup: 'delete', retentionMs: 90 * day },
  [topics.rises]: { partitions: 'one', cleanup: 'delete', retentionMs: 90 * day },
  [topics.outages]: { partitions: 'many', cleanup: 'delete', retentionMs: 400 * day },
  [topics.sources]: { partitions: 'one', cleanup: 'delete', retentionMs: 400 * day },
  [topics.deadLetters]: { partitions: 'one', cleanup: 'delete', retentionMs: 30 * day },
  // State partitions mirror the input partitions: the state of signals partition 3 is in partition 3.
  [topics.detectorState]: { partitions: 'many', cleanup: 'compact' },
  [topics.correlatorState]: { partitions: 'one', cleanup: 'compact' },
  [topics.deliveries]: { partitions: 'many', cleanup: 'compact' },
  [topics.sourceState]: { partitions: 'one', cleanup: 'compact' },
};

/** The schemas of the topics that others may read. `rises.v1` and the states are our own affair. */
export const topicSchemas = {
  [topics.posts]: postsRecord,
  [topics.reports]: reportsRecord,
  [topics.checks]: checksRecord,
  [topics.signals]: signalsRecord,
  [topics.outages]: outageEvent,
  [topics.sources]: sourceStatus,
  [topics.deadLetters]: deadLetter,
} as const satisfies Partial<Record<Topic, z.ZodType>>;
