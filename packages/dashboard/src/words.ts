import type { OutageEvent, Target } from './api.ts';

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

export const reportTypes = [
  'general',
  'connection',
  'login',
  'app',
  'website',
  'performance',
  'other',
] as const;

export function typeWord(type: string): string {
  return typeWords[type] ?? type;
}

export const stateWords: Record<Target['state'], string> = {
  ok: 'No sign of trouble',
  suspected: 'Possibly failing',
  confirmed: 'Failing',
  recovering: 'Recovering',
  unknown: 'We cannot tell',
};

const regions = new Intl.DisplayNames('en', { type: 'region' });

export function countryWord(code: string): string {
  return regions.of(code) ?? code;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

export function clockWord(instant: string): string {
  return clock.format(new Date(instant));
}

export function momentWord(instant: string): string {
  return `${day.format(new Date(instant))}, ${clockWord(instant)}`;
}

/** How long between two instants: `7 min`, `2 h 5 min`. */
export function spanWord(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** `Worldwide`, or the countries by name. */
export function whereWord(outage: OutageEvent): string {
  if (outage.countries.length === 0)
    return outage.scope === 'worldwide' ? 'Worldwide' : outage.scope;
  const names = outage.countries.map(countryWord);
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
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

export function peopleWord(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString()} people`;
}
