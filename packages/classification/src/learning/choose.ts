import { seededRandom } from '../fit.ts';
import type { Selection } from './labels.ts';

/** A post that might be labelled, with what the model in force says of it. */
export interface Candidate {
  id: string;
  target: string | null;
  lang: string;
  cluster: string;
  /** Probability of a signal. */
  confidence: number;
}

export interface ChooseOptions {
  count: number;
  /** Share that is drawn by lot, 0 to 1: only from these can it be told how good the model is. */
  random: number;
  /** Probability from which the model calls a post a signal. */
  threshold: number;
  seed: number;
}

/** What one target, or one language, may take of the places for uncertain posts. */
const mostOfOne = 0.34;

/**
 * The posts whose labels teach most: those of which the model is least sure, no two of them copies,
 * spread over targets and languages; and a share by lot in between (Settles 2009, uncertainty
 * sampling; by itself it would leave nothing to measure with).
 */
export function chooseToLabel<T extends Candidate>(
  candidates: readonly T[],
  { count, random, threshold, seed }: ChooseOptions,
): { post: T; selection: Selection }[] {
  const clusters = new Set<string>();
  const take = (post: T): boolean => {
    if (clusters.has(post.cluster)) return false;
    clusters.add(post.cluster);
    return true;
  };
  const byLot: T[] = [];
  const wantedByLot = Math.round(count * random);
  for (const post of shuffled(candidates, seed)) {
    if (byLot.length === wantedByLot) break;
    if (take(post)) byLot.push(post);
  }
  const unsure = mostUncertain(candidates, count - byLot.length, threshold, take);
  return interleave(unsure, byLot);
}

function mostUncertain<T extends Candidate>(
  candidates: readonly T[],
  count: number,
  threshold: number,
  take: (post: T) => boolean,
): T[] {
  const order = [...candidates].sort(
    (a, b) =>
      distance(a.confidence, threshold) - distance(b.confidence, threshold) ||
      (a.id < b.id ? -1 : 1),
  );
  const chosen: T[] = [];
  const taken = new Map<string, number>();
  const most = Math.max(1, Math.ceil(count * mostOfOne));
  // First with a limit to what one target or language takes; what is left is filled without it.
  for (const limit of [most, count]) {
    for (const post of order) {
      if (chosen.length === count) return chosen;
      const keys = [`target ${post.target}`, `language ${post.lang}`];
      if (keys.some((key) => (taken.get(key) ?? 0) >= limit)) continue;
      if (!take(post)) continue;
      for (const key of keys) taken.set(key, (taken.get(key) ?? 0) + 1);
      chosen.push(post);
    }
  }
  return chosen;
}

/** How far a probability lies from the threshold, in log-odds. */
function distance(p: number, threshold: number): number {
  const logit = (x: number) => Math.log(x / (1 - x));
  const inside = Math.min(0.9999, Math.max(0.0001, p));
  return Math.abs(logit(inside) - logit(threshold));
}

/** Those by lot evenly between the others, so that whoever stops early has both. */
function interleave<T>(
  unsure: readonly T[],
  byLot: readonly T[],
): { post: T; selection: Selection }[] {
  const total = unsure.length + byLot.length;
  const mixed: { post: T; selection: Selection }[] = [];
  let lot = 0;
  for (let i = 0; i < total; i += 1) {
    const due = Math.floor(((i + 1) * byLot.length) / total) > lot;
    if (due || i - lot >= unsure.length) {
      mixed.push({ post: byLot[lot]!, selection: 'random' });
      lot += 1;
    } else mixed.push({ post: unsure[i - lot]!, selection: 'uncertain' });
  }
  return mixed;
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  const order = [...list];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
