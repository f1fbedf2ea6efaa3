import type { EvidenceRise } from './rise.ts';

/** Two outages that are open at the same time, as far as their posts are concerned. */
export interface Overlap {
  /** Posts of the one that could be compared, and how many of them name the other too. */
  compared: number;
  shared: number;
}

/**
 * How many posts of `rise` belong to `other` as well. Both carry all post hashes below a bound; below
 * the smaller bound the two are complete and can be compared.
 */
export function overlapOf(rise: EvidenceRise, other: EvidenceRise): Overlap {
  const below = Math.min(rise.posts.below, other.posts.below);
  const known = new Set(other.posts.hashes);
  let compared = 0;
  let shared = 0;
  for (const hash of rise.posts.hashes) {
    if (hash >= below) continue;
    compared += 1;
    if (known.has(hash)) shared += 1;
  }
  return { compared, shared };
}

/** An echo consists of posts that name the other target: at least this share and number of them. */
const sharedShare = 0.25;
const sharedPosts = 3;
/** An echo does not begin before what it echoes, as far as the onsets of the two are known. */
const leadMs = 3 * 60_000;
/**
 * How far the onset of a small rise may be off: its window reaches back to a stray voice before it.
 * Granted where the posts alone tell which of the two echoes the other.
 */
const strayMs = 15 * 60_000;
/** They do when at least so many times the share of posts names the other. */
const oneSided = 2;

/**
 * Whether the rise of one target is explained by an outage of another: its posts name the other,
 * those of the other name it less often, and it did not begin first as far as onsets tell.
 * @returns the evidence in words, or null
 */
export function explainEcho(
  rise: EvidenceRise,
  other: EvidenceRise,
  depends: boolean,
): string[] | null {
  const onset = Date.parse(rise.onset);
  const otherOnset = Date.parse(other.onset);
  if (onset < otherOnset - strayMs) return null;
  const here = overlapOf(rise, other);
  if (here.shared < sharedPosts || here.shared < sharedShare * here.compared) return null;
  const there = overlapOf(other, rise);
  const share = here.shared / here.compared;
  const back = there.compared > 0 ? there.shared / there.compared : 0;
  if (back >= share) return null;
  if (onset < otherOnset - leadMs && back * oneSided > share) return null;
  return [
    `${Math.round(share * 100)}% of the posts compared (${here.shared} of ${here.compared}) name ${other.target} too`,
    `it began ${words(onset - otherOnset)} ${other.target}`,
    ...(depends ? [`${rise.target} depends on ${other.target}`] : []),
  ];
}

/**
 * Whether what was called an echo must be called so no more: so few of the posts compared are shared
 * as one echo in a hundred would show by chance. The mark does not flicker with every post.
 */
export function contradictsEcho(rise: EvidenceRise, other: EvidenceRise): boolean {
  const { compared, shared } = overlapOf(rise, other);
  // P(at most so many shared) where each post is shared with the share that an echo has at least.
  let probability = (1 - sharedShare) ** compared;
  let atMost = probability;
  for (let k = 1; k <= shared; k += 1) {
    probability *= ((compared - k + 1) / k) * (sharedShare / (1 - sharedShare));
    atMost += probability;
  }
  return atMost < 0.01;
}

function words(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes === 0) return 'together with';
  return `${minutes} min ${ms > 0 ? 'after' : 'before'}`;
}
