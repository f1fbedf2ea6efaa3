import type { ErrorType, Stance } from '@outcry/contracts';
import { errorType, isSignalStance, stance } from '@outcry/contracts';
import { z } from 'zod';
import type { LabelledText } from '../train.ts';

/** How a post came to be labelled: because the model was unsure of it, or by lot. */
export const selections = ['uncertain', 'random'] as const;
export type Selection = (typeof selections)[number];

/** The fields of a label. */
export const labelFields = z.object({
  id: z.string().min(1).max(640),
  text: z.string().min(1).max(20_000),
  lang: z.string().min(2).max(35),
  /** Null where the text names nothing that is watched. */
  target: z.string().min(1).max(128).nullable(),
  stance,
  /** The main type first; empty unless affected or asking. */
  types: z.array(errorType).max(12),
  /** Shared by copies of a text, so that they never stand on both sides of a measurement. */
  cluster: z.string().max(64),
  annotator: z.string().min(1).max(128),
  labelledAt: z.iso.datetime(),
  selection: z.enum(selections),
  /** The model that was in force, and the probability of a signal that it gave. */
  model: z.string().max(128),
  confidence: z.number().min(0).max(1),
});

/** A post that a person labelled, as a line of the labels file. */
export const label = labelFields.refine(
  (it) => isSignalStance(it.stance) || it.types.length === 0,
  { path: ['types'], message: 'stand only beside affected and asking' },
);
export type Label = z.infer<typeof label>;

/** A labelled post on which its annotators agree. */
export interface AgreedLabel {
  id: string;
  text: string;
  lang: string;
  target: string | null;
  stance: Stance;
  types: ErrorType[];
  cluster: string;
  selection: Selection;
}

/**
 * One label a post: of each annotator the last, and of several annotators the stance of most of them.
 * Where no stance has more voices than any other, nobody knows, and the post teaches nothing.
 */
export function agree(labels: readonly Label[]): { agreed: AgreedLabel[]; disputed: number } {
  const posts = new Map<string, Map<string, Label>>();
  for (const one of labels) {
    const byAnnotator = posts.get(one.id) ?? new Map<string, Label>();
    byAnnotator.set(one.annotator, one);
    posts.set(one.id, byAnnotator);
  }
  const agreed: AgreedLabel[] = [];
  let disputed = 0;
  for (const byAnnotator of posts.values()) {
    const given = [...byAnnotator.values()];
    const votes = new Map<Stance, Label[]>();
    for (const one of given) votes.set(one.stance, [...(votes.get(one.stance) ?? []), one]);
    const [first, second] = [...votes.values()].sort((a, b) => b.length - a.length);
    if (second !== undefined && second.length === first!.length) {
      disputed += 1;
      continue;
    }
    const { id, text, lang, target, stance: agreedStance, cluster } = first![0]!;
    agreed.push({
      id,
      text,
      lang,
      target,
      stance: agreedStance,
      types: mainFirst(first!),
      cluster,
      // A post that was drawn by lot for anybody stands for the stream.
      selection: given.some(({ selection }) => selection === 'random') ? 'random' : 'uncertain',
    });
  }
  return { agreed, disputed };
}

/** The main type that most gave, then all others that anybody gave. */
function mainFirst(labels: readonly Label[]): ErrorType[] {
  const votes = new Map<ErrorType, number>();
  for (const { types } of labels) {
    for (const [rank, type] of types.entries()) {
      votes.set(type, (votes.get(type) ?? 0) + (rank === 0 ? 1 : 0.1));
    }
  }
  return [...votes].sort((a, b) => b[1] - a[1]).map(([type]) => type);
}

/** Labels as text to train on. */
export function asTexts(labels: readonly AgreedLabel[], weight: number): LabelledText[] {
  return labels.map(({ text, lang, target, stance: given, types }) => ({
    text,
    lang,
    stance: given,
    types,
    service: target ?? 'unknown',
    writer: 'stream',
    weight,
    // Probabilities of written text are measured on written text.
    measureWeight: 0,
  }));
}
