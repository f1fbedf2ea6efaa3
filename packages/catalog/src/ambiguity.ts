import type { Catalog } from './catalog.ts';
import { foldString } from './fold.ts';
import type { Candidate } from './matcher.ts';

/** A name that is an ordinary word too, with its evidence as numbers of context phrases. */
export interface AmbiguousName {
  /** As the catalogue writes them, in lower case. */
  names: ReadonlySet<string>;
  with: ReadonlySet<number>;
  without: ReadonlySet<number>;
  fault: boolean;
  capital: boolean;
  usually: boolean;
  alone: boolean;
}

const certainty = {
  elsewhere: 0.85,
  with: 0.8,
  alone: 0.8,
  fault: 0.7,
  capital: 0.6,
  tag: 0.6,
  usually: 0.6,
} as const;

const accented = /[\u00e0-\u024f\u1e00-\u1eff]/;

/** How many tokens may lie between an ambiguous name and a word of failure. */
const near = 3;

/** Decides, after the text was read, which ambiguous names are the service. */
export class Judge {
  /** Context phrases, folded, with their numbers: they go into the matcher's dictionary. */
  readonly phrases = new Map<string, number>();
  #rules = new Map<string, AmbiguousName>();
  #faults = new Set<number>();
  #seen: { context: number; from: number; to: number }[] = [];

  constructor(catalog: Catalog) {
    for (const word of catalog.faultWords) this.#faults.add(this.#number(word));
    for (const target of catalog.targets) {
      for (const rule of target.ambiguous) {
        const compiled: AmbiguousName = {
          names: new Set(rule.names.map((name) => name.toLowerCase())),
          with: new Set(rule.with.map((phrase) => this.#number(phrase))),
          without: new Set(rule.without.map((phrase) => this.#number(phrase))),
          fault: rule.fault,
          capital: rule.capital,
          usually: rule.usually,
          alone: rule.alone,
        };
        for (const name of rule.names)
          this.#rules.set(`${target.id} ${foldString(name)}`, compiled);
      }
    }
  }

  #number(phrase: string): number {
    const folded = foldString(phrase);
    const known = this.phrases.get(folded);
    if (known !== undefined) return known;
    this.phrases.set(folded, this.phrases.size);
    return this.phrases.size - 1;
  }

  /** The rule of a name of a target; null when the name is nothing else. */
  ruleOf(target: string, name: string): AmbiguousName | null {
    return this.#rules.get(`${target} ${foldString(name)}`) ?? null;
  }

  /** Forgets the text before. */
  begin(): void {
    this.#seen.length = 0;
  }

  saw(context: number, from: number, to: number): void {
    this.#seen.push({ context, from, to });
  }

  /**
   * The candidates that are the service, with the certainty that their evidence gives.
   *
   * @param text as it was written
   * @param startOf where a candidate begins in it, and `endOf` where it ends
   */
  accept(
    candidates: readonly Candidate[],
    text: string,
    startOf: (candidate: Candidate) => number,
    endOf: (candidate: Candidate) => number,
  ): Candidate[] {
    const certain = new Set<string>();
    for (const candidate of candidates) {
      if (candidate.ambiguous === null) certain.add(candidate.target.id);
    }
    const waiting: Candidate[] = [];
    const accepted = candidates.flatMap((candidate) => {
      if (candidate.ambiguous === null) return [candidate];
      const start = startOf(candidate);
      const written = text.slice(start, endOf(candidate)).toLowerCase();
      // An accent that the name does not have makes another word: über is not Uber.
      if (accented.test(written) && !candidate.ambiguous.names.has(written)) return [];
      const known = certain.has(candidate.target.id);
      const found = this.#weigh(candidate, candidate.ambiguous, known, () =>
        text.slice(Math.max(0, start - 8), start + 2),
      );
      if (found === 'alone') waiting.push(candidate);
      return typeof found === 'number' ? [{ ...candidate, certainty: found }] : [];
    });
    // "Netflix is black on my Roku" is about Netflix; "my Roku is dead" is about the Roku.
    for (const candidate of waiting) {
      const other = accepted.some(
        ({ target, ambiguous }) => target !== candidate.target && ambiguous?.alone !== true,
      );
      if (!other) accepted.push({ ...candidate, certainty: certainty.alone });
    }
    return accepted;
  }

  #weigh(
    candidate: Candidate,
    rule: AmbiguousName,
    knownElsewhere: boolean,
    upTo: () => string,
  ): number | 'alone' | null {
    let speaksFor = false;
    let speaksAgainst = false;
    let faultNear = false;
    for (const { context, from, to } of this.#seen) {
      const overlaps = from <= candidate.toToken && to >= candidate.fromToken;
      if (rule.without.has(context)) {
        if (overlaps) return null;
        speaksAgainst = true;
      }
      if (rule.with.has(context)) speaksFor = true;
      const distance =
        from > candidate.toToken ? from - candidate.toToken : candidate.fromToken - to;
      if (!overlaps && distance <= near && this.#faults.has(context)) faultNear = true;
    }
    if (knownElsewhere) return certainty.elsewhere;
    if (speaksFor) return certainty.with;
    if (speaksAgainst) return null;
    if (rule.alone) return 'alone';
    if (rule.fault && faultNear) return certainty.fault;
    if (rule.capital && candidate.via === 'hashtag') return certainty.tag;
    if (rule.capital && isCapitalInside(upTo())) return certainty.capital;
    return rule.usually ? certainty.usually : null;
  }
}

/** Whether the text ends in a capital letter of a word that does not begin a sentence or shout. */
function isCapitalInside(upTo: string): boolean {
  return /[\p{Ll}\p{N},;:)]["'’”]?[ \u00a0]+["'‘“(]?\p{Lu}(?:[\p{Ll}\p{N}+&\s]|$)$/u.test(upTo);
}
