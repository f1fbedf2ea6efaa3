import type { Country } from './geography.ts';
import type { SimTarget } from './world.ts';
import { dayMs, hourMs, weekMs } from './world.ts';

/**
 * Relative activity by local hour, fitted by eye to the measured profiles of mentions (see
 * `drawTarget`): lowest at four in the night, a plateau over the day, highest in the evening for
 * leisure and after noon for work. Both have mean 1.
 */
const hours = {
  leisure: shape([
    0.85, 0.6, 0.42, 0.33, 0.3, 0.33, 0.45, 0.65, 0.82, 0.93, 1, 1.06, 1.12, 1.14, 1.16, 1.2, 1.26,
    1.34, 1.44, 1.54, 1.58, 1.5, 1.32, 1.08,
  ]),
  work: shape([
    0.4, 0.32, 0.27, 0.25, 0.27, 0.35, 0.55, 0.85, 1.25, 1.55, 1.65, 1.65, 1.6, 1.65, 1.7, 1.65,
    1.5, 1.3, 1.1, 0.95, 0.85, 0.75, 0.62, 0.5,
  ]),
} as const;

/** Monday first. */
const days = {
  leisure: shape([0.96, 0.97, 0.98, 1, 1.06, 1.03, 1]),
  work: shape([1.2, 1.24, 1.22, 1.2, 1.1, 0.52, 0.52]),
} as const;

function shape(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value / mean);
}

/** Monday, 5 January 1970, midnight UTC. */
const firstMonday = 4 * dayMs;

/**
 * Relative activity of one country's audience at a time; 1 on average over a week without holidays.
 * Each country has about nine public holidays on working days a year, on which its people live as on a Sunday.
 */
export function rhythm(
  target: Pick<SimTarget, 'use' | 'depth'>,
  country: Pick<Country, 'code' | 'offsetHours'>,
  at: number,
): number {
  const local = at + country.offsetHours * hourMs;
  const date = Math.floor(local / dayMs);
  const inWeek = (((local - firstMonday) % weekMs) + weekMs) % weekMs;
  const day = isHoliday(country.code, date) ? sunday : Math.floor(inWeek / dayMs);
  const hour = (inWeek % dayMs) / hourMs;
  const table = hours[target.use];
  const low = Math.floor(hour);
  const part = hour - low;
  const byHour = table[low]! * (1 - part) + table[(low + 1) % 24]! * part;
  const full = byHour * days[target.use][day]!;
  return 1 + target.depth * (full - 1);
}

const sunday = 6;

/** The dates are made up, but the same for all targets and seeds. */
function isHoliday(code: string, date: number): boolean {
  const mixed = Math.imul(
    date * 2_654_435_761 + code.charCodeAt(0) * 31 + code.charCodeAt(1),
    40_503,
  );
  return ((mixed ^ (mixed >>> 15)) >>> 0) % 30 === 0;
}
