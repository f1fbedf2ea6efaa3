import type { Classifier } from '@outcry/classification';
import type { OutageEvent } from '@outcry/contracts';
import { decode, outageEvent, topics } from '@outcry/contracts';
import type { DetectorContext } from '@outcry/detector';
import type { EventLog, LogRecord } from '@outcry/event-log';
import type { Generation, Operation, SearchIndex } from '@outcry/search-index';
import type { Difference } from './difference.ts';
import { differenceOf } from './difference.ts';
import { mergeRanges } from './merge.ts';
import { createReplay } from './replay.ts';

export interface ReprocessOptions {
  log: EventLog;
  index: SearchIndex;
  classifier: Classifier;
  context: DetectorContext;
  /** Outages that began in [from, to) are rebuilt; epoch milliseconds. */
  from: number;
  to: number;
  /** Name of the generation that is built; `[a-z0-9-]+`. */
  generation: string;
  /** Whether searches read the new generation afterwards. */
  promote: boolean;
  onProgress?(progress: { records: number; total: number; outages: number }): void;
  signal?: AbortSignal;
}

export interface ReprocessReport {
  generation: string;
  records: number;
  unreadable: number;
  /** Outages that began in the range. */
  outages: number;
  events: number;
  difference: Difference;
  promoted: boolean;
}

const inputTopics = [topics.posts, topics.reports, topics.checks] as const;
const progressEvery = 2_000;

/**
 * Rebuilds the outages of a range from posts, reports and checks, with the code of today, into a new
 * generation of the index, and compares them with what was said then. The log is read from its
 * beginning, so that the baselines at `from` are what they were.
 */
export async function reprocess(options: ReprocessOptions): Promise<ReprocessReport> {
  const { log, index, from, to, generation: name } = options;
  const partitions = new Map<string, number>();
  for (const topic of [...inputTopics, topics.signals])
    partitions.set(topic, await log.partitions(topic));
  const replay = createReplay({
    classifier: options.classifier,
    context: options.context,
    to,
    partitionsOf: (topic) => partitions.get(topic) ?? 1,
  });

  const total = await recordsIn(log, inputTopics);
  const events: OutageEvent[] = [];
  let records = 0;
  for await (const record of mergeRanges(await inputs(log))) {
    options.signal?.throwIfAborted();
    if (record.topic !== topics.signals) records += 1;
    events.push(...replay.take(record));
    if (records % progressEvery === 0)
      options.onProgress?.({ records, total, outages: outagesIn(events) });
  }
  options.onProgress?.({ records, total: records, outages: outagesIn(events) });

  const rebuilt = within(events, from, to);
  const said = await eventsSaidThen(log);
  const saidWithin = within(said, from, to);
  const generation = await index.generation(name);
  await write(generation, rebuilt);
  await generation.refresh();
  if (options.promote) await promote(options, generation, said, new Set(saidWithin));
  return {
    generation: name,
    records,
    unreadable: replay.unreadable,
    outages: outagesIn(rebuilt),
    events: rebuilt.length,
    difference: differenceOf(saidWithin, rebuilt),
    promoted: options.promote,
  };
}

/**
 * Puts a generation in use. It also gets what lies outside of the range, as it was said, and at last
 * what was said while the job ran: searches lose nothing by the change.
 */
async function promote(
  { log, index }: ReprocessOptions,
  generation: Generation,
  said: readonly OutageEvent[],
  replaced: ReadonlySet<OutageEvent>,
): Promise<void> {
  await write(
    generation,
    said.filter((event) => !replaced.has(event)),
  );
  await generation.refresh();
  await generation.promote();
  const known = new Set(said.map(({ id }) => id));
  await write(
    index,
    (await eventsSaidThen(log)).filter(({ id }) => !known.has(id)),
  );
}

/** The topics that people and machines feed, and from signals only what the runtime itself declared. */
async function inputs(log: EventLog): Promise<AsyncIterable<LogRecord>[]> {
  const ranges: AsyncIterable<LogRecord>[] = [];
  for (const topic of inputTopics) {
    for (const { partition } of await log.extents(topic))
      ranges.push(log.read({ topic, partition }));
  }
  for (const { partition } of await log.extents(topics.signals)) {
    ranges.push(declaredSilences(log.read({ topic: topics.signals, partition })));
  }
  return ranges;
}

/** That a source fell silent stands nowhere but among the signals: a clock decided it, once. */
async function* declaredSilences(range: AsyncIterable<LogRecord>): AsyncGenerator<LogRecord> {
  for await (const record of range) {
    if (record.value === null) continue;
    const text = Buffer.from(record.value).toString('utf8');
    if (text.includes('"reason":"silent"') && text.startsWith('{"kind":"heartbeat"')) yield record;
  }
}

async function recordsIn(log: EventLog, names: readonly string[]): Promise<number> {
  let sum = 0;
  for (const name of names) {
    for (const { begin, end } of await log.extents(name)) sum += end - begin;
  }
  return sum;
}

async function eventsSaidThen(log: EventLog): Promise<OutageEvent[]> {
  const events: OutageEvent[] = [];
  for (const { partition } of await log.extents(topics.outages)) {
    for await (const record of log.read({ topic: topics.outages, partition })) {
      const decoded = decode(outageEvent, record.value);
      if (decoded.ok) events.push(decoded.value);
    }
  }
  return events;
}

async function write(
  target: Pick<Generation, 'bulk'>,
  events: readonly OutageEvent[],
): Promise<void> {
  const size = 500;
  for (let start = 0; start < events.length; start += size) {
    const operations = events.slice(start, start + size).flatMap((event): Operation[] => [
      { op: 'create', collection: 'outage-events', document: event },
      { op: 'upsert', collection: 'outages', document: event },
    ]);
    for (const outcome of await target.bulk(operations)) {
      if (outcome.status === 'refused') {
        throw new Error(`the index refuses an event (${outcome.reason}): ${outcome.detail}`);
      }
    }
  }
}

/** All events of the outages that began in a range. */
function within(events: readonly OutageEvent[], from: number, to: number): OutageEvent[] {
  const began = new Map<string, number>();
  for (const event of events)
    if (event.sequence === 1) began.set(event.outageId, Date.parse(event.decidedAt));
  return events.filter(({ outageId }) => {
    const at = began.get(outageId);
    return at !== undefined && at >= from && at < to;
  });
}

function outagesIn(events: readonly OutageEvent[]): number {
  return new Set(events.map(({ outageId }) => outageId)).size;
}
