import type { Platform } from '@outcry/contracts';
import type { Random } from '../random.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { more } from './more.ts';
import type { Phrases } from './phrases.ts';
import { pt } from './pt.ts';
import { sv } from './sv.ts';

const all = new Map([en, es, pt, de, fr, sv, ...more].map((one) => [one.language, one]));

/** English where a language has no sentences. */
export function phrasesOf(language: string): Phrases {
  return all.get(language) ?? en;
}

export const composedLanguages: readonly string[] = [...all.keys()];

export type Saying =
  | 'playback'
  | 'app'
  | 'login'
  | 'asking'
  | 'relaying'
  | 'recovered'
  | 'music'
  | 'chatter'
  | 'gripes';

/** How one author writes, kept through all of their posts. */
export interface Hand {
  lowerCase: boolean;
  capital: boolean;
  shouts: boolean;
  /** What ends a sentence: nothing, a full stop, many exclamation marks. */
  ending: '' | '.' | '!' | '!!' | '...';
  emoji: string;
  hashtags: boolean;
  /** Drops a letter now and then. */
  typos: boolean;
  wordy: number;
}

const emojis = ['😭', '😤', '🙃', '😡', '🤦', '💀', '😩', '🎧', '🤔', '😅'];

export function drawHand(random: Random): Hand {
  const shouts = random.chance(0.04);
  return {
    lowerCase: !shouts && random.chance(0.45),
    capital: random.chance(0.6),
    shouts,
    ending: random.weighted([
      ['', 50],
      ['.', 22],
      ['!', 10],
      ['!!', 6],
      ['...', 12],
    ] as const),
    emoji: random.chance(0.25) ? random.choice(emojis) : '',
    hashtags: random.chance(0.22),
    typos: random.chance(0.12),
    wordy: random.uniform(0, 1),
  };
}

export interface Composition {
  saying: Saying;
  language: string;
  /** The service as people write it: Spotify. */
  name: string;
  city?: string;
  platform?: Platform | undefined;
  hand: Hand;
}

/** Writes one post. Complaints get an opener, where it fails, and more words, as the author has them. */
export function compose(random: Random, wanted: Composition): { text: string; tags: string[] } {
  const phrases = phrasesOf(wanted.language);
  const { hand, saying } = wanted;
  const pool = phrases[saying];
  let core = random.choice(pool);
  const complains = saying === 'playback' || saying === 'app' || saying === 'login';
  const tight = wanted.language === 'ja' || wanted.language === 'ko';

  if (complains) {
    const where = placeOfFault(random, phrases, wanted.platform);
    if (where !== undefined) core = tight ? `${where}${core}` : `${core} ${where}`;
  }
  const here = wanted.city;
  if (core.includes('{c}')) {
    // A sentence that wants a city and has none is told again without.
    if (here === undefined) core = pool.find((other) => !other.includes('{c}')) ?? core;
  } else if (here !== undefined && (complains || saying === 'asking')) {
    core = `${core} ${random.choice(phrases.here)}`;
  }
  const opener =
    complains && random.chance(0.15 + 0.4 * hand.wordy) ? random.choice(phrases.openers) : '';
  const tail =
    complains && random.chance(0.3 + 0.5 * hand.wordy) ? random.choice(phrases.tails) : '';

  const bare = wanted.name.replaceAll(' ', '');
  const tags = hand.hashtags && saying !== 'chatter' ? [tagOf(random, bare, saying)] : [];
  let text = [opener, core].filter(Boolean).join(opener.endsWith('、') ? '' : ' ');
  if (tail !== '') text = `${text}${random.chance(0.5) ? ',' : '.'} ${tail}`;
  if (!/[.!?？。…]$/.test(text)) text += hand.ending;
  text = text
    .replaceAll('@{s}', `@${bare}`)
    .replaceAll('{s}', wanted.name)
    .replaceAll('{c}', here ?? '');
  return { text: inHand(random, text, hand, tags), tags };
}

function placeOfFault(
  random: Random,
  phrases: Phrases,
  platform: Platform | undefined,
): string | undefined {
  if (platform !== 'ios' && platform !== 'android' && platform !== 'web') return undefined;
  return random.choice(phrases.where[platform]);
}

function tagOf(random: Random, bare: string, saying: Saying): string {
  if (saying === 'music') return random.choice([bare, 'NowPlaying', 'music']);
  if (saying === 'gripes' || saying === 'recovered') return bare;
  return random.choice([`${bare}Down`, bare, `${bare.toLowerCase()}down`]);
}

function inHand(random: Random, plain: string, hand: Hand, tags: readonly string[]): string {
  let text = plain;
  if (hand.shouts) text = text.toUpperCase();
  else if (hand.lowerCase) text = text.toLowerCase();
  else if (hand.capital) text = text.charAt(0).toUpperCase() + text.slice(1);
  if (hand.typos && text.length > 12) {
    const at = random.integer(4, text.length - 4);
    if (/[a-z]/.test(text[at]!)) text = text.slice(0, at) + text.slice(at + 1);
  }
  if (hand.emoji !== '') text += ` ${hand.emoji}`;
  for (const tag of tags) text += ` #${tag}`;
  return text;
}
