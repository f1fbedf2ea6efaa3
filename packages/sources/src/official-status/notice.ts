import type { Check } from '@outcry/contracts';

export type OfficialOutcome = Extract<
  Check['outcome'],
  'up' | 'degraded' | 'down' | 'maintenance' | 'unknown'
>;

/** An incident or maintenance as an official page tells it. Times are epoch milliseconds. */
export interface Notice {
  /** Stable as long as the page speaks of it. */
  id: string;
  title: string;
  /** How things stand by the page's newest word; `up` when it says that it is over. */
  outcome: OfficialOutcome;
  startedAt?: number;
  resolvedAt?: number;
  /** Of the newest word. */
  updatedAt?: number;
  detail?: string;
}

/** What a page says at one time. */
export interface Snapshot {
  /** The page's own summary of all; null where it has none. */
  overall: { outcome: OfficialOutcome; detail: string; updatedAt?: number } | null;
  notices: Notice[];
  /**
   * Whether what is no longer listed is over. False for feeds, whose old entries just fall out at
   * the end.
   */
  listsAllOpen: boolean;
}

/** The page answered what is no such page. */
export class UnreadablePage extends Error {
  readonly code = 'unreadable-page';
}

/** A reader knows one kind of page; it is pure, and throws UnreadablePage for what it cannot read. */
export type Reader = (body: string, now: number) => Snapshot;

// The helpers below take what strangers send: any value may be of any type.

export type Loose = Readonly<Record<string, unknown>>;

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UnreadablePage(error instanceof Error ? error.message : String(error));
  }
}

export function record(value: unknown): Loose {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Loose)
    : {};
}

export function records(value: unknown): Loose[] {
  return Array.isArray(value) ? value.map(record) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Epoch milliseconds of a date in any of the forms that pages use; undefined when it is none. */
export function time(value: unknown): number | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,13}$/.test(value))) {
    const number = Number(value);
    // Seconds until the year 5138, milliseconds above.
    return believable(number < 1e11 ? number * 1_000 : number);
  }
  return typeof value === 'string' ? believable(Date.parse(value)) : undefined;
}

function believable(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 && ms < 253_402_300_800_000 ? ms : undefined;
}

/** HTML as one line of plain words, for the details of a notice. */
export function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#39;|&apos;/g, "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What a word of a page means; `unknown` for words that nobody has heard of. */
export function meaning(
  words: Readonly<Record<string, OfficialOutcome>>,
  word: unknown,
): OfficialOutcome {
  const key = text(word);
  // A page may say "constructor", which every object has.
  return Object.hasOwn(words, key) ? words[key]! : 'unknown';
}

/** A notice without the fields that nobody told; one without an id goes by its title. */
export function notice(
  fields: {
    [Field in keyof Notice]: Notice[Field] | undefined;
  },
): Notice {
  const told = Object.entries({ ...fields, id: fields.id || fields.title }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  return Object.fromEntries(told) as unknown as Notice;
}
