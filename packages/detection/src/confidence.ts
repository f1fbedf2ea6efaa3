import type { Check } from '@outcry/contracts';
import type { EvidenceRise } from './rise.ts';

/**
 * How sure it is that people meet a real outage. Log-odds add up: how far the evidence passes its
 * bar, how many people, from how many texts and sources, and what probes and official notices say.
 * Nothing of it can veto.
 */
export function judgeConfidence(
  rise: EvidenceRise,
  checks: readonly Check[],
  isEcho: boolean,
): number {
  const ratio = rise.strongest.score / rise.strongest.threshold;
  let logOdds = 1.2;
  logOdds += 1.5 * Math.min(2, ratio - 1);
  logOdds += 0.5 * Math.log2(Math.max(1, rise.voices) / 8);
  if (rise.topClusterShare > 0.5) logOdds -= 4 * (rise.topClusterShare - 0.5);
  if (rise.sources.length > 1) logOdds += 0.5;
  if (checks.some((check) => check.method === 'probe' && isBad(check))) logOdds += 1.5;
  if (checks.some((check) => check.method === 'official-status' && isBad(check))) logOdds += 3;
  if (isEcho) logOdds -= 4;
  const probability = 1 / (1 + Math.exp(-logOdds));
  return Math.round(Math.min(0.99, Math.max(0.05, probability)) * 100) / 100;
}

function isBad(check: Check): boolean {
  return check.outcome === 'down' || check.outcome === 'degraded';
}

/** Bands of confidence: a change within one is not worth telling. */
export function confidenceBand(confidence: number): number {
  return confidence < 0.5 ? 0 : confidence < 0.8 ? 1 : confidence < 0.95 ? 2 : 3;
}
