import type { Target } from './api.ts';

/** What is typed, without accents, capitals and outer spaces. */
export function wordsOf(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').trim().toLowerCase();
}

/** The targets whose name or id holds the words, those that begin with them first. */
export function findTargets(targets: readonly Target[], words: string): Target[] {
  if (words === '') return [...targets];
  const holds = targets.filter((target) => namesOf(target).some((name) => name.includes(words)));
  return [
    ...holds.filter((target) => begins(target, words)),
    ...holds.filter((target) => !begins(target, words)),
  ];
}

/** Whether the name or id of a target begins with the words. */
export function begins(target: Target, words: string): boolean {
  return namesOf(target).some((name) => name.startsWith(words));
}

function namesOf({ id, name }: Target): string[] {
  return [wordsOf(name), id];
}

/**
 * The talked-about in their order; then those of whom nobody speaks, the first of each kind before the
 * second of any, so that what is shown of them is not music alone.
 */
export function mixKinds(targets: readonly Target[]): Target[] {
  const spokenOf = ({ voices }: Target) => voices.some((count) => count > 0);
  const ranks = new Map<string, number>();
  const silent = targets
    .filter((target) => !spokenOf(target))
    .map((target) => {
      const rank = ranks.get(target.kind) ?? 0;
      ranks.set(target.kind, rank + 1);
      return { target, rank };
    });
  return [
    ...targets.filter(spokenOf),
    ...silent.toSorted((a, b) => a.rank - b.rank).map(({ target }) => target),
  ];
}
