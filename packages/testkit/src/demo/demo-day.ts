import type { Check, ErrorType, Heartbeat, Post, Report, Topic } from '@outcry/contracts';
import { topics } from '@outcry/contracts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { Saying } from '../texts/compose.ts';
import { compose } from '../texts/compose.ts';
import type { Person } from './people.ts';
import { activity, drawPerson } from './people.ts';
import type { Home } from './places.ts';
import { homes } from './places.ts';
import { campaignTexts, hump, memeTexts, outageStrength, script, talkedAbout } from './script.ts';

/** A record as it is appended to the log. Heartbeats have no key: they go to every partition. */
export interface DemoRecord {
  topic: Topic;
  key: string | null;
  /** When it is observed, epoch milliseconds: the order of the day. */
  at: number;
  record: Post | Report | Check | Heartbeat;
}

export interface DemoOptions {
  seed?: string | number;
  /** Factor on all volumes of posts and reports. */
  scale?: number;
}

export interface DemoDay {
  /** To be shown wherever the demo shows anything. */
  label: string;
  records: readonly DemoRecord[];
  truth: DemoTruth;
}

/** What a right detector finds, as ISO instants. */
export interface DemoTruth {
  target: string;
  startedAt: string;
  peakAt: string;
  officialAt: string;
  endedAt: string;
  affectedCountries: string[];
  unaffectedCountries: string[];
  types: ErrorType[];
  confounders: { target: string; what: string; from: string; to: string }[];
  blind: { source: string; from: string; to: string };
}

export const demoLabel =
  'Simulated day: all posts and reports are invented; modelled on the public timeline of the Spotify outage of 16 April 2025, at a fraction of its volume.';

const minuteMs = 60_000;
const instant = (at: number): string => new Date(Math.floor(at)).toISOString();
const affectedHomes = homes.filter((home) => home.region !== 'Asia-Pacific');
const spotify = talkedAbout[0]!;

export const demoTruth: DemoTruth = {
  target: script.outage.target,
  startedAt: instant(script.outage.startsAt),
  peakAt: instant(script.outage.peaksAt),
  officialAt: instant(script.outage.officialAt),
  endedAt: instant(script.outage.endsAt),
  affectedCountries: affectedHomes.map((home) => home.country),
  unaffectedCountries: homes
    .filter((home) => home.region === 'Asia-Pacific')
    .map((home) => home.country),
  types: ['playback', 'app', 'login'],
  confounders: [
    {
      target: script.meme.target,
      what: 'a joke goes round',
      from: instant(script.meme.from),
      to: instant(script.meme.to),
    },
    {
      target: script.campaign.target,
      what: 'a campaign makes people share their statistics',
      from: instant(script.campaign.from),
      to: instant(script.campaign.to),
    },
    {
      target: 'facebook',
      what: 'signing in with it fails at Spotify, and people name both: an echo',
      from: instant(script.outage.startsAt),
      to: instant(script.outage.endsAt),
    },
  ],
  blind: {
    source: script.blind.source,
    from: instant(script.blind.from),
    to: instant(script.blind.to),
  },
};

/** The day as it is fed to the pipeline, in order of observation; the same options give the same day. */
export function demoDay(options: DemoOptions = {}): DemoDay {
  const random = createRandom(`demo/${options.seed ?? 1}`);
  const scale = options.scale ?? 1;
  const writer = createWriter(random);
  for (let start = script.from; start < script.to; start += minuteMs) {
    everydayMinute(random, writer, start, scale);
    outageMinute(random, writer, start, scale);
    otherTalkMinute(random, writer, start, scale);
  }
  statusChecks(writer);
  heartbeats(writer);
  return { label: demoLabel, records: writer.finish(), truth: demoTruth };
}

interface Writer {
  post(at: number, person: Person, text: string, tags: readonly string[]): void;
  report(at: number, person: Person, target: string, type: ErrorType, text?: string): void;
  check(at: number, check: Omit<Check, 'kind' | 'id' | 'occurredAt' | 'observedAt'>): void;
  heartbeat(at: number, topic: Topic, heartbeat: Omit<Heartbeat, 'kind'>): void;
  finish(): DemoRecord[];
}

function createWriter(random: Random): Writer {
  const records: DemoRecord[] = [];
  let counter = 0;
  const nextId = (source: string): string => `${source}:${String(++counter).padStart(6, '0')}`;
  const { blind } = script;
  return {
    post(at, person, text, tags) {
      const observed = Math.floor(at + Math.min(8_000, random.logNormal(1_500, 0.6)));
      if (person.source === blind.source && observed >= blind.from && observed < blind.to) return;
      const id = nextId(person.source);
      records.push({
        topic: topics.posts,
        key: id,
        at: observed,
        record: {
          kind: 'post',
          id,
          source: person.source,
          text,
          occurredAt: instant(at),
          observedAt: instant(observed),
          voice: person.voice,
          // Mastodon and Bluesky carry the language that the author's client states, mostly.
          ...(random.chance(0.8) ? { lang: person.language } : {}),
          ...(tags.length > 0 ? { tags: [...tags] } : {}),
          ...(person.profileLocation === undefined
            ? {}
            : { profileLocation: person.profileLocation }),
        },
      });
    },
    report(at, person, target, type, text) {
      const observed = Math.floor(at + 150);
      const source = 'simulation:reports';
      const record: Report = {
        kind: 'report',
        id: nextId(source),
        source,
        target,
        type,
        occurredAt: instant(at),
        observedAt: instant(observed),
        voice: person.voice,
        lang: person.language,
        ...(text === undefined ? {} : { text }),
        ...(random.chance(0.95) ? { country: person.home.country } : {}),
        ...(random.chance(0.5) ? { city: person.city } : {}),
        ...(random.chance(0.7) ? { platform: person.platform } : {}),
      };
      records.push({ topic: topics.reports, key: record.voice, at: observed, record });
    },
    check(at, check) {
      const time = instant(at);
      const record: Check = {
        kind: 'check',
        id: nextId(check.source),
        occurredAt: time,
        observedAt: time,
        ...check,
      };
      records.push({ topic: topics.checks, key: check.target, at: Math.floor(at), record });
    },
    heartbeat(at, topic, heartbeat) {
      records.push({ topic, key: null, at, record: { kind: 'heartbeat', ...heartbeat } });
    },
    // A heartbeat says that everything before it is there, so at equal times it comes last.
    finish: () =>
      records
        .map((record, index) => ({ record, index }))
        .sort(
          (a, b) =>
            a.record.at - b.record.at ||
            Number(a.record.key === null) - Number(b.record.key === null) ||
            a.index - b.index,
        )
        .map((entry) => entry.record),
  };
}

/** Praise, music, subscriptions and small faults, about everybody, all day. */
function everydayMinute(random: Random, writer: Writer, start: number, scale: number): void {
  const lively = activity(homes, start) * scale;
  for (const service of talkedAbout) {
    const posts = random.negativeBinomial(service.talk * 0.82 * lively, 4);
    for (let i = 0; i < posts; i++) {
      const music = service.music === true && random.chance(0.7);
      say(
        random,
        writer,
        start,
        drawPerson(random, start),
        service.name,
        music ? 'music' : 'chatter',
      );
    }
    const gripes = random.poisson(service.talk * 0.035 * lively);
    for (let i = 0; i < gripes; i++) {
      say(random, writer, start, drawPerson(random, start), service.name, 'gripes');
    }
  }
  // Somebody always has trouble with the largest.
  if (random.chance(0.1 * lively)) {
    const person = drawPerson(random, start);
    const type = random.choice(['playback', 'app', 'login'] as const);
    if (random.chance(0.4)) {
      writer.report(start + random.next() * minuteMs, person, spotify.id, type);
    } else {
      say(random, writer, start, person, spotify.name, type);
    }
  }
}

function outageMinute(random: Random, writer: Writer, start: number, scale: number): void {
  const { peakPerMinute, startsAt, endsAt, recoversFrom } = script.outage;
  if (start + minuteMs <= startsAt) return;
  const now = outageStrength(start + minuteMs / 2);
  const complaints = random.negativeBinomial(peakPerMinute * now * scale, 25);
  for (let i = 0; i < complaints; i++) complain(random, writer, start, affectedHomes);

  const asking = random.poisson(peakPerMinute * 0.13 * now * scale);
  for (let i = 0; i < asking; i++) {
    say(random, writer, start, drawPerson(random, start, affectedHomes), spotify.name, 'asking');
  }
  // News and jokes come a quarter of an hour behind, from everywhere, the untouched places included.
  const relaying = random.poisson(
    peakPerMinute * 0.28 * outageStrength(start - 15 * minuteMs) * scale,
  );
  for (let i = 0; i < relaying; i++) {
    say(random, writer, start, drawPerson(random, start), spotify.name, 'relaying');
  }
  if (start < recoversFrom) return;
  const relief = hump(start, recoversFrom, endsAt + 40 * minuteMs, false);
  const recovered = random.poisson(16 * relief * scale);
  for (let i = 0; i < recovered; i++) {
    say(random, writer, start, drawPerson(random, start, affectedHomes), spotify.name, 'recovered');
  }
}

function complain(random: Random, writer: Writer, start: number, places: readonly Home[]): void {
  const person = drawPerson(random, start, places);
  const type = random.weighted([
    ['playback', 50],
    ['app', 34],
    ['login', 16],
  ] as const);
  const at = start + random.next() * minuteMs;
  if (!random.chance(0.45)) {
    say(random, writer, start, person, spotify.name, type, at);
    return;
  }
  const reported = random.weighted<ErrorType>([
    [type, 80],
    ['connection', 8],
    ['website', 4],
    ['general', 8],
  ]);
  const text = random.chance(0.35)
    ? compose(random, {
        saying: type,
        language: person.language,
        name: spotify.name,
        hand: { ...person.hand, hashtags: false },
      }).text
    : undefined;
  writer.report(at, person, spotify.id, reported, text);
}

function otherTalkMinute(random: Random, writer: Writer, start: number, scale: number): void {
  const { meme, campaign } = script;
  const jokes = random.poisson(meme.peakPerMinute * hump(start, meme.from, meme.to, true) * scale);
  for (let i = 0; i < jokes; i++) {
    const at = start + random.next() * minuteMs;
    writer.post(at, drawPerson(random, start), random.choice(memeTexts), []);
  }
  const shares = random.poisson(
    campaign.peakPerMinute * hump(start, campaign.from, campaign.to, false) * scale,
  );
  for (let i = 0; i < shares; i++) {
    const at = start + random.next() * minuteMs;
    const text = random.choice(campaignTexts).replace('{n}', String(random.integer(2, 400)));
    writer.post(at, drawPerson(random, start), text, ['DuolingoYear']);
  }
}

function say(
  random: Random,
  writer: Writer,
  start: number,
  person: Person,
  name: string,
  saying: Saying,
  at = start + random.next() * minuteMs,
): void {
  const told = random.chance(0.12) ? { city: person.city } : {};
  const platform = random.chance(0.3) ? person.platform : undefined;
  const { text, tags } = compose(random, {
    saying,
    language: person.language,
    name,
    hand: person.hand,
    platform,
    ...told,
  });
  writer.post(at, person, text, tags);
}

/** A probe every five minutes, and the official page's two words. */
function statusChecks(writer: Writer): void {
  const { startsAt, recoversFrom, officialAt, officialEndAt, target } = script.outage;
  for (let at = script.from; at < script.to; at += 5 * minuteMs) {
    const failing = at > startsAt && at < recoversFrom;
    writer.check(at, {
      source: 'simulation:probe',
      target,
      method: 'probe',
      outcome: failing ? 'down' : 'up',
      subject: 'https://open.spotify.com (simulated)',
      durationMs: failing ? 1_900 : 140,
      ...(failing ? { errorClass: 'http_5xx' as const } : {}),
    });
  }
  const official = {
    source: 'simulation:status',
    target,
    method: 'official-status' as const,
    subject: 'simulated notice: some issues with the app and the web player',
    officialStartedAt: instant(officialAt),
  };
  writer.check(officialAt, { ...official, outcome: 'degraded' });
  writer.check(officialEndAt, {
    ...official,
    outcome: 'up',
    officialResolvedAt: instant(officialEndAt),
  });
}

/** Every source says three times a minute how far it has seen. */
function heartbeats(writer: Writer): void {
  const { blind } = script;
  const sources: [string, Topic][] = [
    ['simulation:bluesky', topics.posts],
    ['simulation:mastodon', topics.posts],
    ['simulation:reports', topics.reports],
    ['simulation:probe', topics.checks],
    ['simulation:status', topics.checks],
  ];
  for (let at = script.from; at <= script.to; at += 20_000) {
    for (const [source, topic] of sources) {
      const cannotSee = source === blind.source && at >= blind.from && at < blind.to;
      writer.heartbeat(
        at,
        topic,
        cannotSee
          ? {
              source,
              state: 'blind',
              through: instant(at),
              since: instant(blind.from),
              reason: 'unreachable',
            }
          : { source, state: 'seeing', through: instant(at) },
      );
    }
  }
}
