/**
 * Where simulated audiences live. Offsets are standard time in hours from UTC: a summer-time hour
 * more or less does not matter to a rhythm. Subdivisions are the larger ones only, each with its
 * share of the country's people, rounded from public census figures.
 */
export interface Country {
  code: string;
  continent: Continent;
  offsetHours: number;
  language: string;
  subdivisions: readonly (readonly [string, number])[];
}

export type Continent =
  | 'Africa'
  | 'Asia'
  | 'Europe'
  | 'North America'
  | 'Oceania'
  | 'South America';

const country = (
  code: string,
  continent: Continent,
  offsetHours: number,
  language: string,
  subdivisions: readonly (readonly [string, number])[] = [],
): Country => ({ code, continent, offsetHours, language, subdivisions });

export const countries: readonly Country[] = [
  country('US', 'North America', -6, 'en', [
    ['US-CA', 0.12],
    ['US-TX', 0.09],
    ['US-FL', 0.07],
    ['US-NY', 0.06],
    ['US-IL', 0.04],
  ]),
  country('CA', 'North America', -5, 'en', [
    ['CA-ON', 0.39],
    ['CA-QC', 0.23],
    ['CA-BC', 0.14],
  ]),
  country('MX', 'North America', -6, 'es', [
    ['MX-CMX', 0.07],
    ['MX-JAL', 0.07],
  ]),
  country('BR', 'South America', -3, 'pt', [
    ['BR-SP', 0.22],
    ['BR-RJ', 0.08],
    ['BR-MG', 0.1],
  ]),
  country('AR', 'South America', -3, 'es', [
    ['AR-B', 0.38],
    ['AR-C', 0.07],
  ]),
  country('CO', 'South America', -5, 'es'),
  country('CL', 'South America', -4, 'es'),
  country('GB', 'Europe', 0, 'en', [
    ['GB-ENG', 0.84],
    ['GB-SCT', 0.08],
    ['GB-WLS', 0.05],
  ]),
  country('IE', 'Europe', 0, 'en'),
  country('DE', 'Europe', 1, 'de', [
    ['DE-NW', 0.21],
    ['DE-BY', 0.16],
    ['DE-BW', 0.13],
    ['DE-BE', 0.04],
  ]),
  country('FR', 'Europe', 1, 'fr', [
    ['FR-IDF', 0.18],
    ['FR-ARA', 0.12],
  ]),
  country('ES', 'Europe', 1, 'es', [
    ['ES-CT', 0.16],
    ['ES-MD', 0.14],
    ['ES-AN', 0.18],
  ]),
  country('IT', 'Europe', 1, 'it', [
    ['IT-25', 0.17],
    ['IT-62', 0.1],
  ]),
  country('PT', 'Europe', 0, 'pt'),
  country('NL', 'Europe', 1, 'nl', [
    ['NL-ZH', 0.21],
    ['NL-NH', 0.17],
  ]),
  country('BE', 'Europe', 1, 'nl'),
  country('SE', 'Europe', 1, 'sv', [
    ['SE-AB', 0.23],
    ['SE-O', 0.17],
    ['SE-M', 0.13],
  ]),
  country('NO', 'Europe', 1, 'no'),
  country('DK', 'Europe', 1, 'da'),
  country('FI', 'Europe', 2, 'fi'),
  country('PL', 'Europe', 1, 'pl', [
    ['PL-14', 0.14],
    ['PL-24', 0.12],
  ]),
  country('TR', 'Europe', 3, 'tr', [
    ['TR-34', 0.18],
    ['TR-06', 0.07],
  ]),
  country('ZA', 'Africa', 2, 'en', [
    ['ZA-GP', 0.26],
    ['ZA-WC', 0.12],
  ]),
  country('NG', 'Africa', 1, 'en'),
  country('KE', 'Africa', 3, 'en'),
  country('EG', 'Africa', 2, 'ar'),
  country('IN', 'Asia', 5.5, 'en', [
    ['IN-MH', 0.09],
    ['IN-KA', 0.05],
    ['IN-DL', 0.014],
  ]),
  country('JP', 'Asia', 9, 'ja', [
    ['JP-13', 0.11],
    ['JP-27', 0.07],
  ]),
  country('ID', 'Asia', 7, 'id'),
  country('PH', 'Asia', 8, 'en'),
  country('KR', 'Asia', 9, 'ko'),
  country('AU', 'Oceania', 10, 'en', [
    ['AU-NSW', 0.32],
    ['AU-VIC', 0.26],
    ['AU-QLD', 0.2],
  ]),
  country('NZ', 'Oceania', 12, 'en'),
];

/** Kinds of audience, as weights by country. A single-country audience is a telecom or a bank. */
export const audiences: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  global: {
    US: 30,
    CA: 4,
    MX: 5,
    BR: 9,
    AR: 2,
    CO: 2,
    CL: 1,
    GB: 9,
    IE: 1,
    DE: 5,
    FR: 4,
    ES: 4,
    IT: 3,
    PT: 1,
    NL: 2,
    BE: 1,
    SE: 2,
    NO: 1,
    DK: 1,
    FI: 1,
    PL: 2,
    TR: 2,
    ZA: 1,
    NG: 1,
    KE: 1,
    EG: 1,
    IN: 4,
    JP: 4,
    ID: 3,
    PH: 2,
    KR: 1,
    AU: 3,
    NZ: 1,
  },
  american: { US: 70, CA: 9, MX: 5, GB: 7, AU: 4, DE: 2, IN: 3 },
  european: {
    GB: 22,
    DE: 18,
    FR: 13,
    ES: 11,
    IT: 9,
    NL: 7,
    SE: 6,
    PL: 5,
    BE: 3,
    DK: 2,
    NO: 2,
    FI: 1,
    PT: 1,
  },
  latin: { BR: 45, MX: 25, AR: 12, CO: 10, CL: 8 },
  asian: { JP: 32, IN: 28, ID: 18, PH: 12, KR: 10 },
  'one country': {},
};

export const singleCountries = [
  'US',
  'GB',
  'DE',
  'BR',
  'SE',
  'AU',
  'NL',
  'ES',
  'IN',
  'ZA',
] as const;

const byCode = new Map(countries.map((entry) => [entry.code, entry]));

export function countryOf(code: string): Country {
  const found = byCode.get(code);
  if (found === undefined) throw new RangeError(`the simulator does not know the country ${code}`);
  return found;
}
