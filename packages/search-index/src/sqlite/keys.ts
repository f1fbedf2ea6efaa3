/**
 * 53 bits that stand for an id in an index: two multiplicative hashes side by side, mixed at the end
 * so that ids which differ in one letter lie far apart. Two ids may share a key, so a key narrows a
 * search and the id decides; only the count of distinct voices takes the key for the voice, which
 * errs by one when two of a million voices collide, about once in 18,000 such counts.
 *
 * The keys are stored: another function needs another version of the schema.
 */
export function keyOf(id: string): number {
  let low = 0x9e3779b9 | 0;
  let high = 0x85ebca6b | 0;
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}
