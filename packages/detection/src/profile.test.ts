import { describe, expect, it } from 'vitest';
import { Profile } from './profile.ts';
import { bucketsPerHour } from './settings.ts';

/** Monday, 6 January 2025, midnight UTC, in hours from the epoch. */
const monday = Date.parse('2025-01-06T00:00:00.000Z') / 3_600_000;

function learnt(weeks: number, voices: (hour: number) => number): Profile {
  const profile = new Profile();
  for (let hour = 0; hour < weeks * 168; hour += 1) profile.observe(monday + hour, voices(hour), 1);
  return profile;
}

const at = (profile: Profile, hour: number) => profile.at((monday + hour + 0.5) * bucketsPerHour);

describe('rhythm of a series', () => {
  it('is flat until every hour of a day was seen', () => {
    const profile = new Profile();
    for (let hour = 0; hour < 20; hour += 1) profile.observe(monday + hour, hour, 1);
    expect(profile.ready).toBe(false);
    expect(at(profile, 12)).toBe(1);
  });

  it('learns the day of a large series in two days', () => {
    const profile = learnt(2 / 7, (hour) => (hour % 24 === 20 ? 3000 : 1000));
    expect(at(profile, 48 + 20) / at(profile, 48 + 8)).toBeGreaterThan(2.2);
  });

  it('sees the day of a tiny series by neighbouring hours, where one hour alone tells nothing', () => {
    // Three voices an hour by day and one by night.
    const profile = learnt(2, (hour) => (hour % 24 >= 8 && hour % 24 < 20 ? 3 : 1));
    expect(at(profile, 14) / at(profile, 2)).toBeGreaterThan(1.7);
  });

  it('learns that weekends are calm, also of a small series', () => {
    const profile = learnt(3, (hour) => (Math.floor(hour / 24) % 7 >= 5 ? 2 : 8));
    expect(at(profile, 3 * 168 + 12) / at(profile, 3 * 168 + 5 * 24 + 12)).toBeGreaterThan(2);
  });

  it('adds up the same over a span as bucket by bucket', () => {
    const profile = learnt(2, (hour) => 100 + 50 * Math.sin(hour / 4));
    const from = (monday + 400.3) * bucketsPerHour;
    const start = Math.floor(from);
    let sum = 0;
    for (let bucket = start; bucket < start + 1000; bucket += 1) sum += profile.at(bucket);
    expect(profile.exposure(start, start + 1000)).toBeCloseTo(sum, 4);
  });
});
