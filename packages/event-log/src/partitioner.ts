const seed = 0x9747b28c;
const m = 0x5bd1e995;

/** Murmur2 as Apache Kafka's clients compute it: a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const length = data.length;
  const whole = length & ~3;
  let h = seed ^ length;
  for (let i = 0; i < whole; i += 4) {
    let k = data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16) | (data[i + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const rest = length & 3;
  if (rest === 3) h ^= data[whole + 2]! << 16;
  if (rest >= 2) h ^= data[whole + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ data[whole]!, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

const encoder = new TextEncoder();
const scratch = new Uint8Array(3 * 256);

/** The partition of a key: equal in every adapter, and equal to what Kafka's Java client chooses. */
export function partitionOf(key: string, partitions: number): number {
  const bytes =
    key.length <= 256
      ? scratch.subarray(0, encoder.encodeInto(key, scratch).written)
      : encoder.encode(key);
  return (murmur2(bytes) & 0x7fffffff) % partitions;
}
