import type { LogRecord } from '@outcry/event-log';

/**
 * Several ranges as one, in the order in which the log took their records; ties by topic, partition
 * and offset, so that the order is the same every time.
 */
export async function* mergeRanges(
  ranges: readonly AsyncIterable<LogRecord>[],
): AsyncGenerator<LogRecord> {
  const readers = ranges.map((range) => range[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(
      readers.map(async (reader) => ({ reader, result: await reader.next() })),
    );
    for (;;) {
      let least:
        | { reader: AsyncIterator<LogRecord>; result: IteratorResult<LogRecord> }
        | undefined;
      for (const head of heads) {
        if (head.result.done === true) continue;
        if (least === undefined || comesBefore(head.result.value, least.result.value)) least = head;
      }
      if (least === undefined) return;
      yield least.result.value;
      least.result = await least.reader.next();
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return?.()));
  }
}

function comesBefore(a: LogRecord, b: LogRecord): boolean {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp;
  if (a.topic !== b.topic) return a.topic < b.topic;
  if (a.partition !== b.partition) return a.partition < b.partition;
  return a.offset < b.offset;
}
