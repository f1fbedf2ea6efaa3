import type { ErrorType } from '@outcry/contracts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { Saying } from '../texts/compose.ts';
import { compose } from '../texts/compose.ts';
import { heartbeats, statusChecks } from './feeds.ts';
import type { Person } from './people.ts';
import { activity, drawPerson } from './people.ts';
import type { Home } from './places.ts';
import { homes } from './places.ts';
import { campaignTexts, hump, memeTexts, outageStrength, script, talkedAbout } from './script.ts';
import type { DemoRecord, Writer } from './writer.ts';
import { createWriter, instant } from './writer.ts';

export type { DemoRecord };

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
