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
/** An echo does not begin before what it echoes. */
const leadMs = 3 * 60_000;

/**
 * Whether the rise of one target is explained by an outage of another: its posts name the other,
 * while those of the other mostly do not name it, and it did not begin first.
 * @returns the evidence in words, or null
 */
export function explainEcho(
  rise: EvidenceRise,
  other: EvidenceRise,
  depends: boolean,
): string[] | null {
  const onset = Date.parse(rise.onset);
  const otherOnset = Date.parse(other.onset);
  if (onset < otherOnset - leadMs) return null;
  const here = overlapOf(rise, other);
  if (here.shared < sharedPosts || here.shared < sharedShare * here.compared) return null;
  const there = overlapOf(other, rise);
  const share = here.shared / here.compared;
  if (there.compared > 0 && there.shared / there.compared >= share) return null;
  return [
    `${Math.round(share * 100)}% of the posts compared (${here.shared} of ${here.compared}) name ${other.target} too`,
    `it began ${words(onset - otherOnset)} ${other.target}`,
    ...(depends ? [`${rise.target} depends on ${other.target}`] : []),
  ];
}

/**
 * Whether what was called an echo must be called so no more: enough posts are compared, and hardly
 * any is shared. Fewer comparisons change nothing, so that the mark does not flicker.
 */
export function contradictsEcho(rise: EvidenceRise, other: EvidenceRise): boolean {
  const { compared, shared } = overlapOf(rise, other);
  return compared >= enoughCompared && shared < sharedShare * 0.4 * compared;
}

const enoughCompared = 10;

function words(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes === 0) return 'together with';
  return `${minutes} min ${ms > 0 ? 'after' : 'before'}`;
}
