import { writeFileSync } from 'node:fs';
import type { Post, Report } from '@outcry/contracts';
import { demoDay } from '@outcry/testkit';
import { sharedLines } from './shared-data.ts';

export interface Scenario {
  /** The file's lines, good and bad, in the order of time. */
  file: string;
  /** What the good lines hold. */
  records: (Post | Report)[];
  /** Reasons of the dead letters that the bad lines must lead to. */
  badReasons: string[];
  /** How many of the records are real labelled posts; null where they are not there. */
  labelled: number | null;
}

const from = Date.UTC(2025, 3, 16, 9);
const to = Date.UTC(2025, 3, 16, 17);

/**
 * Eight hours with an outage of Spotify in them, simulated; real labelled posts strewn over the calm
 * morning; and lines that are broken in every way.
 */
export function writeScenario(path: string): Scenario {
  const simulated = demoDay({ scale: 0.2 })
    .records.filter(
      ({ at, record }) =>
        at >= from && at < to && (record.kind === 'post' || record.kind === 'report'),
    )
    .map(({ at, record }) => ({ at, record: record as Post | Report }));
  const labelled = labelledPosts();
  const all = [...simulated, ...(labelled ?? [])].toSorted((a, b) => a.at - b.at);
  const lines = all.map(({ record }) => Buffer.from(JSON.stringify(record)));

  const third = Math.floor(lines.length / 3);
  lines.splice(third, 0, Buffer.from('{"id":"broken","text":"half a li'));
  lines.splice(2 * third, 0, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
  lines.push(Buffer.from('{"kind":"report","target":"Not A Target","type":"playback"}'));
  lines.push(Buffer.from('{"id":42,"text":["not","text"]}'));
  writeFileSync(path, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
  return {
    file: path,
    records: all.map(({ record }) => record),
    badReasons: ['not-json', 'not-utf8', 'schema', 'schema'],
    labelled: labelled === null ? null : labelled.length,
  };
}

/** Each labelled post as a post of the morning, one voice each. */
function labelledPosts(): { at: number; record: Post }[] | null {
  const lines = sharedLines('posts/dev.jsonl');
  if (lines === null) return null;
  const step = (2.5 * 3_600_000) / lines.length;
  return lines.map((line, index) => {
    const row = JSON.parse(line) as { id: string; lang: string; text: string };
    const at = Math.floor(from + index * step);
    const instant = new Date(at).toISOString();
    return {
      at,
      record: {
        kind: 'post',
        id: `labelled:${row.id}`,
        source: 'labelled',
        text: row.text,
        occurredAt: instant,
        observedAt: instant,
        voice: `labelled-${index}`,
        ...(/^[a-z]{2,3}$/.test(row.lang) ? { lang: row.lang } : {}),
      },
    };
  });
}
