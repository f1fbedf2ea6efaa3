import type { Signal } from '@outcry/contracts';
import { errorTypes, platforms } from '@outcry/contracts';

const targets = ['spotify', 'netflix', 'discord', 'github', 'slack', 'youtube', null];
const countries = ['SE', 'US', 'DE', 'JP', 'BR', 'GB'];
const openings = [
  'Is it just me or is',
  'Anyone else having problems with',
  'Ich kann nichts mehr hören auf',
  'No puedo entrar en',
  'また落ちてる',
  'why is',
];
const troubles = [
  'not playing anything since this morning, tried everything',
  'down again? the app says no connection but my wifi is fine',
  'keeps logging me out every five minutes',
  'läuft nicht, immer nur Fehler beim Abspielen',
  'no carga las canciones y se cierra sola',
  '再生できない、ログインもできない',
];

/**
 * Made-up signals as the classifier writes them, the same for the same arguments: ten a second, most
 * voices speaking once or twice.
 */
export function* makeSignals(count: number, prefix = 'bench'): Generator<Signal> {
  const start = Date.parse('2025-04-16T00:00:00.000Z');
  let seed = 42;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const pick = <T>(values: readonly T[]): T => values[next(values.length)]!;
  for (let n = 0; n < count; n++) {
    const target = pick(targets);
    const time = new Date(start + n * 100).toISOString();
    const recordId = `${prefix}:at://did:plc:${next(1e9).toString(36)}/app.bsky.feed.post/${n}`;
    const stance =
      target === null ? 'unrelated' : pick(['affected', 'affected', 'asking', 'relaying'] as const);
    const type = target === null ? null : pick(errorTypes);
    yield {
      kind: 'signal',
      id: `${recordId}@${target ?? '-'}`,
      recordId,
      recordKind: 'post',
      source: 'bluesky',
      target,
      text: `${pick(openings)} ${target ?? 'the weather'} ${pick(troubles)} #${next(5_000)}`,
      occurredAt: time,
      observedAt: time,
      voice: `v-${next(count).toString(36).padStart(22, '0')}`,
      stance,
      confidence: next(1_000) / 1_000,
      weight: stance === 'affected' ? 1 : 0.5,
      type,
      types: type === null ? [] : [type],
      places:
        next(3) === 0 ? [{ country: pick(countries), source: 'profile', confidence: 0.4 }] : [],
      platforms: next(4) === 0 ? [pick(platforms)] : [],
      language: 'en',
      cluster: `c-${next(count).toString(36)}`,
      model: 'bench@1',
    };
  }
}

/** Cuts a list into parts of one length. */
export function parts<T>(values: readonly T[], length: number): T[][] {
  const made: T[][] = [];
  for (let at = 0; at < values.length; at += length) made.push(values.slice(at, at + length));
  return made;
}

/** Prints a figure as a line: name, absolute, ratio. */
export function figure(name: string, perSecond: number, ratio?: { of: string; to: number }): void {
  const absolute = `${Math.round(perSecond).toLocaleString('en')}/s`;
  const relative =
    ratio === undefined ? '' : `  ${(perSecond / ratio.to).toFixed(2)} × ${ratio.of}`;
  console.log(`${name.padEnd(46)} ${absolute.padStart(12)}${relative}`);
}
