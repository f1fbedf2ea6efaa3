import type { Matcher } from '@outcry/catalog';
import type { Classification, Classifier, LoadedModel } from '@outcry/classification';
import { isSignalStance } from '@outcry/contracts';
import { decideTypes } from '../../packages/classification/src/decide.ts';
import { LinearScorer } from '../../packages/classification/src/linear.ts';
import {
  areaUnderCurve,
  binaryFigures,
  reliability,
} from '../../packages/classification/src/metrics.ts';
import { prepare, readerOf } from '../../packages/classification/src/train.ts';
import type { RealPost } from './data.ts';
import { bar, heading, table } from './report.ts';

/** Probability of a signal by a classifier to compare with; null when it was left out. */
type Baseline = ((text: string) => number) | null;

interface Parts {
  classifier: Classifier;
  model: LoadedModel;
  matcher: Matcher;
  baselines: Readonly<Record<string, Baseline>>;
}

/** Posts with what is true of them and what the classifier says. */
interface Answers {
  posts: readonly RealPost[];
  truth: readonly boolean[];
  said: readonly Classification[];
}

/** Figures on real posts that nobody who wrote the training text has written. */
export function printGivenPosts(posts: readonly RealPost[], parts: Parts): void {
  const answers: Answers = {
    posts,
    truth: posts.map(({ stance }) => isSignalStance(stance)),
    said: posts.map(({ text }) => parts.classifier.classify({ text })),
  };
  printSignals(answers, parts.baselines);
  printTypes(answers, parts);
  printCalibration(answers);
  printSlices(answers);
  printLanguagesAndCountries(answers);
}

function printSignals({ posts, truth, said }: Answers, baselines: Parts['baselines']): void {
  heading('Signal (affected or asking) on the given real posts');
  const flags = said.map(({ signal }) => signal);
  const ours = binaryFigures(truth, flags);
  const area = areaUnderCurve(
    truth,
    said.map(({ confidence }) => confidence),
  );
  const rows: (string | number)[][] = [['', 'precision', 'recall', 'F1', 'area']];
  rows.push(['outcry', ours.precision, ours.recall, ours.f1, area]);
  for (const [name, score] of Object.entries(baselines)) {
    if (score === null) continue;
    const values = posts.map(({ text }) => score(text));
    const figures = binaryFigures(
      truth,
      values.map((value) => value > 0.5),
    );
    rows.push([name, figures.precision, figures.recall, figures.f1, areaUnderCurve(truth, values)]);
  }
  console.log(table(rows));
  bar('F1', ours.f1, '>=', 0.82);
  bar('area under the curve', area, '>=', 0.92);
  const foreign = posts.flatMap(({ lang }, i) => (lang === 'en' ? [] : [i]));
  const foreignFigures = binaryFigures(
    foreign.map((i) => truth[i]!),
    foreign.map((i) => flags[i]!),
  );
  bar(
    `F1 in other languages than English (${foreign.length} posts, ${foreignFigures.positives} signals)`,
    foreignFigures.f1,
    '>=',
    0.64,
  );
}

/** Of every true signal, also of those that the signal decision misses. */
function printTypes({ posts, truth, said }: Answers, { model, matcher }: Parts): void {
  heading('Main error type of true signals, on the given posts');
  const { keys } = prepare(
    posts.map(({ text }) => ({ text, service: '' })),
    matcher,
    readerOf(model),
  );
  const kinds = new LinearScorer(model.kinds);
  const confusion = new Map<string, Map<string, number>>();
  let signals = 0;
  let right = 0;
  let found = 0;
  let foundRight = 0;
  for (const [i, post] of posts.entries()) {
    if (!truth[i] || post.types.length === 0) continue;
    const type = decideTypes(kinds.score(keys[i]!, keys[i]!.length), 1)[0]!;
    const isRight = post.types.includes(type);
    signals++;
    if (isRight) right++;
    if (said[i]!.signal) {
      found++;
      if (isRight) foundRight++;
    }
    const row = confusion.get(post.types[0]!) ?? new Map<string, number>();
    row.set(type, (row.get(type) ?? 0) + 1);
    confusion.set(post.types[0]!, row);
  }
  const types = [...new Set([...confusion].flatMap(([name, row]) => [name, ...row.keys()]))].sort();
  console.log(
    table([
      ['labelled \\ said', ...types],
      ...types.map((type) => [type, ...types.map((other) => confusion.get(type)?.get(other) ?? 0)]),
    ]),
  );
  bar(`main type right, of ${signals}`, right / signals, '>=', 0.75);
  console.log(`among those found: ${(foundRight / found).toFixed(3)}`);
}

function printCalibration({ truth, said }: Answers): void {
  heading('Calibration on the given posts');
  const calibrated = reliability(
    truth,
    said.map(({ confidence }) => confidence),
  );
  console.log(
    table([
      ['probability', 'posts', 'said', 'was'],
      ...calibrated.bins.map((bin) => [`${bin.from}-${bin.to}`, bin.count, bin.said, bin.was]),
    ]),
  );
  bar('expected calibration error, given posts', calibrated.error, '<=', 0.05);
}

const leastOfSlice = 8;

function printSlices({ posts, truth, said }: Answers): void {
  heading(`By language and by service, on the given posts (${leastOfSlice} or more; worst first)`);
  const slices = new Map<string, number[]>();
  for (const [i, post] of posts.entries()) {
    for (const name of [`lang ${post.lang}`, `service ${post.service}`]) {
      slices.set(name, [...(slices.get(name) ?? []), i]);
    }
  }
  const rows = [...slices]
    .filter(([, list]) => list.length >= leastOfSlice)
    .map(([name, list]) => {
      const t = list.map((i) => truth[i]!);
      const f = list.map((i) => said[i]!.signal);
      const { positives, f1 } = binaryFigures(t, f);
      const area = areaUnderCurve(
        t,
        list.map((i) => said[i]!.confidence),
      );
      const alarms = list.filter((_, j) => f[j] && !t[j]).length;
      const missed = list.filter((_, j) => !f[j] && t[j]).length;
      return { area, row: [name, list.length, positives, f1, area, alarms, missed] };
    })
    .sort((a, b) => a.area - b.area);
  console.log(
    table([
      ['slice', 'posts', 'signals', 'F1', 'area', 'false alarms', 'missed'],
      ...rows.map(({ row }) => row),
    ]),
  );
}

function printLanguagesAndCountries({ posts, said }: Answers): void {
  const told = said.filter(({ language }, i) => language === posts[i]!.lang).length;
  console.log(`language told right: ${(told / posts.length).toFixed(3)}`);
  const falseCountries = posts.flatMap((post, i) =>
    [...new Set(said[i]!.places.filter((p) => p.source === 'text').map((p) => p.country))].filter(
      (country) => !post.countries.includes(country),
    ),
  );
  if (falseCountries.length > 0) console.log(`they are ${falseCountries.join(' ')}`);
  bar('false countries on the posts', falseCountries.length, '<=', 0);
}
