import { quietStances } from './decide.ts';
import { splitHash } from './fit.ts';
import { hashedScore, hashedScores, LinearScorer } from './linear.ts';
import type { DecisionOptions, LabelledText, Prepared } from './train.ts';
import { trainDecisions } from './train.ts';

/** Scores of a text by a model that has not seen its service. */
export interface HeldBack {
  signal: number;
  quiet: Float64Array;
  kinds: Float64Array;
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
  return scoresByFold(
    texts,
    prepared,
    texts.map((text) => foldOfText(text, folds)),
    options,
  );
}

/**
 * The same by a model that has read nothing by the text's writer: nearer to how a model meets the
 * wild than text of the same hand. Null where a fold would leave too little to learn from.
 */
export function scoresAcrossWriters(
  texts: readonly LabelledText[],
  prepared: Prepared,
  options: DecisionOptions,
): HeldBack[] | null {
  const writers = [...new Set(texts.map(({ writer }) => writer ?? ''))].sort();
  if (writers.length < 2) return null;
  return scoresByFold(
    texts,
    prepared,
    texts.map(({ writer }) => writers.indexOf(writer ?? '')),
    options,
  );
}

/** @param foldOf fold of each text, counted from 0; -1 for a text that is always learnt */
function scoresByFold(
  texts: readonly LabelledText[],
  prepared: Prepared,
  foldOf: readonly number[],
  options: DecisionOptions,
): HeldBack[] {
  const folds = Math.max(...foldOf) + 1;
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
    const kinds = new LinearScorer(model.kinds);
    for (const i of outside) {
      const keys = prepared.keys[i]!;
      scores[i] = {
        signal: hashedScore(model.signal, keys, keys.length),
        quiet: hashedScores(model.quiet, keys, keys.length, new Float64Array(quietStances.length)),
        kinds: kinds.score(keys, keys.length).slice(),
      };
    }
  }
  return scores;
}

export function foldOfText(text: Pick<LabelledText, 'service' | 'text'>, folds: number): number {
  return splitHash(text.service === 'unknown' ? text.text : text.service) % folds;
}
