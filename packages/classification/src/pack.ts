/** Tables in one file: magic, length of a JSON header, the header, then the arrays, aligned. */

type Part =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array;

export function pack(magic: string, header: unknown, parts: readonly Part[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = aligned(magic.length + 4 + json.length);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + aligned(part.byteLength), start));
  bytes.set(new TextEncoder().encode(magic), 0);
  new DataView(bytes.buffer).setUint32(magic.length, json.length, true);
  bytes.set(json, magic.length + 4);
  let at = start;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += aligned(part.byteLength);
  }
  return bytes;
}

/** Hands out the arrays in the order in which they were packed. */
export interface Unpacked {
  header: unknown;
  /** @param length in bytes */
  take(length: number): ArrayBuffer;
}

/** @throws Error when the bytes are of another sort or cut short */
export function unpack(magic: string, bytes: Uint8Array): Unpacked {
  const decoder = new TextDecoder();
  if (decoder.decode(bytes.subarray(0, magic.length)) !== magic) {
    throw new Error(`this is no ${magic} file`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = magic.length + 4 + view.getUint32(magic.length, true);
  const header: unknown = JSON.parse(decoder.decode(bytes.subarray(magic.length + 4, end)));
  let at = aligned(end);
  return {
    header,
    take(length) {
      if (at + length > bytes.byteLength) throw new Error(`the ${magic} file is cut short`);
      const part = bytes.slice(at, at + length).buffer;
      at += aligned(length);
      return part;
    },
  };
}

function aligned(length: number): number {
  return (length + 7) & ~7;
}
