import type { KafkaConfig } from 'kafkajs';
import type { TopicOptions } from '../topics.ts';

/** As much of a pino logger as the adapter uses. */
export interface KafkaLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface KafkaLogOptions extends TopicOptions {
  /** Addresses to begin with, `host:port`. */
  brokers: readonly string[];
  /** Names this process in the brokers' logs and metrics. */
  clientId: string;
  /** Copies of each partition. With three or more, a write is acknowledged by at least two. */
  replication: number;
  /** Before the name of every topic, group and transaction, so that several logs share a cluster. */
  topicPrefix?: string;
  /** Where the driver's notices go. Default: nowhere; what matters comes out as errors. */
  log?: KafkaLogger;
  /** A member that is silent for so long is given up and its partitions move. Default 10,000. */
  sessionTimeoutMs?: number;
  /** How long the group waits for a member that is in the middle of a batch. Default 60,000. */
  rebalanceTimeoutMs?: number;
  ssl?: NonNullable<KafkaConfig['ssl']>;
  sasl?: NonNullable<KafkaConfig['sasl']>;
}
