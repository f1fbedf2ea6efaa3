import type { Label, Selection } from '@outcry/classification';
import type { ErrorType, Stance } from '@outcry/contracts';
import { errorTypes, isSignalStance } from '@outcry/contracts';
import type { Post } from './candidates.ts';

/** What is typed for a stance. */
export const stanceKeys: Readonly<Record<string, Stance>> = {
  a: 'affected',
  k: 'asking',
  r: 'relaying',
  c: 'recovered',
  u: 'unrelated',
};

/** What is typed for an error type. */
export const typeKeys: Readonly<Record<string, ErrorType>> = {
  l: 'login',
  p: 'playback',
  c: 'connection',
  a: 'app',
  w: 'website',
  o: 'content',
  y: 'payment',
  f: 'performance',
  d: 'device',
  m: 'messaging',
  g: 'general',
  x: 'other',
};

export function isBack(word: string): boolean {
  return ['b', 'back'].includes(word.trim().toLowerCase());
}

export interface SessionOptions {
  posts: readonly { post: Post; selection: Selection }[];
  annotator: string;
  /** The time, epoch milliseconds. */
  now: () => number;
  /** Keeps a label; it is safe when this returns. */
  keep: (label: Label) => void;
}

/** What the asker should do after an answer. */
export type Step = 'stance' | 'types' | 'explain' | 'done' | 'unknown';

/**
 * One sitting: shows post after post, takes a key, or a word, at a time. It knows nothing of the
 * terminal, so lines of a file work as well as keys.
 */
export class LabelSession {
  readonly #options: SessionOptions;
  #at = 0;
  #stance: Stance | null = null;
  #types: ErrorType[] = [];
  readonly #kept = new Map<string, Label>();
  readonly #skipped = new Set<string>();
  #quit = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get current(): { post: Post; selection: Selection } | null {
    return this.#quit ? null : (this.#options.posts[this.#at] ?? null);
  }

  /** Number of the post that is shown, from 1, and of all. */
  get progress(): { number: number; of: number; kept: number; skipped: number } {
    const of = this.#options.posts.length;
    const number = Math.min(this.#at + 1, of);
    return { number, of, kept: this.#kept.size, skipped: this.#skipped.size };
  }

  /** What was kept; of a post that was shown again, the last. */
  get labels(): readonly Label[] {
    return [...this.#kept.values()];
  }

  /** The stance that waits for its types, and those given so far. */
  get pending(): { stance: Stance; types: readonly ErrorType[] } | null {
    return this.#stance === null ? null : { stance: this.#stance, types: this.#types };
  }

  /**
   * Takes one answer: a key or its word. For a signal the types follow, the main one first, ended
   * by an empty answer.
   */
  answer(text: string): Step {
    const word = text.trim().toLowerCase();
    const shown = this.current;
    if (shown === null) return 'done';
    if (word === 'q' || word === 'quit') {
      this.#quit = true;
      return 'done';
    }
    if (isBack(word)) return this.#back();
    if (word === '?') return 'explain';
    if (this.#stance !== null) return this.#takeType(shown, word);
    if (word === 's' || word === 'skip') {
      this.#skipped.add(shown.post.id);
      return this.#next();
    }
    const stance = stanceKeys[word] ?? Object.values(stanceKeys).find((name) => name === word);
    if (stance === undefined) return 'unknown';
    this.#stance = stance;
    this.#types = [];
    return isSignalStance(stance) ? 'types' : this.#keep(shown);
  }

  #takeType(shown: { post: Post; selection: Selection }, word: string): Step {
    if (word === '') return this.#types.length === 0 ? 'unknown' : this.#keep(shown);
    const type = typeKeys[word] ?? errorTypes.find((name) => name === word);
    if (type === undefined) return 'unknown';
    if (!this.#types.includes(type)) this.#types.push(type);
    return 'types';
  }

  #keep({ post, selection }: { post: Post; selection: Selection }): Step {
    const { id, text, lang, target, cluster, model, confidence } = post;
    const label: Label = {
      id,
      text,
      lang,
      target,
      stance: this.#stance!,
      types: [...this.#types],
      cluster,
      annotator: this.#options.annotator,
      labelledAt: new Date(this.#options.now()).toISOString(),
      selection,
      model,
      confidence,
    };
    this.#options.keep(label);
    this.#kept.set(id, label);
    this.#skipped.delete(id);
    return this.#next();
  }

  /** Half an answer is taken back; else the post before is shown again, and a new label replaces. */
  #back(): Step {
    if (this.#stance === null && this.#at > 0) this.#at -= 1;
    this.#stance = null;
    this.#types = [];
    return 'stance';
  }

  #next(): Step {
    this.#at += 1;
    this.#stance = null;
    this.#types = [];
    return this.current === null ? 'done' : 'stance';
  }
}
