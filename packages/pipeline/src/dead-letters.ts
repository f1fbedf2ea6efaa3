import type { DeadLetter } from '@outcry/contracts';
import { encode, topics } from '@outcry/contracts';
import type { LogRecord, NewRecord } from '@outcry/event-log';

/** What is kept of a payload at most; its true length stands in `payloadBytes`. */
export const maxDeadLetterBytes = 256 * 1024;

/** Where a record came from and why it could not be used, ready to append. */
export function deadLetterOf(
  stage: string,
  record: LogRecord,
  reason: string,
  detail: string,
): NewRecord {
  const payload = Buffer.from(record.value ?? new Uint8Array());
  return toRecord({
    kind: 'dead-letter',
    // The stage is part of the id: the same record may be refused by two stages for two reasons.
    id: `${record.topic}/${record.partition}/${record.offset}#${stage}`,
    stage,
    reason,
    detail: detail.slice(0, 4_000),
    origin: {
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      key: record.key,
    },
    payload: payload.subarray(0, maxDeadLetterBytes).toString('base64'),
    payloadBytes: payload.byteLength,
    occurredAt: new Date(record.timestamp).toISOString(),
  });
}

/** The same for what was refused before it reached the log, such as a broken line of a file. */
export function deadLetterAtDoor(input: {
  door: string;
  id: string;
  reason: string;
  detail: string;
  payload: Uint8Array;
  /** Epoch milliseconds. */
  at: number;
}): NewRecord {
  const payload = Buffer.from(input.payload);
  return toRecord({
    kind: 'dead-letter',
    id: `${input.door}/${input.id}`,
    stage: input.door,
    reason: input.reason,
    detail: input.detail.slice(0, 4_000),
    origin: null,
    payload: payload.subarray(0, maxDeadLetterBytes).toString('base64'),
    payloadBytes: payload.byteLength,
    occurredAt: new Date(input.at).toISOString(),
  });
}

function toRecord(letter: DeadLetter): NewRecord {
  return { topic: topics.deadLetters, key: letter.id, value: encode(letter) };
}
