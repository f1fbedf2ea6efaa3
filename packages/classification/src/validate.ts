import { splitHash } from './fit.ts';
import { hashedScore, LinearScorer } from './linear.ts';
import type { DecisionOptions, LabelledText, Prepared } from './train.ts';
import { trainDecisions } from './train.ts';

/** Scores of a text by a model that has not seen its service. */
export interface HeldBack {
  signal: number;
  others: Float64Array;
}

/**
 * Scores every text by a model that has seen neither its service nor, for a text without a known
 * service, its neighbours: folds are drawn by service.
 *
 * @returns per text the scores of all columns
 */
export function heldBackScores(
  texts: readonly LabelledText[],
  prepared: Prepared,
  folds: number,
  options: DecisionOptions,
): HeldBack[] {
  const foldOf = texts.map((text) => foldOfText(text, folds));
  const scores: HeldBack[] = new Array(texts.length);
  for (let fold = 0; fold < folds; fold++) {
    const inside: number[] = [];
    const outside: number[] = [];
    for (const [i, of] of foldOf.entries()) (of === fold ? outside : inside).push(i);
    const model = trainDecisions(
      inside.map((i) => texts[i]!),
      { keys: inside.map((i) => prepared.keys[i]!) },
      options,
    );
    const scorer = new LinearScorer(model.decisions);
    for (const i of outside) {
      const keys = prepared.keys[i]!;
      scores[i] = {
        signal: hashedScore(model.signal, keys, keys.length),
        others: scorer.score(keys, keys.length).slice(),
      };
    }
  }
  return scores;
}

export function foldOfText(text: Pick<LabelledText, 'service' | 'text'>, folds: number): number {
  return splitHash(text.service === 'unknown' ? text.text : text.service) % folds;
}
