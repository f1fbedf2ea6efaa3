import { once } from 'node:events';
import { decode } from '@outcry/contracts';
import { readLines } from '@outcry/sources/lines';
import type { z } from 'zod';

/** Exit code of a pipe that met lines it could not use (sysexits.h: EX_DATAERR). */
export const badInput = 65;

const mostLineBytes = 4 * 1024 * 1024;
const flushAt = 64 * 1024;

export interface PipeOptions<T> {
  command: string;
  schema: z.ZodType<T>;
  input?: AsyncIterable<Uint8Array>;
  /** What a good line leads to. */
  each(value: T): Iterable<unknown>;
  /** What the end of the input leads to. */
  end?(): Iterable<unknown>;
}

/**
 * Reads NDJSON, writes NDJSON. A line that cannot be used is told on standard error with its number
 * and reason, the others go on, and the exit code says that there were some.
 */
export async function runPipe<T>(options: PipeOptions<T>): Promise<void> {
  const out = createWriter();
  let bad = 0;
  for await (const line of readLines(options.input ?? process.stdin, mostLineBytes)) {
    const decoded =
      line.length > line.bytes.length + 2
        ? { ok: false as const, reason: 'too-long', detail: `${line.length} bytes` }
        : decode(options.schema, line.bytes);
    if (decoded.ok) await out.write(options.each(decoded.value));
    else {
      bad += 1;
      console.error(
        `outcry ${options.command}: line ${line.number}: ${decoded.reason}: ${decoded.detail}`,
      );
    }
  }
  if (options.end !== undefined) await out.write(options.end());
  await out.flush();
  if (bad > 0) {
    console.error(`outcry ${options.command}: ${bad} line(s) could not be used`);
    process.exitCode = badInput;
  }
}

/** Writes values as lines to standard output, in large pieces, waiting when the reader is slow. */
export function createWriter(stream: NodeJS.WritableStream = process.stdout) {
  let buffer = '';
  const writer = {
    async write(values: Iterable<unknown>): Promise<void> {
      for (const value of values) {
        buffer += `${JSON.stringify(value)}\n`;
        if (buffer.length >= flushAt) await writer.flush();
      }
    },
    async flush(): Promise<void> {
      if (buffer === '') return;
      const text = buffer;
      buffer = '';
      if (!stream.write(text)) await once(stream, 'drain');
    },
  };
  return writer;
}
