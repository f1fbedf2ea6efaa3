import type { ICustomPartitioner, logCreator, RetryOptions } from 'kafkajs';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaLogger, KafkaLogOptions } from './options.ts';

/**
 * Short first waits: what is retried most is a partition whose last transaction is just being
 * completed by the broker, a matter of milliseconds. About 20 seconds in all.
 */
export const retry: RetryOptions = {
  initialRetryTime: 10,
  factor: 0.2,
  multiplier: 1.8,
  maxRetryTime: 2000,
  retries: 18,
};

/**
 * A client of its own for every consumer and every owner of producers: the driver shares the
 * committed offsets of a group among all consumers of one client, and they disturb each other.
 */
export function createClient(options: KafkaLogOptions): Kafka {
  silenceNegativeTimeouts();
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: 5000,
    requestTimeout: 30_000,
    retry,
    logLevel: options.log === undefined ? logLevel.NOTHING : logLevel.INFO,
    logCreator: toLogger(options.log),
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
  });
}

/** Every message names its partition: the log has chosen it, the same way in all adapters. */
export const asNamed: ICustomPartitioner =
  () =>
  ({ message }) =>
    message.partition ?? 0;

const repeatMs = 10_000;
/** What the broker says of a partition whose last transaction it is still completing. */
const usual = /concurrent operation on the same transaction|Limiting retries for the idempotent/;

/**
 * One level down: the driver reports as errors what it then retries by itself, such as a
 * coordinator that is still loading. What it cannot retry reaches the caller as an error. And once
 * in a while: while a broker is away it says the same many times a second.
 */
function toLogger(log: KafkaLogger | undefined): logCreator {
  const said = new Map<string, number>();
  const isRepeated = (text: string): boolean => {
    const now = Date.now();
    if (now - (said.get(text) ?? 0) < repeatMs) return true;
    if (said.size > 100) said.clear();
    said.set(text, now);
    return false;
  };
  return () => (entry) => {
    if (log === undefined) return;
    const { message, timestamp: _, stack: __, ...fields } = entry.log;
    const text = `${entry.namespace}: ${message}`;
    if (entry.level > logLevel.WARN || usual.test(`${text} ${fields.error ?? ''}`)) {
      log.debug(fields, text);
    } else if (!isRepeated(text)) {
      if (entry.level === logLevel.ERROR) log.warn(fields, text);
      else log.info(fields, text);
    }
  };
}

let silenced = false;

/** The driver sets timers with negative waits, which is harmless; Node warns of each process once. */
function silenceNegativeTimeouts(): void {
  if (silenced) return;
  silenced = true;
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: unknown[]) => {
    if (args[1] !== 'TimeoutNegativeWarning') emitWarning(...args);
  };
}
