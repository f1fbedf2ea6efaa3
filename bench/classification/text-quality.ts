import { foldWord } from '../../packages/classification/src/scan.ts';
import type { TrainingText } from '../../packages/classification/tools/texts.ts';
import { heading, table } from './report.ts';

/** Is the training text written or expanded from templates? And what does it cover? */
export function printTextQuality(texts: readonly TrainingText[]): void {
  heading('Training text');
  const grams = new Map<string, number>();
  let total = 0;
  for (const { text } of texts) {
    const words = text.split(/\s+/).map(foldWord);
    for (let i = 0; i + 3 <= words.length; i++) {
      const gram = words.slice(i, i + 3).join(' ');
      grams.set(gram, (grams.get(gram) ?? 0) + 1);
      total++;
    }
  }
  console.log(`texts ${texts.length}, services ${new Set(texts.map((t) => t.service)).size}`);
  console.log(`distinct trigrams: ${(grams.size / total).toFixed(3)} of all (bar: >= 0.6)`);
  const near = nearDuplicates(texts);
  console.log(
    `texts with a near-duplicate: ${near} = ${((100 * near) / texts.length).toFixed(2)}% (bar: < 1%)`,
  );
  const stances = ['affected', 'asking', 'relaying', 'recovered', 'unrelated'];
  const count = (key: (text: TrainingText) => string) => {
    const rows = new Map<string, Map<string, number>>();
    for (const text of texts) {
      const row = rows.get(key(text)) ?? new Map<string, number>();
      row.set(text.stance, (row.get(text.stance) ?? 0) + 1);
      rows.set(key(text), row);
    }
    return [...rows]
      .sort()
      .map(([name, row]) => [name, ...stances.map((stance) => row.get(stance) ?? 0)]);
  };
  console.log(table([['language', ...stances], ...count(({ lang }) => lang)]));
  console.log(table([['kind', ...stances], ...count(({ kind }) => kind ?? 'unset')]));
}

/** Texts that share four fifths of their word pairs with another, of five words or more. */
function nearDuplicates(texts: readonly TrainingText[]): number {
  const pairsOf = texts.map(({ text }) => {
    const words = text.split(/\s+/).map(foldWord);
    return new Set(words.slice(1).map((word, i) => `${words[i]} ${word}`));
  });
  const holders = new Map<string, number[]>();
  for (const [i, pairs] of pairsOf.entries()) {
    if (pairs.size < 4) continue;
    for (const pair of pairs) {
      const list = holders.get(pair) ?? [];
      list.push(i);
      holders.set(pair, list);
    }
  }
  let found = 0;
  for (const [i, pairs] of pairsOf.entries()) {
    if (pairs.size < 4) continue;
    const shared = new Map<number, number>();
    for (const pair of pairs) {
      const list = holders.get(pair)!;
      if (list.length > 60) continue;
      for (const other of list) if (other < i) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    for (const [other, common] of shared) {
      if (common / (pairs.size + pairsOf[other]!.size - common) >= 0.8) {
        found++;
        break;
      }
    }
  }
  return found;
}
