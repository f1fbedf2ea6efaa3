import type { AmbiguousName } from './ambiguity.ts';
import { Judge } from './ambiguity.ts';
import type { Catalog, Target } from './catalog.ts';
import type { Entry } from './dictionary.ts';
import { Dictionary, textOf } from './dictionary.ts';
import type { Folded } from './fold.ts';
import { foldString, foldText } from './fold.ts';
import { joinTag, splitTag, TagReader, tagOf } from './hashtags.ts';
import { Tokens, tokenKind } from './tokens.ts';

export type Via = 'hashtag' | 'name' | 'alias' | 'handle';

/** A target named in a text. */
export interface Mention {
  /** Target id. */
  target: string;
  /** UTF-16 positions in the text; both are the text's length for a tag beside the text. */
  start: number;
  end: number;
  via: Via;
  /** How sure it is that this is the service, 0 to 1. */
  certainty: number;
}

export interface Matcher {
  /**
   * The targets that a text names, in order of mention; a target named twice stands twice. One pass
   * over the text, whatever the number of targets. Ambiguous names without evidence are left out.
   *
   * @param tags hashtags that the source lists beside the text, without the sign
   */
  match(text: string, tags?: readonly string[]): Mention[];
}

export const certainties = {
  faultTag: 1,
  handle: 0.95,
  name: 0.95,
  alias: 0.9,
  nameTag: 0.95,
  longTag: 0.8,
} as const;

/** What a phrase of the dictionary stands for. */
export type Meaning =
  | { kind: 'name'; target: Target; via: 'name' | 'alias'; ambiguous: AmbiguousName | null }
  | { kind: 'context'; context: number };

/** A phrase found in the text, by tokens and units. */
export interface Candidate {
  target: Target;
  via: Via;
  ambiguous: AmbiguousName | null;
  certainty: number;
  fromToken: number;
  toToken: number;
  startUnit: number;
  endUnit: number;
}

export function createMatcher(catalog: Catalog): Matcher {
  return new CatalogMatcher(catalog);
}

type TagName = { target: Target; ambiguous: AmbiguousName | null };

class CatalogMatcher implements Matcher {
  #dictionary: Dictionary<Meaning>;
  #judge: Judge;
  #handles = new Map<string, Target>();
  #ownTags = new Map<string, Target>();
  #tags: TagReader<TagName>;
  #tokens = new Tokens();
  #tagTokens = new Tokens();

  constructor(catalog: Catalog) {
    const names = catalog.targets.reduce((sum, target) => sum + 1 + target.aliases.length, 0);
    this.#judge = new Judge(catalog);
    this.#dictionary = new Dictionary(names + this.#judge.phrases.size);
    const tagNames = new Map<string, { value: TagName; ambiguous: boolean }>();
    for (const target of catalog.targets) {
      for (const name of [target.name, ...target.aliases]) {
        const via = name === target.name ? 'name' : 'alias';
        const ambiguous = this.#judge.ruleOf(target.id, name);
        this.#dictionary.add(name, { kind: 'name', target, via, ambiguous }, ambiguous === null);
        const joined = joinTag(name);
        // "T-Mobile" is also written tmobile, "Disney+" is not written disney.
        if (joined !== foldString(name) && /[\s-]/.test(name) && joined.length >= 5)
          this.#dictionary.add(
            joined,
            { kind: 'name', target, via, ambiguous },
            ambiguous === null,
          );
        tagNames.set(tagOf(name), { value: { target, ambiguous }, ambiguous: ambiguous !== null });
      }
      for (const handle of target.handles) this.#handles.set(foldString(handle), target);
      for (const tag of target.hashtags) this.#ownTags.set(joinTag(tag), target);
    }
    for (const [phrase, context] of this.#judge.phrases)
      this.#dictionary.add(phrase, { kind: 'context', context }, false);
    for (const word of catalog.plainWords) this.#dictionary.addPlain(word);
    this.#tags = new TagReader(tagNames, catalog.hashtagForms);
  }

  match(text: string, tags: readonly string[] = []): Mention[] {
    const folded = foldText(text);
    const tokens = this.#tokens;
    tokens.read(folded);
    const candidates: Candidate[] = [];
    const seenTags = tags.length > 0 ? new Set<string>() : null;
    this.#judge.begin();
    this.#dictionary.scan(folded.units, folded.length, tokens, (entry, from, to, endUnit) => {
      this.#take(entry, from, to, tokens.starts[from]!, endUnit, candidates);
    });
    for (let index = 0; index < tokens.count; index++) {
      const kind = tokens.kinds[index];
      if (kind !== tokenKind.tag && kind !== tokenKind.handle) continue;
      const start = tokens.starts[index]!;
      const end = tokens.ends[index]!;
      if (kind === tokenKind.handle) this.#handle(folded, index, start, end, candidates);
      else {
        const from = folded.offsets === null ? start : folded.offsets[start]!;
        const to = folded.offsets === null ? end : folded.offsets[end]!;
        const body = text.slice(from + 1, to);
        seenTags?.add(joinTag(body));
        this.#tag(body, index, start, end, candidates);
      }
    }
    for (const tag of tags) {
      const body = tag.replace(/^#/, '');
      if (seenTags!.has(joinTag(body))) continue;
      seenTags!.add(joinTag(body));
      this.#tag(body, tokens.count, folded.length, folded.length, candidates);
    }
    if (candidates.length === 0) return [];
    return this.#settle(text, folded, candidates);
  }

  #take(
    entry: Entry<Meaning>,
    fromToken: number,
    toToken: number,
    startUnit: number,
    endUnit: number,
    candidates: Candidate[],
  ): void {
    const meaning = entry.value;
    if (meaning.kind === 'context') {
      this.#judge.saw(meaning.context, fromToken, toToken);
      return;
    }
    const { target, via, ambiguous } = meaning;
    const certainty = certainties[via];
    candidates.push({ target, via, ambiguous, certainty, fromToken, toToken, startUnit, endUnit });
  }

  #handle(
    folded: Folded,
    token: number,
    start: number,
    end: number,
    candidates: Candidate[],
  ): void {
    const body = textOf(folded.units, start + 1, end);
    // Elsewhere than on X a handle ends in a server: @spotify@mastodon.social, @spotify.bsky.social.
    const target = this.#handles.get(body) ?? this.#handles.get(body.split(/[.@]/)[0]!);
    if (target === undefined) return;
    candidates.push({
      target,
      via: 'handle',
      ambiguous: null,
      certainty: certainties.handle,
      fromToken: token,
      toToken: token,
      startUnit: start,
      endUnit: end,
    });
  }

  #tag(body: string, token: number, start: number, end: number, candidates: Candidate[]): void {
    const place = { fromToken: token, toToken: token, startUnit: start, endUnit: end } as const;
    const joined = joinTag(body);
    const own = this.#ownTags.get(joined);
    if (own !== undefined) {
      const certainty = certainties.faultTag;
      candidates.push({ target: own, via: 'hashtag', ambiguous: null, certainty, ...place });
      return;
    }
    for (const entry of this.#dictionary.lookup(joined)) {
      if (entry.value.kind === 'context') this.#judge.saw(entry.value.context, token, token);
    }
    const reading = this.#tags.read(joined);
    if (reading !== null) {
      const { target, ambiguous } = reading.name;
      const fault = reading.form === 'fault';
      candidates.push({
        target,
        via: 'hashtag',
        ambiguous: fault ? null : ambiguous,
        certainty: fault
          ? certainties.faultTag
          : certainties[reading.form === 'exact' ? 'nameTag' : 'longTag'],
        ...place,
      });
      return;
    }
    this.#tagWords(splitTag(body), place, candidates);
  }

  /** Reads a tag of several words as a sentence of its own: #WhyIsSpotifySoSlow. */
  #tagWords(
    words: readonly string[],
    place: Pick<Candidate, 'fromToken' | 'toToken' | 'startUnit' | 'endUnit'>,
    candidates: Candidate[],
  ): void {
    if (words.length < 2) return;
    const folded = foldText(words.join(' '));
    const units = folded.units.slice(0, folded.length);
    this.#tagTokens.read({ ...folded, units });
    this.#dictionary.scan(units, folded.length, this.#tagTokens, ({ value }) => {
      if (value.kind === 'context') {
        this.#judge.saw(value.context, place.fromToken, place.toToken);
        return;
      }
      const { target, ambiguous } = value;
      const certainty = certainties.longTag;
      candidates.push({ target, via: 'hashtag', ambiguous, certainty, ...place });
    });
  }

  /** Applies the rules of ambiguous names, then keeps the longest of names that overlap. */
  #settle(text: string, folded: Folded, candidates: Candidate[]): Mention[] {
    const position = (unit: number) => (folded.offsets === null ? unit : folded.offsets[unit]!);
    const accepted = this.#judge.accept(
      candidates,
      text,
      ({ startUnit }) => position(startUnit),
      ({ endUnit }) => position(endUnit),
    );
    accepted.sort(
      (a, b) => a.startUnit - b.startUnit || b.endUnit - a.endUnit || b.certainty - a.certainty,
    );
    const mentions: Mention[] = [];
    let end = -1;
    for (const candidate of accepted) {
      // Tags beside the text all lie at its end, where none covers another.
      if (candidate.startUnit < end) continue;
      end = candidate.endUnit;
      mentions.push({
        target: candidate.target.id,
        start: position(candidate.startUnit),
        end: position(candidate.endUnit),
        via: candidate.via,
        certainty: candidate.certainty,
      });
    }
    return mentions;
  }
}
