import type { OutageEvent, Problem, Target } from './api.ts';

const typeWords: Record<string, string> = {
  login: 'Signing in',
  playback: 'Playback',
  connection: 'Connection',
  app: 'App',
  website: 'Website',
  content: 'Content',
  payment: 'Payment',
  performance: 'Speed',
  device: 'Devices',
  messaging: 'Messages',
  general: 'Everything',
  other: 'Something else',
};

/** Offered where a target's own problems are not known. */
export const commonProblems: readonly Problem[] = [
  { type: 'connection', label: 'No connection' },
  { type: 'login', label: 'Cannot log in' },
  { type: 'app', label: 'The app fails' },
  { type: 'website', label: 'The website fails' },
  { type: 'performance', label: 'It is very slow' },
];

/** Offered at every target, after its own. */
export const lastProblems: readonly Problem[] = [
  { type: 'general', label: 'Nothing works' },
  { type: 'other', label: 'Something else' },
];

export function typeWord(type: string): string {
  return typeWords[type] ?? type;
}

export const stateWords: Record<Target['state'], string> = {
  ok: 'Looks fine',
  suspected: 'Possibly failing',
  confirmed: 'Failing',
  recovering: 'Recovering',
  unknown: 'We cannot tell',
};

const sourceWords: Record<string, string> = {
  bluesky: 'Bluesky',
  mastodon: 'Mastodon',
  reddit: 'Reddit',
  x: 'X',
  reports: 'user reports',
  probe: 'probes',
  status: 'official status pages',
};

/** `Bluesky`, `Bluesky (simulated)`. */
export function sourceWord(source: string): string {
  const real = source.replace(/^simulation:/, '');
  const word = sourceWords[real] ?? real;
  return real === source ? word : `${word} (simulated)`;
}

const regions = new Intl.DisplayNames('en', { type: 'region' });

export function countryWord(code: string): string {
  return regions.of(code) ?? code;
}

/** `Worldwide`, or the countries by name. */
export function whereWord(outage: OutageEvent): string {
  if (outage.subdivisions.length > 0) {
    return listWord(
      outage.subdivisions.map((code) => `${countryWord(code.slice(0, 2))} (${code})`),
      6,
    );
  }
  if (outage.countries.length > 0) return listWord(outage.countries.map(countryWord), 6);
  return outage.scope === 'worldwide' ? 'Worldwide' : outage.scope;
}

/** `A`, `A and B`, `A, B and C`, and with more than `most`: `A, B and 7 more`. */
export function listWord(names: readonly string[], most = 4): string {
  const shown =
    names.length > most
      ? [...names.slice(0, most - 1), `${names.length - most + 1} more`]
      : [...names];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

export function sureWord(confidence: number): string {
  const percent = `${Math.round(confidence * 100)}% sure`;
  if (confidence >= 0.9) return percent;
  return confidence >= 0.6 ? percent : `only ${percent}`;
}

/** What the official page said about it, against us. */
export function leadWord(seconds: number | null): string | null {
  if (seconds === null) return null;
  const minutes = Math.round(Math.abs(seconds) / 60);
  return seconds >= 0
    ? `${minutes} min before the official status`
    : `${minutes} min after the official status`;
}

export function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

export function signsWord(count: number): string {
  return count === 1 ? '1 sign of trouble' : `${numberWord(count)} signs of trouble`;
}

export function peopleWord(count: number): string {
  return count === 1 ? '1 person' : `${numberWord(count)} people`;
}

/** As exact as it is worth: `0.4`, `7.5`, `1,240`. */
export function numberWord(value: number): string {
  const rounded = value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
  return rounded.toLocaleString('en-GB');
}
