import type { Target } from './api.ts';

/** What is typed, without accents, capitals and outer spaces. */
export function wordsOf(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').trim().toLowerCase();
}

/** The targets whose name or id holds the words, those that begin with them first. */
export function findTargets(targets: readonly Target[], words: string): Target[] {
  if (words === '') return [...targets];
  const names = (target: Target) => [wordsOf(target.name), target.id];
  const begins = (target: Target) => names(target).some((name) => name.startsWith(words));
  const holds = targets.filter((target) => names(target).some((name) => name.includes(words)));
  return [...holds.filter(begins), ...holds.filter((target) => !begins(target))];
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
