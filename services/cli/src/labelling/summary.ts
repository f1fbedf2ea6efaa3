import type { Stance } from '@outcry/contracts';
import { isSignalStance } from '@outcry/contracts';
import type { LabelSession } from './session.ts';

/** What a sitting brought. */
export interface Summary {
  kept: number;
  skipped: number;
  byStance: Partial<Record<Stance, number>>;
  /** Of the posts drawn by lot: how often the model said rightly whether they are signals. */
  byLot: { posts: number; right: number };
}

/** @param threshold probability from which the model calls a post a signal */
export function summarise(
  { labels, progress }: Pick<LabelSession, 'labels' | 'progress'>,
  threshold: number,
): Summary {
  const byStance: Partial<Record<Stance, number>> = {};
  const byLot = { posts: 0, right: 0 };
  for (const { stance, selection, confidence } of labels) {
    byStance[stance] = (byStance[stance] ?? 0) + 1;
    if (selection !== 'random') continue;
    byLot.posts += 1;
    if (isSignalStance(stance) === confidence >= threshold) byLot.right += 1;
  }
  return { kept: progress.kept, skipped: progress.skipped, byStance, byLot };
}

export function describeSummary({ kept, skipped, byStance, byLot }: Summary): string {
  const stances = Object.entries(byStance).map(([stance, count]) => `${count} ${stance}`);
  const told = stances.length === 0 ? '' : `: ${stances.join(', ')}`;
  const lot =
    byLot.posts === 0
      ? ''
      : `\nof ${byLot.posts} drawn by lot the model told ${byLot.right} rightly (signal or not)`;
  return `\n${kept} labelled${told}; ${skipped} skipped${lot}`;
}
