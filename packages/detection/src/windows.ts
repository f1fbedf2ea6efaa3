import { unitAt, wholeUnits } from './counts.ts';
import { bucketsPerWeek } from './settings.ts';

/** Lengths of the windows that are scanned, in buckets: ten seconds to four hours. */
export const windows = [
  1, 2, 3, 4, 6, 9, 12, 18, 24, 30, 42, 60, 90, 120, 180, 270, 360, 720, 1440,
] as const;

/** ln of how many windows of each length a week has. */
export const looks = windows.map((window) => Math.log(bucketsPerWeek / window));

/** First bucket of a window that ends before `now`: long ones begin where old counts do. */
export function windowStart(now: number, index: number): number {
  const window = windows[index]!;
  return wholeUnits(now - window, unitAt(window));
}
