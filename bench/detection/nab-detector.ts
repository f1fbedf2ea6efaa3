import { createSurpriseScorer } from '@outcry/detection';

/**
 * The detection package's score for series of numbers, in the form that a NAB scorer drives: one
 * value after the other, no look-ahead, one parameter set. All series of the benchmark's tweets come
 * in steps of five minutes, which is also what the detector takes for the others.
 */
export function createDetector(): (timestampMs: number, value: number) => number {
  const fiveMinutes = 5 * 60_000;
  const scorer = createSurpriseScorer((24 * 60 * 60_000) / fiveMinutes);
  return (_timestampMs, value) => 1 - Math.exp(-scorer.next(Math.max(0, value)) / scale);
}

/** Brings nats into [0, 1]; any growing function does, since the threshold is chosen by the scorer. */
const scale = 20;
