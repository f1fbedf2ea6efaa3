/**
 * Bytes of a page as text. A byte order mark decides, then what the server says, then zero bytes
 * where UTF-16 has them, and otherwise it is UTF-8. Broken sequences become replacement characters.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | null): string {
  return new TextDecoder(encodingOf(bytes, contentType)).decode(bytes);
}

function encodingOf(bytes: Uint8Array, contentType: string | null): string {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xef && second === 0xbb) return 'utf-8';
  const declared = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
  // Plain "utf-16" leaves the order open; the first character of JSON or XML tells it.
  if (declared === undefined || declared === 'utf-16') {
    if (first === 0 && second !== 0 && second !== undefined) return 'utf-16be';
    if (first !== 0 && first !== undefined && second === 0) return 'utf-16le';
    return declared === 'utf-16' ? 'utf-16be' : 'utf-8';
  }
  return isKnown(declared) ? declared : 'utf-8';
}

function isKnown(encoding: string): boolean {
  try {
    new TextDecoder(encoding);
    return true;
  } catch {
    return false;
  }
}
