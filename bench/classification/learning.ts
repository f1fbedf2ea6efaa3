import { createHash } from 'node:crypto';
import type { Matcher } from '@outcry/catalog';
import type { AgreedLabel, LoadedModel } from '@outcry/classification';
import { createClassifier } from '@outcry/classification';
import { learn } from '@outcry/classification/training';
import { isSignalStance } from '@outcry/contracts';
import { calibrate } from '../../packages/classification/src/decide.ts';
import { splitHash } from '../../packages/classification/src/fit.ts';
import { hashedScore } from '../../packages/classification/src/linear.ts';
import { areaUnderCurve, binaryFigures } from '../../packages/classification/src/metrics.ts';
import type { Model } from '../../packages/classification/src/model.ts';
import type { LabelledText } from '../../packages/classification/src/train.ts';
import { prepare, readerOf } from '../../packages/classification/src/train.ts';
import type { RealPost } from './data.ts';
import { heading, table } from './report.ts';

/**
 * What labels of one's own stream add through `outcry train`, with the given posts for a stream: a
 * few labels and the figures on all other posts; then all of them, each measured while held back.
 * In memory only, nothing is kept.
 */
export function printLearning(
  posts: readonly RealPost[],
  texts: readonly LabelledText[],
  { matcher, model, quick }: { matcher: Matcher; model: LoadedModel; quick: boolean },
): void {
  heading('Learning from real labels, as outcry train does');
  const classifier = createClassifier({ matcher, model });
  // Drawn by lot: the order of the posts has nothing to do with what they say.
  const asLabel = ({ id, text, lang, stance, types }: RealPost): AgreedLabel => {
    const { cluster, targets } = classifier.classify({ text, lang });
    const target = targets[0] ?? null;
    return { id, text, lang, stance, types, target, cluster, selection: 'random' };
  };
  const order = [...posts].sort((a, b) => splitHash(a.id) - splitHash(b.id));
  const options = {
    matcher,
    inForce: model.header,
    seed: model.header.seed,
    digest: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 8),
  };
  const rows: (string | number)[][] = [['labels', 'weight', 'measured on', 'F1', 'area']];
  rows.push(['0', '', `${posts.length} posts`, ...figuresOf(model, order, matcher)]);
  for (const count of quick ? [] : [50, 200]) {
    const { model: learnt, weight } = learn(texts, order.slice(0, count).map(asLabel), options);
    const others = order.slice(count);
    rows.push(['0', '', `the ${others.length} others`, ...figuresOf(model, others, matcher)]);
    rows.push([
      count,
      weight,
      `the ${others.length} others`,
      ...figuresOf(learnt, others, matcher),
    ]);
  }
  const { held, weight } = learn(texts, order.map(asLabel), options);
  if (held !== null) {
    const learnt = Math.round((order.length * 4) / 5);
    rows.push([
      `${learnt} at a time`,
      weight,
      `all ${order.length}, held back`,
      held.after.f1,
      held.after.areaUnderCurve,
    ]);
    console.log(table(rows));
    console.log(
      `area by weight: ${held.areas.map((it) => `${it.weight}: ${it.area.toFixed(3)}`).join(', ')}`,
    );
    console.log(
      `main types right: ${held.before.typesRight} of ${held.before.typed} before, ${held.after.typesRight} after; calibration error ${held.before.calibrationError.toFixed(3)}, ${held.after.calibrationError.toFixed(3)}`,
    );
  }
}

/** F1 at the model's own threshold, and the area under the curve. */
function figuresOf(model: Model, posts: readonly RealPost[], matcher: Matcher): [number, number] {
  const { keys } = prepare(
    posts.map(({ text }) => ({ text, service: '' })),
    matcher,
    readerOf(model),
  );
  const { header, signal } = model;
  const truth = posts.map(({ stance }) => isSignalStance(stance));
  const scores = keys.map((it) => hashedScore(signal, it, it.length));
  const said = scores.map((score) => calibrate(header.calibration, score) >= header.threshold);
  return [binaryFigures(truth, said).f1, areaUnderCurve(truth, scores)];
}
