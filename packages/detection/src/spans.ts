/** A span of buckets [from, to). */
export type Span = [from: number, to: number];

/** Adds a bucket to rising spans. */
export function extend(spans: Span[], bucket: number): void {
  const last = spans.at(-1);
  if (last !== undefined && last[1] >= bucket) last[1] = Math.max(last[1], bucket + 1);
  else spans.push([bucket, bucket + 1]);
}

export function overlaps(spans: readonly Span[], from: number, to: number): boolean {
  for (const span of spans) if (span[0] < to && span[1] > from) return true;
  return false;
}

/** End of the span that holds a bucket, or the bucket itself. */
export function endOfSpanAt(bucket: number, spans: readonly Span[]): number {
  for (const [from, to] of spans) if (bucket >= from && bucket < to) return to;
  return bucket;
}

/** The first beginning of a span in (after, before), or `before`. */
export function nextSpan(spans: readonly Span[], after: number, before: number): number {
  let next = before;
  for (const [from] of spans) if (from > after && from < next) next = from;
  return next;
}

/** How many of the buckets [from, to) the spans hold. */
export function covered(spans: readonly Span[], from: number, to: number): number {
  let sum = 0;
  for (const span of spans) sum += Math.max(0, Math.min(to, span[1]) - Math.max(from, span[0]));
  return sum;
}

/** Drops the spans that end at or before a bucket from the beginning of rising ones. */
export function dropSpans(spans: Span[], bucket: number): void {
  while (spans.length > 0 && spans[0]![1] <= bucket) spans.shift();
}
