import type { Check } from '@outcry/contracts';
import { confidenceWeights } from './confidence-weights.ts';
import { corroborates } from './life.ts';
import type { EvidenceRise } from './rise.ts';

/** What speaks for an outage and against it. All of it is also in the explanation of an event. */
export interface Evidence {
  /** How far the strongest window passes its bar: score over threshold. */
  ratio: number;
  /** Weighted voices in that window, and how many are normal. */
  observed: number;
  expected: number;
  voices: number;
  sources: number;
  /** Share of the voices that the most frequent text has. */
  topTextShare: number;
  /** A probe, or an official notice, says that there is trouble. */
  probe: boolean;
  official: boolean;
  echo: boolean;
}

/**
 * Evidence as numbers, each with the sign that its weight may have: more people, sources, probes and
 * notices never make an outage less likely, copied text and echoes never more. `prior` is what is held of
 * the weight before any example; it stays near it where the examples say little.
 */
export const confidenceTerms = {
  ratio: { sign: 1, prior: 1, of: ({ ratio }: Evidence) => Math.min(4, ratio - 1) },
  height: {
    sign: 1,
    prior: 0.25,
    of: ({ observed, expected }: Evidence) =>
      Math.min(4, Math.log(Math.max(1, observed) / Math.max(0.1, expected))),
  },
  voices: {
    sign: 1,
    prior: 0.25,
    of: ({ voices }: Evidence) => Math.min(8, Math.log2(Math.max(1, voices) / 4)),
  },
  sources: {
    sign: 1,
    prior: 0.25,
    of: ({ sources }: Evidence) => Math.min(2, Math.log2(Math.max(1, sources))),
  },
  probe: { sign: 1, prior: 1.5, of: ({ probe }: Evidence) => (probe ? 1 : 0) },
  official: { sign: 1, prior: 2, of: ({ official }: Evidence) => (official ? 1 : 0) },
  copied: {
    sign: -1,
    prior: -2,
    of: ({ topTextShare }: Evidence) => Math.max(0, topTextShare - 0.25),
  },
  echo: { sign: -1, prior: -2, of: ({ echo }: Evidence) => (echo ? 1 : 0) },
} as const satisfies Record<
  string,
  { sign: 1 | -1; prior: number; of: (evidence: Evidence) => number }
>;
export type ConfidenceTerm = keyof typeof confidenceTerms;

export function evidenceOf(
  rise: EvidenceRise,
  checks: readonly Check[],
  isEcho: boolean,
): Evidence {
  const bad = (method: Check['method']) =>
    checks.some((check) => check.method === method && corroborates(check));
  const { strongest } = rise;
  return {
    ratio: strongest.score / strongest.threshold,
    observed: strongest.observed,
    expected: strongest.expected,
    voices: rise.voices,
    sources: rise.sources.length,
    topTextShare: rise.topClusterShare,
    probe: bad('probe'),
    official: bad('official-status'),
    echo: isEcho,
  };
}

/**
 * The probability that people meet a real outage of this target: log-odds that add up, with weights
 * fitted on simulated outages and false ones (`bench/detection/fit-confidence.ts`). Between 0.02 and
 * 0.99: nothing vetoes, nothing proves.
 */
export function judgeConfidence(evidence: Evidence): number {
  let logOdds: number = confidenceWeights.bias;
  for (const [name, { of }] of Object.entries(confidenceTerms)) {
    logOdds += confidenceWeights.terms[name as ConfidenceTerm] * of(evidence);
  }
  const probability = 1 / (1 + Math.exp(-logOdds));
  return Math.round(Math.min(0.99, Math.max(0.02, probability)) * 100) / 100;
}

/** Bands of confidence: a change within one is not worth telling. */
export function confidenceBand(confidence: number): number {
  return confidence < 0.5 ? 0 : confidence < 0.8 ? 1 : confidence < 0.95 ? 2 : 3;
}
