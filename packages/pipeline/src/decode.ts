import { decode } from '@outcry/contracts';
import type { LogRecord } from '@outcry/event-log';
import type { z } from 'zod';
import type { Step } from './result.ts';
import { deadLetter, drop, ok } from './result.ts';

/** First step of every stage: the bytes of a record against the schema of its topic. */
export function createDecodeStep<T>(schema: z.ZodType<T>): Step<LogRecord, T> {
  return function decodeRecord(record) {
    if (record.value === null) return drop('tombstone');
    const decoded = decode(schema, record.value);
    return decoded.ok ? ok(decoded.value) : deadLetter(decoded.reason, decoded.detail);
  };
}
