/** One line as bytes, without its end. */
export interface Line {
  /** Counts from 1. */
  number: number;
  bytes: Buffer;
  /** How long it was; more than `bytes` holds when it was cut. */
  length: number;
}

/**
 * Splits a stream into lines. A line longer than `mostBytes` is handed out cut, so one endless line
 * cannot fill the memory. Empty lines are left out, a last line without an end is not.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
  mostBytes: number,
): AsyncIterable<Line> {
  let kept: Buffer[] = [];
  let keptLength = 0;
  let length = 0;
  let number = 0;

  const keep = (part: Buffer) => {
    length += part.length;
    const room = mostBytes - keptLength;
    if (room <= 0) return;
    const fits = part.length > room ? part.subarray(0, room) : part;
    kept.push(fits);
    keptLength += fits.length;
  };
  const finish = (): Line | null => {
    number += 1;
    const bytes = trimEnd(kept.length === 1 ? kept[0]! : Buffer.concat(kept));
    const line = { number, bytes, length };
    kept = [];
    keptLength = 0;
    length = 0;
    return bytes.length === 0 ? null : line;
  };

  for await (const chunk of input) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
    let start = 0;
    for (;;) {
      const end = buffer.indexOf(0x0a, start);
      if (end < 0) break;
      keep(buffer.subarray(start, end));
      const line = finish();
      if (line !== null) yield line;
      start = end + 1;
    }
    if (start < buffer.length) keep(buffer.subarray(start));
  }
  if (length > 0) {
    const line = finish();
    if (line !== null) yield line;
  }
}

/** Files from other systems end their lines with CR LF. */
function trimEnd(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
}
