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
