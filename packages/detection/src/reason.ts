import type { OutageEvent } from '@outcry/contracts';
import type { EvidenceRise } from './rise.ts';

/** One plain sentence that says why, with its numbers. */
export function sentence(event: OutageEvent, rise: EvidenceRise): string {
  const found = rise.strongest;
  const people = `${count(found.observed)} people reported ${problem(event)} in ${span(found.windowSeconds)}, normally ${count(found.expected)}`;
  const where = event.scope === 'worldwide' ? '' : ` (${event.scope})`;
  switch (event.type) {
    case 'outage.opened':
      return `${people}${where}; ${evidence(rise)}${echo(event)}.`;
    case 'outage.updated':
      return event.state === 'recovering'
        ? `Complaints fell to ${count(rise.lastFiveMinutes)} in 5 minutes after a peak of ${count(rise.peak.voicesPerMinute)} a minute${where}; ${count(rise.voices)} people in all.`
        : `${people}${where}; ${count(rise.lastFiveMinutes)} in the last 5 minutes, ${count(rise.voices)} people in all.`;
    case 'outage.resolved':
      if (event.mergedInto !== undefined) {
        return `It became a part of the outage ${event.mergedInto.outageId}: ${event.mergedInto.evidence[0]}.`;
      }
      return `Complaints are back to normal since ${event.endedAt?.slice(11, 16)} UTC; ${count(rise.voices)} people reported ${problem(event)}${where}, ${count(rise.peak.voicesPerMinute)} a minute at the peak.`;
    case 'outage.retracted':
      return event.echoOf === undefined
        ? `The evidence did not hold: most of it is the same text; ${evidence(rise)}.`
        : `Explained by the outage of ${event.echoOf.target}: ${event.echoOf.evidence[0]}.`;
  }
}

function echo(event: OutageEvent): string {
  return event.echoOf === undefined
    ? ''
    : `; probably an echo of the outage of ${event.echoOf.target}`;
}

function evidence(rise: EvidenceRise): string {
  const sources = rise.sources.length === 1 ? '1 source' : `${rise.sources.length} sources`;
  return `${count(rise.voices)} different people with ${rise.clusters} different texts from ${sources}`;
}

function problem(event: OutageEvent): string {
  const type = event.types[0];
  return type === undefined || type === 'general' || type === 'other'
    ? 'problems'
    : `${type} problems`;
}

function span(seconds: number): string {
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

function count(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
