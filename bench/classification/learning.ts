import type { Matcher } from '@outcry/catalog';
import { isSignalStance } from '@outcry/contracts';
import { splitHash } from '../../packages/classification/src/fit.ts';
import type { LanguageDetector } from '../../packages/classification/src/language.ts';
import { hashedScore } from '../../packages/classification/src/linear.ts';
import { areaUnderCurve, binaryFigures } from '../../packages/classification/src/metrics.ts';
import type { LabelledText } from '../../packages/classification/src/train.ts';
import { prepare, trainDecisions } from '../../packages/classification/src/train.ts';
import type { RealPost } from './data.ts';
import { heading, table } from './report.ts';

/**
 * What 50, 200 and 600 labels of one's own stream add: five folds over the given posts; the labelled
 * ones of the other folds join our text at a weight. In memory only, nothing is kept.
 */
export function printLearning(
  posts: readonly RealPost[],
  texts: readonly LabelledText[],
  matcher: Matcher,
  detector: LanguageDetector,
): void {
  heading('Learning from real labels, five folds over the given posts');
  const own = texts.filter((text) => (text.signalWeight ?? 1) > 0);
  const ownKeys = prepare(own, matcher, detector).keys;
  const asTexts = posts.map(
    (post): LabelledText => ({
      text: post.text,
      lang: post.lang,
      stance: post.stance,
      types: post.types,
      service: post.service,
    }),
  );
  const postKeys = prepare(asTexts, matcher, detector).keys;
  const truth = posts.map(({ stance }) => isSignalStance(stance));
  const order = posts
    .map((_, i) => i)
    .sort((a, b) => splitHash(posts[a]!.id) - splitHash(posts[b]!.id));
  const foldOf = new Map(order.map((post, rank) => [post, rank % 5]));
  const rows: (string | number)[][] = [['labels', 'weight', 'F1 at the best threshold', 'area']];
  for (const [labels, weight] of [
    [0, 0],
    [50, 4],
    [200, 4],
    [491, 4],
  ] as const) {
    const scores = new Array<number>(posts.length).fill(0);
    for (let fold = 0; fold < (labels === 0 ? 1 : 5); fold++) {
      const learnt =
        labels === 0 ? [] : order.filter((i) => foldOf.get(i) !== fold).slice(0, labels);
      const joined = [...own, ...learnt.map((i) => ({ ...asTexts[i]!, signalWeight: weight }))];
      const model = trainDecisions(
        joined,
        { keys: [...ownKeys, ...learnt.map((i) => postKeys[i]!)] },
        {},
      );
      for (const i of order) {
        if (labels > 0 && foldOf.get(i) !== fold) continue;
        scores[i] = hashedScore(model.signal, postKeys[i]!, postKeys[i]!.length);
      }
    }
    rows.push([labels, weight, bestF1(truth, scores), areaUnderCurve(truth, scores)]);
  }
  console.log(table(rows));
  console.log('(of 614 posts, four fifths are 491)');
}

function bestF1(truth: readonly boolean[], scores: readonly number[]): number {
  return Math.max(
    ...[...scores].map(
      (threshold) =>
        binaryFigures(
          truth,
          scores.map((score) => score >= threshold),
        ).f1,
    ),
  );
}
