import type { EventLog } from '../port.ts';
import { KafkaLog } from './log.ts';
import type { KafkaLogOptions } from './options.ts';

export type { KafkaLogger, KafkaLogOptions } from './options.ts';

/** A log on Apache Kafka. Nothing connects before the first call; `prepare` makes the topics. */
export function createKafkaLog(options: KafkaLogOptions): EventLog {
  return new KafkaLog(options);
}
