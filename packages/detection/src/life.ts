import type { Check, OutageEvent, Severity } from '@outcry/contracts';
import type { EvidenceRise } from './rise.ts';
import type { DetectionSettings } from './settings.ts';

/** When evidence makes an outage, and in which state and how severe it is. */

/** Share of the peak below which it recovers, and above which it fails again. */
const recoveringShare = 0.3;
const failingShare = 0.5;
/** With so many different texts nobody asks for more. */
export const enoughTexts = 8;
/** Fewer voices than this must come over a minute at least. */
const fewVoices = 8;
const fewLastMs = 60_000;
/** Evidence beyond its bar that makes a suspicion sure without anyone else's word. */
const sureRatio = 1.5;
/** Recovering and failing again is told no more often than this. */
export const flapMs = 5 * 60_000;

/** Whether the evidence suffices to speak of an outage. */
export function suffices(rise: EvidenceRise, settings: DetectionSettings): boolean {
  const lead = rise.findings[0];
  if (lead === undefined || lead.score < lead.threshold) return false;
  if (lead.observed < settings.minVoices || rise.voices < settings.minVoices) return false;
  // A handful within seconds may be one who copies or automates; people keep coming.
  const lasted = Date.parse(rise.at) - Date.parse(rise.onset);
  if (rise.voices < fewVoices && lasted < fewLastMs) return false;
  // Copied text is not many people: the texts must be as varied as a few voices of their own.
  return (
    rise.effectiveTexts >= Math.min(enoughTexts, Math.max(settings.minClusters, 0.75 * rise.voices))
  );
}

/** The state that evidence shows, given the one before; `peakFive`: most voices in five minutes. */
export function stateOf(
  { rise, checks, peakFive }: { rise: EvidenceRise; checks: readonly Check[]; peakFive: number },
  before: OutageEvent | null,
): OutageEvent['state'] {
  const sure =
    rise.strongest.score >= sureRatio * rise.strongest.threshold || checks.some(corroborates);
  const failing = sure || before?.state === 'confirmed' ? 'confirmed' : 'suspected';
  if (before === null) return failing;
  const normal = 5 * rise.normalPerMinute;
  const excess = rise.lastFiveMinutes - normal;
  const most = peakFive - normal;
  if (before.state === 'recovering') {
    return excess > failingShare * most + 3 * Math.sqrt(failingShare * most) && !rise.calm
      ? 'confirmed'
      : 'recovering';
  }
  const opening = Date.parse(rise.at) - Date.parse(before.startedAt) < flapMs;
  // Of a few voices a fall is chance; then only a calm that is weighed tells that it recovers.
  const falls = excess < recoveringShare * most && most >= 20;
  return !opening && (rise.calm || falls) ? 'recovering' : failing;
}

/** Whether a probe or a notice says that there is trouble. */
export function corroborates(check: Check): boolean {
  return check.outcome === 'down' || check.outcome === 'degraded';
}

/** By the height of the peak and how far it is above normal. It never falls. */
export function severityOf(rise: EvidenceRise, before: OutageEvent | null): Severity {
  const rate = rise.peak.voicesPerMinute;
  const ratio = rate / Math.max(0.1, rise.normalPerMinute);
  const now: Severity =
    rate >= 50 && ratio >= 10 ? 'critical' : rate >= 10 && ratio >= 4 ? 'major' : 'minor';
  const order = ['minor', 'major', 'critical'];
  return before !== null && order.indexOf(before.severity) > order.indexOf(now)
    ? before.severity
    : now;
}
