import type { Random } from '../random.ts';
import type { SimOutage } from './outages.ts';
import type { SimTarget } from './world.ts';
import { dayMs, hourMs, minuteMs, weekMs } from './world.ts';

export const confounderKinds = [
  'meme',
  'news',
  'marketing-day',
  'release-day',
  'copied-text',
  'bot-flood',
  'angry-author',
  'aftermath-talk',
] as const;
export type ConfounderKind = (typeof confounderKinds)[number];

/** Something that is talked about, or made to look like complaints, without any outage. */
export interface Confounder {
  id: string;
  kind: ConfounderKind;
  target: string;
  startedAt: number;
  endedAt: number;
  /** Posts a minute at the peak, most of which a right classifier calls unrelated or relaying. */
  peakPerMinute: number;
  /** Share of them that the classifier takes for complaints. */
  leak: number;
  /** How many distinct texts the copied part has, and how large that part is. */
  clusters: number;
  copied: number;
  /** How many distinct voices; infinite: each post its own. */
  voices: number;
  /** Share that the source declares to be bots. */
  declaredBots: number;
  /** Outage whose aftermath it is. */
  aftermathOf?: string;
}

export interface ConfounderRates {
  confoundersPerWeek: number;
  /** The classifier's stated rate of false alarms on other talk; each topic varies around it. */
  leak: number;
}

/**
 * Draws a target's confounders. They keep an hour away from outages, so that ground truth can tell
 * whose alarm it is.
 */
export function drawConfounders(
  random: Random,
  target: SimTarget,
  outages: readonly SimOutage[],
  span: { from: number; to: number },
  rates: ConfounderRates,
): Confounder[] {
  const wanted = random.poisson(((span.to - span.from) / weekMs) * rates.confoundersPerWeek);
  const drawn: Confounder[] = [];
  for (let attempt = 0; drawn.length < wanted && attempt < wanted * 20; attempt++) {
    const one = drawConfounder(
      random,
      target,
      `${target.id}-c${drawn.length + 1}`,
      outages,
      span,
      rates.leak,
    );
    if (one === undefined) continue;
    const clash = [...outages, ...drawn].some(
      (other) => one.startedAt < other.endedAt + hourMs && other.startedAt < one.endedAt + hourMs,
    );
    if (!clash && one.endedAt < span.to) drawn.push(one);
  }
  return drawn.sort((a, b) => a.startedAt - b.startedAt);
}

function drawConfounder(
  random: Random,
  target: SimTarget,
  id: string,
  outages: readonly SimOutage[],
  span: { from: number; to: number },
  statedLeak: number,
): Confounder | undefined {
  const kind = random.weighted<ConfounderKind>([
    ['meme', 22],
    ['news', 16],
    ['marketing-day', 10],
    ['release-day', 10],
    ['copied-text', 12],
    ['bot-flood', 10],
    ['angry-author', 10],
    ['aftermath-talk', 10],
  ]);
  // A topic's wording decides how often it is taken for a complaint: around the stated rate.
  const leak = Math.min(0.25, statedLeak * random.logNormal(1, 0.5));
  const talk = Math.max(target.talk, 0.05);
  const base = {
    id,
    kind,
    target: target.id,
    leak,
    voices: Number.POSITIVE_INFINITY,
    declaredBots: 0,
  };
  const startedAt = Math.floor(random.uniform(span.from, span.to));
  const lasting = (from: number, to: number): { startedAt: number; endedAt: number } => ({
    startedAt,
    endedAt: Math.floor(startedAt + random.logUniform(from, to) * hourMs),
  });
  const most = 1_500;
  switch (kind) {
    case 'meme':
      return {
        ...base,
        ...lasting(2, 12),
        peakPerMinute: Math.min(most, talk * random.logUniform(5, 100)),
        clusters: random.integer(1, 6),
        copied: random.uniform(0.3, 0.8),
      };
    case 'news':
      return {
        ...base,
        ...lasting(2, 8),
        peakPerMinute: Math.min(most, talk * random.logUniform(4, 40)),
        clusters: random.integer(3, 12),
        copied: random.uniform(0.5, 0.9),
        declaredBots: 0.1,
      };
    case 'marketing-day':
      return {
        ...base,
        startedAt: Math.floor(startedAt / dayMs) * dayMs + 8 * hourMs,
        endedAt: Math.floor(startedAt / dayMs) * dayMs + random.integer(20, 30) * hourMs,
        peakPerMinute: Math.min(most, talk * random.logUniform(8, 50)),
        clusters: random.integer(5, 30),
        copied: random.uniform(0.1, 0.4),
      };
    case 'release-day':
      return {
        ...base,
        ...lasting(4, 14),
        peakPerMinute: Math.min(most, talk * random.logUniform(3, 10)),
        clusters: random.integer(3, 10),
        copied: random.uniform(0.1, 0.3),
      };
    case 'copied-text': {
      const posts = random.logUniform(20, 300);
      const times = lasting(0.1, 1.5);
      return {
        ...base,
        ...times,
        leak: 1,
        peakPerMinute: posts / ((times.endedAt - times.startedAt) / minuteMs),
        clusters: random.integer(1, 2),
        copied: 1,
      };
    }
    case 'bot-flood': {
      const posts = random.logUniform(100, 4_000);
      const times = lasting(0.1, 1);
      return {
        ...base,
        ...times,
        leak: 1,
        peakPerMinute: posts / ((times.endedAt - times.startedAt) / minuteMs),
        clusters: random.integer(1, 4),
        copied: 1,
        voices: Math.round(posts * random.uniform(0.1, 1)),
        declaredBots: random.uniform(0, 0.6),
      };
    }
    case 'angry-author':
      return {
        ...base,
        ...lasting(0.5, 4),
        leak: 1,
        peakPerMinute: random.logUniform(0.3, 5),
        clusters: 0,
        copied: 0,
        voices: 1,
      };
    case 'aftermath-talk': {
      const past = outages.filter((outage) => outage.multiplier >= 4);
      if (past.length === 0) return undefined;
      const of = random.choice(past);
      const from = Math.floor(of.endedAt + random.uniform(2, 20) * hourMs);
      return {
        ...base,
        startedAt: from,
        endedAt: Math.floor(from + random.logUniform(2, 8) * hourMs),
        peakPerMinute: Math.min(most, talk * random.logUniform(2, 12)),
        clusters: random.integer(2, 10),
        copied: random.uniform(0.2, 0.5),
        aftermathOf: of.id,
      };
    }
  }
}

/** Posts a minute at a time: a quick rise and a slow fall for memes and news, a hump for days. */
export function confounderRate(confounder: Confounder, at: number): number {
  const { startedAt, endedAt, kind, peakPerMinute } = confounder;
  if (at < startedAt || at >= endedAt) return 0;
  const part = (at - startedAt) / (endedAt - startedAt);
  switch (kind) {
    case 'copied-text':
    case 'bot-flood':
    case 'angry-author':
      return peakPerMinute;
    case 'marketing-day':
    case 'release-day':
      return peakPerMinute * Math.sin(Math.PI * part) ** 0.7;
    default: {
      const rise = Math.min(1, (at - startedAt) / (20 * minuteMs));
      return peakPerMinute * rise * Math.exp(-3 * part);
    }
  }
}
