import type { ErrorType, Stance } from '@outcry/contracts';
import { errorTypes } from '@outcry/contracts';
import { sigmoid } from './linear.ts';
import type { CalibrationPoint, ModelHeader } from './model.ts';

/** Where the decisions about a signal stand in the model's `kinds`. */
export const columns = {
  /** Asking rather than affected. */
  asking: 0,
  types: 1,
  count: 1 + errorTypes.length,
} as const;

/** The columns of the model's `quiet`: what a text is that is no signal. */
export const quietStances = ['relaying', 'recovered', 'unrelated'] as const satisfies Stance[];

export interface Decision {
  stance: Stance;
  signal: boolean;
  confidence: number;
  type: ErrorType | null;
  types: ErrorType[];
}

export function decideQuiet(scores: Float64Array, confidence: number): Decision {
  return { stance: quietStance(scores), signal: false, confidence, type: null, types: [] };
}

export function quietStance(scores: ArrayLike<number>): Stance {
  let best = 0;
  for (let i = 1; i < quietStances.length; i++) if (scores[i]! > scores[best]!) best = i;
  return quietStances[best]!;
}

/** @param asking score for asking, in log-odds */
export function signalStance(asking: number): Stance {
  return asking >= 0 ? 'asking' : 'affected';
}

export function decideSignal(
  scores: Float64Array,
  confidence: number,
  header: ModelHeader,
): Decision {
  const types = decideTypes(scores, header.typeThreshold);
  return {
    stance: signalStance(scores[columns.asking]!),
    signal: true,
    confidence,
    type: types[0]!,
    types,
  };
}

/** The main type first, then the others that are likely enough. */
export function decideTypes(scores: Float64Array, threshold: number): ErrorType[] {
  let best = 0;
  for (let i = 1; i < errorTypes.length; i++) {
    if (scores[columns.types + i]! > scores[columns.types + best]!) best = i;
  }
  let sum = 0;
  const top = scores[columns.types + best]!;
  for (let i = 0; i < errorTypes.length; i++) sum += Math.exp(scores[columns.types + i]! - top);
  const types: ErrorType[] = [errorTypes[best]!];
  const beside: [number, ErrorType][] = [];
  for (let i = 0; i < errorTypes.length; i++) {
    if (i === best) continue;
    const p = Math.exp(scores[columns.types + i]! - top) / sum;
    if (p >= threshold) beside.push([p, errorTypes[i]!]);
  }
  beside.sort((a, b) => b[0] - a[0]);
  for (const [, type] of beside) types.push(type);
  return types;
}

/**
 * Straight lines between the points; beyond them the odds go on at half the slope of the score, so that
 * of two texts the likelier is told; certainty stays out of reach.
 */
export function calibrate(points: readonly CalibrationPoint[], score: number): number {
  const first = points[0];
  if (first === undefined) return sigmoid(score);
  if (score <= first.score) return beyond(first, score);
  for (let i = 1; i < points.length; i++) {
    const to = points[i]!;
    if (score > to.score) continue;
    const from = points[i - 1]!;
    const span = to.score - from.score;
    return span === 0 ? to.p : from.p + ((score - from.score) / span) * (to.p - from.p);
  }
  return beyond(points.at(-1)!, score);
}

function beyond(point: CalibrationPoint, score: number): number {
  const p = sigmoid(Math.log(point.p / (1 - point.p)) + (score - point.score) / 2);
  return Math.min(0.9999, Math.max(0.0001, p));
}
