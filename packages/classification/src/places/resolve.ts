import type { Place } from '@outcry/contracts';
import type { Scan } from '../scan.ts';
import { flag, tokenKind } from '../scan.ts';
import { addAirports } from './airports.ts';
import type { Gazetteer } from './gazetteer.ts';
import { beginsLonger, extendName, nameFlag, nameSeed, placeKind } from './gazetteer.ts';
import { mergePlaces } from './merge.ts';
import { tellsNoPlace } from './not-here.ts';
import { isPartOfName } from './part-of-name.ts';
import { flagCountries, postalCountries } from './patterns.ts';
import { wordSet } from './word-set.ts';

/** Words after which a place is likely. */
const prepositions = wordSet(
  'in at from near around across outside throughout inside to for through en desde a em no na nos nas de do da del della al à au aux dans chez bei aus nach nahe im vom zu zur i från pa ved fra til w we z ze na pod в во из на под около di dari ke te uit bij naar op nei nel nella tai sa mula here hier aqui aquí ici qui här her tutaj здесь sini ở tại từ',
);
/** Words after an adjective of a country that make it tell where somebody is. */
const afterDemonym = wordSet(
  'user users customer customers people account accounts server servers app store market network networks version here number numbers sim card cards subscriber subscribers government coast city town residents citizens',
);
/** Capitalised words that may stand beside a place without being part of a name. */
const besidePlace = wordSet(
  'the in at of and or from near to for is are was has area city county region state province airport police news weather floods flood earthquake hurricane fire fires wildfire wildfires cyclone storm coast north south east west northern southern eastern western central downtown greater metro upstate rt via my our why hi hey hello please pls thanks dear anyone is when what how no not any all just people we you this that says breaking update day today tonight',
);

interface Mention {
  from: number;
  to: number;
  head: number;
  chosen: number;
  /** Named without doubt, or doubtful until other places support it. */
  sure: boolean;
  confidence: number;
}

const maxMentions = 24;
const longestName = 6;
const longestGlyphs = 8;

/** Finds the places that a text names and tells which of the like-named ones is meant. */
export class PlaceResolver {
  readonly #gazetteer: Gazetteer;

  constructor(gazetteer: Gazetteer) {
    this.#gazetteer = gazetteer;
  }

  /**
   * @param masked tokens that name a target: a brand is no place
   * @param languages bits of the languages of the text
   * @param hint country that profile or source tell of, for choosing among like-named places
   */
  find(scan: Scan, masked: Uint8Array, languages: number, hint: string | undefined): Place[] {
    const mentions = this.#mentions(scan, masked, languages);
    const places: Place[] = [];
    for (const [country, evidence] of flagCountries(scan.text)) {
      places.push({ country, source: 'text', confidence: 0.8, evidence });
    }
    for (const [country, evidence] of scan.digits ? postalCountries(scan.text) : []) {
      places.push({ country, source: 'text', confidence: 0.8, evidence });
    }
    addAirports(scan, places);
    if (mentions.length > 0) {
      this.#choose(mentions, hint, places);
      this.#collect(scan, mentions, places);
    }
    return mergePlaces(places);
  }

  #mentions(scan: Scan, masked: Uint8Array, languages: number): Mention[] {
    const found: Mention[] = [];
    const shouting = scan.letters > 12 && scan.capitals > scan.letters * 0.6;
    for (let i = 0; i < scan.count && found.length < maxMentions; i++) {
      const kind = scan.kind[i]!;
      if (masked[i] === 1 || (kind !== tokenKind.word && kind !== tokenKind.glyph)) continue;
      // In lower case no name is shorter; "the UK" begins with three letters.
      if (scan.size[i]! < 3 && kind === tokenKind.word && (scan.flags[i]! & flag.capital) === 0)
        continue;
      const end = this.#longest(scan, i, masked);
      if (end === 0) continue;
      if (tellsNoPlace(scan, i, end) || isPartOfName(scan, i, end)) {
        i = end - 1;
        continue;
      }
      const mention = this.#judge(scan, i, end, languages, shouting);
      if (mention === null) continue;
      found.push(mention);
      i = mention.to - 1;
    }
    return found;
  }

  /** End of the longest name that begins at a token, 0 when none does. */
  #longest(scan: Scan, from: number, masked: Uint8Array): number {
    const glyph = scan.kind[from] === tokenKind.glyph;
    const until = Math.min(scan.count, from + (glyph ? longestGlyphs : longestName));
    let hash = nameSeed;
    let end = 0;
    for (let at = from; at < until && masked[at] === 0; at++) {
      hash = extendName(hash, scan.hash[at]!);
      const entry = this.#gazetteer.entry(hash);
      if ((entry & ~beginsLonger) !== 0) end = at + 1;
      if ((entry & beginsLonger) === 0) break;
    }
    return end;
  }

  #head(scan: Scan, from: number, to: number): number {
    let hash = nameSeed;
    for (let at = from; at < to; at++) hash = extendName(hash, scan.hash[at]!);
    return this.#gazetteer.head(hash);
  }

  #judge(
    scan: Scan,
    from: number,
    to: number,
    languages: number,
    shouting: boolean,
  ): Mention | null {
    const t = this.#gazetteer.tables;
    const head = this.#head(scan, from, to);
    const glyph = scan.kind[from] === tokenKind.glyph;
    const flags = scan.flags[from]!;
    const tagged = (flags & flag.hashtag) !== 0;
    // A text all in capitals: only what is large is believed to be a name.
    const capital = (flags & flag.capital) !== 0;
    const shouted = (flags & flag.shouted) !== 0 && !shouting;
    const words = to - from;
    const before = from > 0 ? scan.hash[from - 1]! : 0;
    const afterPreposition = from > 0 && prepositions.has(before) && !tagged;
    // Case says nothing where a script has none.
    const caseless = glyph || scan.text.charCodeAt(scan.start[from]!) > 0x5ff;
    let best = -1;
    let sure = false;
    let confidence = 0;
    for (let c = head; ; c++) {
      const kind = t.kind[c]!;
      const cFlags = t.flags[c]!;
      const bits = t.languages[c]!;
      const size = t.size[c]!;
      const allowed = bits === 0 || (bits & languages) !== 0;
      if (
        allowed &&
        this.#written(
          scan,
          from,
          to,
          cFlags,
          kind,
          capital,
          shouted,
          caseless,
          tagged,
          size,
          afterPreposition,
          words,
          shouting,
        )
      ) {
        const common = (cFlags & nameFlag.common) !== 0;
        const person = (cFlags & nameFlag.personal) !== 0;
        const named = this.#insideName(scan, from, to) && !tagged && !caseless && !shouted;
        let ok: boolean;
        if (kind === placeKind.country)
          ok = (!common || afterPreposition || tagged) && (!named || !common);
        else if (common) ok = false;
        else if (person)
          ok =
            (afterPreposition && !named) ||
            (size >= 60 && !named && (flags & flag.first) === 0) ||
            (size >= 58 && tagged);
        else if (kind === placeKind.subdivision)
          ok = size >= 60 ? !named || afterPreposition || words > 1 : afterPreposition && !named;
        else
          ok =
            (size >= 50 && !named) ||
            (afterPreposition && !named && size >= 47) ||
            (words > 1 && size >= 45 && !named) ||
            (words > 1 && size >= 60);
        if (best < 0 || (ok && !sure)) {
          best = c;
          sure = ok;
          confidence = kind === placeKind.country ? 0.95 : size >= 55 ? 0.9 : 0.75;
        }
      }
      if (t.last[c] === 1) break;
    }
    if (best < 0) return null;
    return { from, to, head, chosen: best, sure, confidence };
  }

  /** Whether a name is written as a name of its sort is. */
  #written(
    scan: Scan,
    from: number,
    to: number,
    cFlags: number,
    kind: number,
    capital: boolean,
    shouted: boolean,
    caseless: boolean,
    tagged: boolean,
    size: number,
    afterPreposition: boolean,
    words: number,
    shouting: boolean,
  ): boolean {
    if (caseless) {
      // Hangul is cut into syllables: a name begins where a word does.
      const code = scan.text.charCodeAt(scan.start[from]!);
      if (code >= 0xac00 && code <= 0xd7a3) {
        return (
          from === 0 ||
          (scan.flags[from]! & flag.spaced) !== 0 ||
          scan.kind[from - 1] !== tokenKind.glyph
        );
      }
      return true;
    }
    if ((cFlags & nameFlag.capitals) !== 0) return shouted || (capital && scan.size[from] === 1);
    if ((cFlags & nameFlag.demonym) !== 0) {
      return capital && to < scan.count && afterDemonym.has(scan.hash[to]!);
    }
    if ((capital || shouted) && (!shouting || size >= 56)) return true;
    if (tagged) return kind !== placeKind.city || size >= 50;
    if ((cFlags & (nameFlag.common | nameFlag.personal)) !== 0) return false;
    // In lower case: whole countries, and what is large or stands after a preposition.
    if (kind === placeKind.country) return words > 1 || scan.size[from]! >= 5;
    if (kind === placeKind.subdivision) return words > 1 || (scan.size[from]! >= 5 && size >= 60);
    return scan.size[from]! >= 4 && (size >= 56 || (afterPreposition && size >= 50));
  }

  /** Stands among capitalised words, as a surname or a firm does: Paris Hilton, Jack London. */
  #insideName(scan: Scan, from: number, to: number): boolean {
    if (to < scan.count && scan.kind[to] === tokenKind.word && this.#adjacent(scan, to)) {
      const after = scan.flags[to]!;
      if (
        (after & flag.capital) !== 0 &&
        (after & (flag.hashtag | flag.first)) === 0 &&
        !besidePlace.has(scan.hash[to]!) &&
        this.#single(scan, to) < 0
      ) {
        return true;
      }
    }
    if (from > 0 && scan.kind[from - 1] === tokenKind.word && this.#adjacent(scan, from)) {
      const before = scan.flags[from - 1]!;
      if (
        (before & flag.capital) !== 0 &&
        (before & flag.hashtag) === 0 &&
        !besidePlace.has(scan.hash[from - 1]!) &&
        !prepositions.has(scan.hash[from - 1]!) &&
        this.#single(scan, from - 1) < 0
      ) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing but a space parts a token from the one before: "Houston - SB Nation" is two names. */
  #adjacent(scan: Scan, token: number): boolean {
    return scan.start[token]! - scan.end[token - 1]! <= 1;
  }

  #single(scan: Scan, token: number): number {
    return this.#head(scan, token, token + 1);
  }

  /** Among like-named places: those in a country or subdivision that the text names, then the hint, then the largest. */
  #choose(mentions: Mention[], hint: string | undefined, others: readonly Place[]): void {
    const t = this.#gazetteer.tables;
    const hinted = hint === undefined ? -1 : this.#gazetteer.countryIndex(hint);
    const sureCountries = new Set<number>();
    for (const place of others) sureCountries.add(this.#gazetteer.countryIndex(place.country));
    for (const mention of mentions) {
      if (mention.sure && t.kind[mention.chosen] === placeKind.country) {
        sureCountries.add(t.country[mention.chosen]!);
      }
    }
    for (const [i, mention] of mentions.entries()) {
      const next = mentions[i + 1];
      const follows = next !== undefined && next.from - mention.to <= 1 ? next : undefined;
      let best = -1;
      let bestScore = -1;
      let supported = false;
      for (let c = mention.head; ; c++) {
        const flags = t.flags[c]!;
        const plain = (flags & nameFlag.demonym) === 0 && (flags & nameFlag.capitals) === 0;
        if (plain || c === mention.chosen) {
          let score = t.size[c]! / 10 + (t.kind[c] === placeKind.country ? 4 : 0);
          let support = false;
          if (follows !== undefined && this.#holds(follows, c)) {
            score += 20;
            support = true;
          } else if (sureCountries.has(t.country[c]!) && t.kind[c] !== placeKind.country) {
            score += 6;
            support = true;
          } else if (t.country[c] === hinted) score += 3;
          if (c === mention.chosen && !plain) score += 10;
          if (score > bestScore) {
            best = c;
            bestScore = score;
            supported = support;
          }
        }
        if (t.last[c] === 1) break;
      }
      mention.chosen = best;
      if (!supported) {
        // "Crosby, TX" and no Crosby of ours in Texas: the state is told, the city is not.
        if (follows !== undefined && t.kind[best] === placeKind.city && this.#wider(follows)) {
          mention.sure = false;
          follows.sure = true;
        }
        continue;
      }
      if (follows !== undefined && this.#holds(follows, best)) {
        mention.sure = true;
        mention.confidence = 0.97;
        if (t.kind[follows.chosen] === placeKind.subdivision) follows.sure = true;
      } else if ((t.flags[best]! & nameFlag.common) === 0 && t.size[best]! >= 35) {
        mention.sure = true;
        mention.confidence = Math.max(mention.confidence, 0.85);
      }
    }
  }

  #wider(mention: Mention): boolean {
    const t = this.#gazetteer.tables;
    return t.kind[mention.chosen] !== placeKind.city && t.size[mention.chosen]! >= 60;
  }

  /** Whether a mention is of the country or subdivision that a place lies in: "London, Ontario". */
  #holds(mention: Mention, place: number): boolean {
    const t = this.#gazetteer.tables;
    if (t.kind[place] === placeKind.country) return false;
    for (let c = mention.head; ; c++) {
      if (t.kind[c] === placeKind.country && t.country[c] === t.country[place]) return true;
      if (
        t.kind[c] === placeKind.subdivision &&
        t.kind[place] === placeKind.city &&
        t.subdivision[c] !== 0 &&
        t.subdivision[c] === t.subdivision[place]
      ) {
        mention.chosen = c;
        return true;
      }
      if (t.last[c] === 1) return false;
    }
  }

  #collect(scan: Scan, mentions: readonly Mention[], places: Place[]): void {
    const t = this.#gazetteer.tables;
    for (const { from, to, chosen, sure, confidence } of mentions) {
      if (!sure) continue;
      const country = this.#gazetteer.country(chosen);
      const subdivision = this.#gazetteer.subdivision(chosen);
      const city = t.kind[chosen] === placeKind.city;
      places.push({
        country,
        ...(subdivision === undefined ? {} : { subdivision }),
        ...(city
          ? {
              city: this.#gazetteer.cityName(chosen),
              latitude: t.latitude[chosen]! / 100,
              longitude: t.longitude[chosen]! / 100,
            }
          : {}),
        source: 'text',
        confidence,
        evidence: scan.text.slice(scan.start[from]!, scan.end[to - 1]!),
      });
    }
  }
}
