import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDetector } from './nab-detector.ts';

/**
 * The Numenta Anomaly Benchmark, scored by an independent scorer that lies beside its data:
 * `OUTCRY_SHARED` (or `../shared` beside the repository) with `tools/nab-score.mjs` and `data/nab`.
 * Nothing of the data is part of the project; without it this says so and ends.
 */
const shared = process.env.OUTCRY_SHARED ?? resolve(import.meta.dirname, '../../../shared');
const scorerPath = join(shared, 'tools/nab-score.mjs');
const dataPath = join(shared, 'data/nab');
if (!existsSync(scorerPath) || !existsSync(dataPath)) {
  console.log(`SKIPPED: no NAB data and scorer in ${shared} (set OUTCRY_SHARED).`);
  process.exit(0);
}

interface Corpus {
  files: readonly unknown[];
}
interface Scorer {
  PROFILES: Record<string, unknown>;
  loadCorpus(folder: string, options: { only: string[] | null }): Corpus;
  runDetector(corpus: Corpus, create: typeof createDetector): Float64Array[];
  optimise(corpus: Corpus, scores: Float64Array[], profile: unknown): { score: number };
}

/** Standard, reward low false positives, reward low false negatives, on all ten tweet series. */
const published: readonly [string, number, number, number][] = [
  ['ARTime', 81.8, 70.1, 87.9],
  ['contextOSE', 74.5, 73.1, 76.5],
  ['earthgeckoSkyline', 68.9, 45.3, 78.3],
  ['numenta', 68.0, 58.7, 72.6],
  ['twitterADVec', 59.6, 35.8, 69.0],
  ['windowedGaussian', 51.4, 16.3, 64.6],
];

const folder = mkdtempSync(join(tmpdir(), 'outcry-nab-'));
try {
  mkdirSync(join(folder, 'labels'));
  symlinkSync(join(dataPath, 'data'), join(folder, 'data'));
  symlinkSync(join(dataPath, 'windows.json'), join(folder, 'labels/combined_windows.json'));
  const scorer = (await import(pathToFileURL(scorerPath).href)) as Scorer;
  const score = (only: string[] | null): { files: number; scores: number[] } => {
    const corpus = scorer.loadCorpus(folder, { only });
    const results = scorer.runDetector(corpus, createDetector);
    return {
      files: corpus.files.length,
      scores: Object.values(scorer.PROFILES).map(
        (profile) => scorer.optimise(corpus, results, profile).score,
      ),
    };
  };
  const tweets = score(['realTweets']);
  const all = score(null);
  const line = (name: string, scores: readonly number[]): string =>
    `${name.padEnd(44)}${scores.map((one) => one.toFixed(1).padStart(12)).join('')}`;
  console.log(`${''.padEnd(44)}    standard      low FP      low FN`);
  console.log(line(`outcry, realTweets (${tweets.files} of 10 series)`, tweets.scores));
  console.log(line(`outcry, all given series (${all.files})`, all.scores));
  console.log('\npublished, realTweets (all 10 series)');
  for (const [name, ...scores] of published) console.log(line(name, scores));
  console.log('\nThe threshold is chosen on what is scored, as the benchmark does.');
  const bar = 75;
  const standard = tweets.scores[0]!;
  console.log(
    `bar: realTweets standard >= ${bar}: ${standard.toFixed(1)}, ${standard >= bar ? 'met' : 'NOT met'}`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
