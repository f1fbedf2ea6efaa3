import { z } from 'zod';

/** What an author says about a fault, as the labelling guide of the project defines it. */
export const stances = ['affected', 'asking', 'relaying', 'recovered', 'unrelated'] as const;
export const stance = z.enum(stances);
export type Stance = z.infer<typeof stance>;

/** A post counts as a signal of trouble when its author is hit by it or asks whether others are. */
export function isSignalStance(value: Stance): boolean {
  return value === 'affected' || value === 'asking';
}

/** What fails. One is the main type of a signal, others may stand beside it. */
export const errorTypes = [
  'login',
  'playback',
  'connection',
  'app',
  'website',
  'content',
  'payment',
  'performance',
  'device',
  'messaging',
  'general',
  'other',
] as const;
export const errorType = z.enum(errorTypes);
export type ErrorType = z.infer<typeof errorType>;

export const platforms = [
  'ios',
  'android',
  'windows',
  'macos',
  'linux',
  'web',
  'tv',
  'car',
  'speaker',
  'console',
  'watch',
] as const;
export const platform = z.enum(platforms);
export type Platform = z.infer<typeof platform>;

export const outageStates = [
  'suspected',
  'confirmed',
  'recovering',
  'resolved',
  'retracted',
] as const;
export const outageState = z.enum(outageStates);
export type OutageState = z.infer<typeof outageState>;

export const severities = ['minor', 'major', 'critical'] as const;
export const severity = z.enum(severities);
export type Severity = z.infer<typeof severity>;

/** A probability or a share, 0 to 1. */
export const probability = z.number().min(0).max(1);

/**
 * A point in time: ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it.
 * One form only, so that text order is time order.
 */
export const instant = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    'wants ISO 8601 in UTC: 2025-04-16T12:20:00.000Z',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is no date of the calendar');
export type Instant = z.infer<typeof instant>;

/** ISO 3166-1 alpha-2, upper case. */
export const countryCode = z.string().regex(/^[A-Z]{2}$/, 'wants ISO 3166-1 alpha-2: SE');

/** ISO 3166-2, such as US-CA. */
export const subdivisionCode = z
  .string()
  .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'wants ISO 3166-2: US-CA');

/** The identifier of a watched target: lower case, digits and hyphens. */
export const targetId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'wants lower case, digits, hyphens');

/** A keyed hash of an author or reporter. Never the author's own identifier. */
export const voice = z.string().min(1).max(128);

/** BCP 47 primary language subtag, lower case; `und` when unknown. */
export const language = z.string().regex(/^[a-z]{2,3}$/, 'wants a language such as en');
