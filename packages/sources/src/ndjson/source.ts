import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { allowedLatenessMs, bucketMs } from '@outcry/contracts';
import type { Beat, Source, SourceContext, SourceRecord } from '../source.ts';
import { toInstant } from '../times.ts';
import { every, together } from '../wait.ts';
import type { Line } from './lines.ts';
import { readLines } from './lines.ts';
import { readRecord } from './records.ts';

export interface BadLine {
  /** Counts from 1. */
  line: number;
  reason: 'not-utf8' | 'not-json' | 'schema' | 'too-long';
  detail: string;
  bytes: Buffer;
}

export interface NdjsonOptions {
  /** A path, or a stream such as standard input. */
  input: string | AsyncIterable<Uint8Array | string>;
  /** Default `file`. */
  name?: string;
  /**
   * `claimed` (default): times in the lines are history and are believed as they stand; `observed`:
   * lines are news, taken now, and what they claim is clamped like any author's clock.
   */
  times?: 'claimed' | 'observed';
  /** How far out of order the lines of a history may be. Default: the allowed lateness. */
  disorderMs?: number;
  /** Records in one append. Default 500. */
  batchLimit?: number;
  /** Longest line. Default 1 MiB. */
  mostLineBytes?: number;
  /** Told of each line that is not understood; it is kept as a dead letter in any case. */
  onBadLine?: (bad: BadLine) => void;
}

/**
 * Posts and reports from lines of JSON. It is lenient: `text` alone makes a post. After the last
 * line it says that everything was seen and that nothing more comes, and ends.
 */
export function createNdjsonSource(options: NdjsonOptions): Source {
  const name = options.name ?? 'file';
  return {
    name,
    brings: 'posts',
    alsoBrings: ['reports'],
    run: (context) => readAll(context, name, options),
  };
}

async function readAll(
  context: SourceContext,
  name: string,
  options: NdjsonOptions,
): Promise<void> {
  const { sink, now, signal } = context;
  const times = options.times ?? 'claimed';
  const disorderMs = options.disorderMs ?? allowedLatenessMs;
  const mostLineBytes = options.mostLineBytes ?? 1024 * 1024;
  const batchLimit = options.batchLimit ?? 500;
  let batch: SourceRecord[] = [];
  let newest = times === 'observed' ? now() : 0;
  let through = newest;
  let ownHeartbeats = false;
  const ended = new AbortController();

  await together(signal, [
    (both) => readToEnd(both).finally(() => ended.abort()),
    // A line waits for no other: whoever writes slowly is heard every second all the same.
    (both) => every(1_000, AbortSignal.any([both, ended.signal]), flush),
  ]);
  await flush();
  if (!ownHeartbeats && !signal.aborted) {
    // Nothing more can come, so the last buckets need not wait for their late records.
    const after = times === 'claimed' ? newest + bucketMs + allowedLatenessMs : now();
    if (newest > 0) await say({ state: 'seeing', through: toInstant(after) });
  }
  const since = toInstant(through);
  await sink.heartbeat({ state: 'blind', through: since, since, reason: 'stopped' });

  async function readToEnd(both: AbortSignal): Promise<void> {
    try {
      for await (const line of readLines(chunksOf(options.input, both), mostLineBytes)) {
        await take(line);
        if (batch.length >= batchLimit) await flush();
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      await tellUnreadable(error);
    }
  }

  async function take(line: Line): Promise<void> {
    if (line.length > mostLineBytes) {
      await refuse(line, 'too-long', `the line has ${line.length} bytes`);
      return;
    }
    const read = readRecord(line.bytes, {
      source: name,
      now: now(),
      times,
      fallbackId: () => lineId(line),
      voice: context.voice,
    });
    if (read.kind === 'bad') await refuse(line, read.reason, read.detail);
    else if (read.kind === 'heartbeat') {
      ownHeartbeats = true;
      await flush();
      await say(read.beat);
    } else {
      context.count('received');
      batch.push(read.record);
      newest = Math.max(newest, Date.parse(read.record.observedAt));
    }
  }

  async function flush(): Promise<void> {
    if (batch.length > 0) {
      const records = batch;
      batch = [];
      await sink.put(records);
    }
    if (ownHeartbeats || newest === 0) return;
    const seen = times === 'claimed' ? newest - disorderMs : now() - 1;
    if (seen > through) await say({ state: 'seeing', through: toInstant(seen) });
  }

  async function say(beat: Beat): Promise<void> {
    through = Date.parse(beat.through);
    await sink.heartbeat(beat);
  }

  async function refuse(line: Line, reason: BadLine['reason'], detail: string): Promise<void> {
    context.count('bad-line');
    options.onBadLine?.({ line: line.number, reason, detail, bytes: line.bytes });
    await context.reject({
      reason,
      detail: `line ${line.number}: ${detail}`,
      payload: line.bytes,
    });
  }

  async function tellUnreadable(error: Unreadable): Promise<void> {
    context.log.error({ source: name }, `${name} cannot be read: ${error.message}`);
    const at = toInstant(through > 0 ? through : now());
    await sink.heartbeat({ state: 'blind', through: at, since: at, reason: 'unreachable' });
  }
}

/** The input failed, which is no fault of ours. */
class Unreadable extends Error {
  readonly code = 'unreadable';
}

/** The input's chunks until it ends or the signal aborts, also while it says nothing. */
async function* chunksOf(
  input: NdjsonOptions['input'],
  signal: AbortSignal,
): AsyncIterable<Uint8Array | string> {
  const stream = typeof input === 'string' ? createReadStream(input) : input;
  const chunks = stream[Symbol.asyncIterator]();
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const abort = () => resolve(null);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted]).catch((cause: unknown) => {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new Unreadable(message, { cause });
      });
      if (next === null || next.done === true) break;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Not awaited: an input that says nothing may not answer this either.
    void chunks.return?.()?.catch(() => {});
  }
}

/** Number and content: reading the same file again gives the same ids. */
function lineId(line: Line): string {
  const hash = createHash('sha256').update(String(line.number)).update('\0').update(line.bytes);
  return hash.digest('hex').slice(0, 32);
}
