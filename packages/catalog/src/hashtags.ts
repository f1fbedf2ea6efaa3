import { foldString } from './fold.ts';

/** The rule that makes hashtags of a name. */
export interface HashtagForms {
  /** What follows a name when it fails: down, outage, störung … */
  fault: readonly string[];
  /** What may stand before the name or about a fault word without meaning of its own: is, the … */
  filler: readonly string[];
}

const plain = /^[a-z0-9]*$/;

/** A hashtag without its sign, folded and joined. */
export function joinTag(text: string): string {
  const folded = foldString(text);
  return plain.test(folded) ? folded : folded.replaceAll(/[^\p{L}\p{N}\p{M}+&]/gu, '');
}

/** The hashtag that a name makes: spotify, tmobile, disneyplus, att. */
export function tagOf(name: string): string {
  return joinTag(name).replaceAll('+', 'plus').replaceAll('&', '');
}

/** The words of a tag in camel case or with underscores: SpotifyIsDown, spotify_down, Spotify2025. */
export function splitTag(body: string): string[] {
  return body
    .split(/_|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{L})(?=\p{N})/u)
    .filter((part) => part !== '');
}

export interface TagReading<T> {
  name: T;
  /** `exact`: the name alone; `fault`: the name and a word of failure; `prefix`: something longer. */
  form: 'exact' | 'fault' | 'prefix';
}

/** Whether a word of failure is long enough, or foreign enough, not to make another word of a name. */
export function suitsAmbiguous(form: string): boolean {
  return form.length >= 4 || !/^\p{Script=Latin}+$/u.test(form);
}

const shortestPrefixName = 6;

/** Reads joined hashtags against joined names. */
export class TagReader<T> {
  #names: ReadonlyMap<string, { value: T; ambiguous: boolean }>;
  #fault: ReadonlySet<string>;
  #filler: ReadonlySet<string>;

  constructor(names: ReadonlyMap<string, { value: T; ambiguous: boolean }>, forms: HashtagForms) {
    this.#names = names;
    this.#fault = new Set(forms.fault.map(joinTag));
    this.#filler = new Set(forms.filler.map(joinTag));
  }

  /** @param joined the tag as `joinTag` gives it */
  read(joined: string): TagReading<T> | null {
    for (const start of this.#nameStarts(joined)) {
      for (let end = joined.length; end > start; end--) {
        const name = this.#names.get(joined.slice(start, end));
        if (name === undefined) continue;
        if (end === joined.length && start === 0) return { name: name.value, form: 'exact' };
        if (this.#tellsFault(joined, end, name.ambiguous))
          return { name: name.value, form: 'fault' };
        const longEnough = end - start >= shortestPrefixName;
        if (start === 0 && longEnough && !name.ambiguous)
          return { name: name.value, form: 'prefix' };
      }
    }
    return null;
  }

  /** Where a name may begin: at the start, and behind words such as `is`. */
  #nameStarts(joined: string): number[] {
    const starts = [0];
    for (let at = 0; at < starts.length; at++) {
      for (let end = starts[at]! + 1; end < Math.min(joined.length, starts[at]! + 8); end++) {
        if (this.#filler.has(joined.slice(starts[at]!, end)) && !starts.includes(end))
          starts.push(end);
      }
    }
    return starts;
  }

  /** Whether the rest is fillers and at least one fault word: `isdown`, `downagain`, `down2025`. */
  #tellsFault(joined: string, from: number, ambiguous: boolean): boolean {
    const rest = joined.slice(from).replace(/\d+$/, '');
    // Reached with and without a fault word so far.
    const plain = new Set([0]);
    const told = new Set<number>();
    for (let at = 0; at < rest.length; at++) {
      if (!plain.has(at) && !told.has(at)) continue;
      for (let end = at + 1; end <= rest.length; end++) {
        const word = rest.slice(at, end);
        if (this.#fault.has(word) && (!ambiguous || suitsAmbiguous(word))) told.add(end);
        if (this.#filler.has(word)) {
          if (plain.has(at)) plain.add(end);
          if (told.has(at)) told.add(end);
        }
      }
    }
    return told.has(rest.length);
  }
}
