import { describe, expect, it } from 'vitest';
import { hintedPlaces } from './hints.ts';
import { countryOfTimeZone } from './time-zones.ts';

describe('weak hints to a country', () => {
  it('takes a time zone before a language', () => {
    expect(hintedPlaces('ja', 'America/Sao_Paulo')).toMatchObject([
      { country: 'BR', source: 'timezone' },
    ]);
    expect(hintedPlaces('en', 'Asia/Manila')).toMatchObject([{ country: 'PH' }]);
  });

  it('is surer where both agree, and never as sure as a profile', () => {
    const [agreed] = hintedPlaces('ja', 'Asia/Tokyo');
    const [alone] = hintedPlaces('en', 'Asia/Tokyo');
    expect(agreed!.confidence).toBeGreaterThan(alone!.confidence);
    expect(agreed!.confidence).toBeLessThan(0.7);
  });

  it('falls back on the language when the zone tells no country', () => {
    for (const zone of ['UTC', 'Etc/GMT+3', 'Mars/Olympus', '', '\u0000']) {
      expect(hintedPlaces('ko', zone)).toMatchObject([{ country: 'KR', source: 'language' }]);
    }
    expect(hintedPlaces('en', 'UTC')).toEqual([]);
  });
});

describe('the country of a time zone', () => {
  it.each([
    ['Asia/Kolkata', 'IN'],
    ['Asia/Calcutta', 'IN'],
    ['Europe/Kyiv', 'UA'],
    ['Europe/London', 'GB'],
    ['US/Pacific', 'US'],
    ['America/Argentina/Buenos_Aires', 'AR'],
    ['Asia/Ho_Chi_Minh', 'VN'],
    ['europe/berlin', 'DE'],
  ])('of %s is %s', (zone, country) => {
    expect(countryOfTimeZone(zone)).toBe(country);
  });
});
