/**
 * What the classifier is worth: on real posts that it was not trained on, on our own text of services,
 * writers and languages held back, beside natural's classifiers, with its cost.
 * `npm run bench:classification [-- --quick]` (quick leaves natural out).
 */
import { createMatcher, loadCatalog } from '@outcry/catalog';
import { createClassifier, loadModel } from '@outcry/classification';
import { isSignalStance } from '@outcry/contracts';
import { readTrainingTexts } from '../../packages/classification/tools/texts.ts';
import { naturalBayes, naturalLogistic, trainNatural } from './baselines.ts';
import { readPlaces, readPosts } from './data.ts';
import { printGivenPosts } from './given-posts.ts';
import { printHeldBack } from './held-back.ts';
import { printLearning } from './learning.ts';
import { printPlaces } from './places.ts';
import { bar, heading } from './report.ts';
import { measureCost } from './speed.ts';
import { printTextQuality } from './text-quality.ts';
import { printWritten } from './written.ts';

const quick = process.argv.includes('--quick');
const matcher = createMatcher(loadCatalog());
const before = process.memoryUsage().rss;
const started = process.cpuUsage();
const model = loadModel();
const classifier = createClassifier({ matcher, model });
classifier.classify({ text: 'warm' });
const loadMs = process.cpuUsage(started).user / 1e3;
const memory = (process.memoryUsage().rss - before) / 1e6;
const texts = readTrainingTexts();
const posts = readPosts();
const places = readPlaces();
console.log(`model ${classifier.model}, ${texts.length} training texts`);

const wild = texts.filter((text) => (text.doubt ?? 0) < 0.5);
const naturalTexts = wild.map(({ text, stance }) => ({ text, signal: isSignalStance(stance) }));
let bayes: ((text: string) => number) | null = null;
let logistic: ((text: string) => number) | null = null;
if (!quick) {
  bayes = trainNatural(naturalBayes(), naturalTexts);
  // Its gradient descent is over dense matrices: more than a few hundred texts do not end.
  logistic = trainNatural(
    naturalLogistic(),
    naturalTexts.filter((_, i) => i % Math.ceil(naturalTexts.length / 300) === 0),
  );
}

if (posts === null) {
  console.log('SKIPPED: the real posts are not on this machine (OUTCRY_SHARED)');
} else {
  const baselines = { 'natural Bayes': bayes, 'natural logistic regression (300 texts)': logistic };
  printGivenPosts(posts, { classifier, model, matcher, baselines });
}
printWritten(texts, { model, matcher });
printHeldBack(texts, { model, matcher });
if (places === null) console.log('SKIPPED: the places are not on this machine (OUTCRY_SHARED)');
else printPlaces(places, classifier);

if (posts !== null) {
  printLearning(posts, texts, { matcher, model, quick });
  heading('Cost');
  const cost = measureCost(classifier, posts, bayes);
  const matching = cost.matchMicros(matcher);
  console.log(
    `whole classification ${cost.classifyMicros.toFixed(1)} µs a post, of it the catalog's matcher ${matching.toFixed(1)} µs; JSON.parse of its record ${cost.parseMicros.toFixed(2)} µs`,
  );
  bar('times JSON.parse of the record', cost.classifyMicros / cost.parseMicros, '<=', 25);
  bar(
    'the same without the targets',
    (cost.classifyMicros - matching) / cost.parseMicros,
    '<=',
    25,
  );
  if (cost.bayesMicros !== null) {
    bar("natural's Bayes, in times of ours", cost.bayesMicros / cost.classifyMicros, '>=', 50);
  }
}
bar('milliseconds of processor time to load and be ready', loadMs, '<=', 200);
bar('megabytes of memory, all tables included', memory, '<=', 100);
printTextQuality(texts);
