import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAws } from './aws.ts';
import { decodeBody } from './decode.ts';
import { outcomeOf, readFeed } from './feed.ts';
import { readGoogle } from './google.ts';
import { readInstatus } from './instatus.ts';
import { time, UnreadablePage } from './notice.ts';
import { readSlack } from './slack.ts';
import { readStatuspage, readStatuspageHistory } from './statuspage.ts';
import { Tracker } from './tracker.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('bytes become text', () => {
  const words = '[{"summary":"Größere Störung, 障害"}]';
  const little = Buffer.from(words, 'utf16le');
  const big = Buffer.from(words, 'utf16le').swap16();
  const mark = (bytes: number[], body: Buffer) => Buffer.concat([Buffer.from(bytes), body]);
  test.each([
    ['UTF-8', Buffer.from(words), null],
    ['UTF-8 with a mark', mark([0xef, 0xbb, 0xbf], Buffer.from(words)), null],
    ['UTF-16 with a mark, big end first', mark([0xfe, 0xff], big), 'application/json'],
    ['UTF-16 with a mark, little end first', mark([0xff, 0xfe], little), 'application/json'],
    ['UTF-16 without a mark, big end first', big, null],
    ['UTF-16 without a mark, little end first', little, 'application/json;charset=UTF-16'],
    ['a mark against what the server says', mark([0xfe, 0xff], big), 'text/plain; charset=utf-8'],
    ['a charset that nobody knows', Buffer.from(words), 'text/plain; charset=klingon'],
  ] as const)('%s', (_what, bytes, contentType) => {
    expect(decodeBody(bytes, contentType)).toBe(words);
  });

  test('Latin-1 as declared, and broken bytes without an error', () => {
    expect(decodeBody(Buffer.from([0x53, 0x74, 0xf6]), 'text/xml; charset="ISO-8859-1"')).toBe(
      'Stö',
    );
    expect(decodeBody(Buffer.from([0x41, 0xff, 0x42, 0x80]), null)).toContain('A');
    expect(decodeBody(new Uint8Array(), null)).toBe('');
  });
});

describe('dates in every form', () => {
  test.each([
    ['2026-03-01T11:00:00.000Z', '2026-03-01T11:00:00.000Z'],
    ['2026-03-01T03:00:00-08:00', '2026-03-01T11:00:00.000Z'],
    ['Sun Mar 01 2026 11:00:00 GMT+0000 (Coordinated Universal Time)', '2026-03-01T11:00:00.000Z'],
    ['Sun, 01 Mar 2026 11:00:00 GMT', '2026-03-01T11:00:00.000Z'],
    ['1772362800', '2026-03-01T11:00:00.000Z'],
    [1_772_362_800, '2026-03-01T11:00:00.000Z'],
    [1_772_362_800_000, '2026-03-01T11:00:00.000Z'],
  ])('%s', (value, expected) => {
    expect(new Date(time(value)!).toISOString()).toBe(expected);
  });

  test.each(['soon', '', null, -1, Number.NaN, {}, '99999-01-01'])('%s is none', (value) => {
    expect(time(value)).toBeUndefined();
  });
});

describe('what only some pages say', () => {
  test('Statuspage: maintenance that runs is told, what is planned is not; parts are named', () => {
    const maintenance = (id: string, status: string) => ({
      id,
      name: id,
      status,
      impact: 'maintenance',
    });
    const { overall, notices } = readStatuspage(
      JSON.stringify({
        page: {},
        status: { indicator: 'minor', description: 'Minor trouble' },
        components: [
          { name: 'API', status: 'major_outage' },
          { name: 'All', status: 'major_outage', group: true },
          { name: 'Web', status: 'operational' },
        ],
        incidents: [],
        scheduled_maintenances: [
          maintenance('now', 'in_progress'),
          maintenance('later', 'scheduled'),
          maintenance('checking', 'verifying'),
        ],
      }),
    );
    expect(overall).toMatchObject({
      outcome: 'degraded',
      detail: 'Minor trouble; API (major_outage)',
    });
    expect(notices.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['now', 'maintenance'],
      ['checking', 'maintenance'],
    ]);
  });

  test('Statuspage: the newest update is told, in whatever order they come', () => {
    const update = (at: string, body: string) => ({ display_at: at, body, status: 'identified' });
    const [one] = readStatuspageHistory(
      JSON.stringify({
        incidents: [
          {
            id: 'a',
            name: 'A',
            status: 'identified',
            impact: 'critical',
            incident_updates: [
              update('2026-03-01T10:00:00Z', 'first'),
              update('2026-03-01T11:00:00Z', 'second'),
            ],
          },
        ],
      }),
    );
    expect(one).toMatchObject({ outcome: 'down', detail: 'identified: second' });
  });

  test('Google: what ended a day ago is history, what ended just now is told with its end', () => {
    const incident = (id: string, end: string | undefined) => ({
      id,
      begin: '2026-02-27T00:00:00Z',
      ...(end === undefined ? {} : { end }),
      external_desc: `Trouble ${id}`,
      status_impact: 'SERVICE_OUTAGE',
    });
    const { notices, overall } = readGoogle(
      JSON.stringify([
        incident('open', undefined),
        incident('over', '2026-03-01T11:30:00Z'),
        incident('old', '2026-02-27T09:00:00Z'),
      ]),
      now,
    );
    expect(notices.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['open', 'down'],
      ['over', 'up'],
    ]);
    expect(overall?.outcome).toBe('down');
  });

  test('feeds: the first word of state decides', () => {
    expect(outcomeOf('Resolved: outage of the API')).toBe('up');
    expect(outcomeOf('Major outage of the API. Earlier: resolved')).toBe('down');
    expect(outcomeOf('We are investigating elevated errors')).toBe('degraded');
    expect(outcomeOf('Scheduled maintenance of the database')).toBe('maintenance');
    expect(outcomeOf('Our new logo')).toBe('unknown');
  });

  test('feeds: entries of yesterday are history, an empty feed is fine', () => {
    const item = (when: string) =>
      `<item><title>Outage</title><guid>${when}</guid><pubDate>${when}</pubDate></item>`;
    const feed = (items: string) =>
      `<rss version="2.0"><channel><title>x</title>${items}</channel></rss>`;
    const { notices } = readFeed(
      feed(item('Sun, 01 Mar 2026 11:00:00 GMT') + item('Mon, 23 Feb 2026 11:00:00 GMT')),
      now,
    );
    expect(notices).toHaveLength(1);
    expect(readFeed(feed(''), now).notices).toEqual([]);
  });

  test('feeds: entities that multiply are not followed', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">${Array.from(
      { length: 12 },
      (_, index) =>
        `<!ENTITY ${'bcdefghijklm'[index]} "${`&${'abcdefghijkl'[index]};`.repeat(10)}">`,
    ).join('')}]><rss version="2.0"><channel><title>&m;</title></channel></rss>`;
    const begin = performance.now();
    try {
      expect(JSON.stringify(readFeed(bomb, now)).length).toBeLessThan(1_000_000);
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadablePage);
    }
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});

const readers = {
  statuspage: readStatuspage,
  instatus: readInstatus,
  slack: readSlack,
  aws: readAws,
  google: readGoogle,
  feed: readFeed,
};
const fieldNames = fc.constantFrom(
  'page',
  'status',
  'indicator',
  'incidents',
  'components',
  'scheduled_maintenances',
  'id',
  'name',
  'impact',
  'created_at',
  'updated_at',
  'incident_updates',
  'activeIncidents',
  'active_incidents',
  'activeMaintenances',
  'started',
  'date',
  'event_log',
  'summary',
  'notes',
  'services',
  'begin',
  'end',
  'external_desc',
  'most_recent_update',
  'currently_affected_locations',
  'type',
  'title',
);
const oddValue = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'resolved',
    'major',
    'active',
    'UP',
    '3',
    '2026-03-01T11:00:00Z',
    '__proto__',
    'constructor',
  ),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { page: oddPage } = fc.letrec((tie) => ({
  page: fc.oneof(
    { maxDepth: 5 },
    oddValue,
    fc.array(tie('page'), { maxLength: 5 }),
    fc.dictionary(fieldNames, tie('page'), { maxKeys: 8 }),
  ),
}));

describe('whatever a page sends', () => {
  test.each(Object.entries(readers))('%s reads it or says that it cannot', (_kind, reader) => {
    fc.assert(
      fc.property(
        fc.oneof(
          oddPage.map((page) => JSON.stringify(page)),
          fc.string(),
        ),
        (body) => {
          try {
            const { notices } = reader(body, now);
            for (const notice of notices) {
              expect(typeof notice.id).toBe('string');
              expect(notice.title).not.toBe('');
              expect(['up', 'degraded', 'down', 'maintenance', 'unknown']).toContain(
                notice.outcome,
              );
            }
            // What was read makes checks, whatever the times are.
            new Tracker('official-status', {}).take('t', reader(body, now), now);
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadablePage);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
