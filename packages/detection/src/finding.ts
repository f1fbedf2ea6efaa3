/** A window of a series that holds more than is usual. */
export interface Finding {
  /** First bucket of the window. */
  from: number;
  /** Length of the window in buckets. */
  length: number;
  observed: number;
  expected: number;
  /** -ln of the tail probability. */
  score: number;
  /** What the score has to pass. */
  threshold: number;
}

/** How far a finding goes towards its bar; from one on it passes. */
export function ratioOf({ score, threshold }: Pick<Finding, 'score' | 'threshold'>): number {
  return score / threshold;
}
