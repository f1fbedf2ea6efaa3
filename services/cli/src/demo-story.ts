import type { Catalog } from '@outcry/catalog';
import type { OutageEvent } from '@outcry/contracts';

/** What the day turned out to be, in plain words: one paragraph for each outage. */
export function tellStory(histories: readonly OutageEvent[][], catalog: Catalog): string {
  if (histories.length === 0) return 'No outage was detected.';
  return histories.map((events) => tellOutage(events, catalog)).join('\n\n');
}

function tellOutage(events: readonly OutageEvent[], catalog: Catalog): string {
  const opened = events.at(0);
  const newest = events.at(-1);
  if (opened === undefined || newest === undefined) return '';
  const name = catalog.byId.get(newest.target)?.name ?? newest.target;
  const confirmed = events.find(({ state }) => state === 'confirmed');
  const surest = Math.max(...events.map(({ confidence }) => confidence));
  const lines = [
    `${name}: ${ending(newest)}.`,
    `  Opened     ${clock(opened.decidedAt)} UTC (it began about ${clock(opened.startedAt)}): ${opened.reason}`,
    ...(confirmed === undefined || confirmed === opened
      ? []
      : [`  Confirmed  ${clock(confirmed.decidedAt)} UTC`]),
    `  Where      ${where(newest)}`,
    `  What       ${newest.types.slice(0, 3).join(', ') || 'not clear'}`,
    `  Peak       ${Math.round(newest.peak.voicesPerMinute)} people a minute at ${clock(newest.peak.at)} UTC; ${newest.voices} people in all`,
    `  How sure   ${Math.round(surest * 100)}% at its surest`,
    ...(newest.echoOf === undefined
      ? []
      : [
          `  An echo    of the outage at ${catalog.byId.get(newest.echoOf.target)?.name ?? newest.echoOf.target}: ${newest.echoOf.evidence.join('; ')}`,
        ]),
    ...(newest.leadSeconds === null ? [] : [`  Lead       ${lead(newest.leadSeconds)}`]),
  ];
  return lines.join('\n');
}

function ending(newest: OutageEvent): string {
  if (newest.state === 'retracted') return 'an outage was suspected and taken back';
  if (newest.endedAt === null) return `an outage that is still ${newest.state}`;
  return `an outage of ${newest.severity} severity, over at ${clock(newest.endedAt)} UTC (told at ${clock(newest.decidedAt)})`;
}

function where({ scope, countries }: OutageEvent): string {
  return countries.length === 0 ? scope : `${scope} (${countries.join(', ')})`;
}

function lead(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  return seconds >= 0
    ? `${minutes} minutes before the official status said so`
    : `${minutes} minutes after the official status`;
}

function clock(instant: string): string {
  return instant.slice(11, 16);
}
