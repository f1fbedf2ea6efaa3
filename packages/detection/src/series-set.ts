import type { Finding } from './finding.ts';
import { continentOf } from './geography.ts';
import { rounded } from './numbers.ts';
import type { RisePart } from './rise.ts';
import { Series } from './series.ts';
import type { SeriesState } from './series-state.ts';
import type { DetectionSettings } from './settings.ts';
import { bucketsPerHour, idleBuckets } from './settings.ts';
import type { Span } from './spans.ts';
import type { VoiceRecord } from './voice-record.ts';
import { compare } from './watermark.ts';

/** Name under which the series of talk is kept. */
const talkName = 'talk';
/** Most series of one target; a thousand subdivisions with a voice each are not worth keeping. */
const mostSeries = 400;
/** Windows overlap: all their lengths together look as often as so many that do not. */
const effectiveWindows = 8;
/** In how many parts a complaint counts on average: it tells a type or two, and some a place. */
const told = 2.5;
/** By how much a topic may mislead the classifier beyond its stated rate. */
const topicDoubt = 3.5;
const bucketsPerDay = 24 * bucketsPerHour;

/** Evidence found in a series. */
export interface Found {
  name: string;
  finding: Finding;
}

/**
 * The series of one target: the target's own (`all`), its parts (`country:SE`, `type:login` …), made
 * when first needed, and that of talk which is no complaint. Knows how much evidence each must bring.
 */
export class SeriesSet {
  readonly #settings: DetectionSettings;
  /** First bucket from which silence counts as knowledge. */
  readonly #since: number;
  #series = new Map<string, Series>();
  #talk: Series | null = null;
  #changed = new Set<string>();

  constructor(since: number, settings: DetectionSettings) {
    this.#since = since;
    this.#settings = settings;
  }

  /** The target's own series; null before the first complaint. */
  get whole(): Series | null {
    return this.#series.get('all') ?? null;
  }

  get(name: string): Series {
    return this.#series.get(name)!;
  }

  has(name: string): boolean {
    return this.#series.has(name);
  }

  names(): string[] {
    return [...this.#series.keys()];
  }

  /** The last bucket that any of them was told of. */
  get lastBucket(): number {
    return Math.max(this.whole?.now ?? 0, this.#talk?.now ?? 0) - 1;
  }

  /** Adds what a bucket counted, by series. */
  add(bucket: number, counts: ReadonlyMap<string, number>, blind: readonly Span[]): void {
    for (const [name, count] of counts) {
      (this.#series.get(name) ?? this.#make(name)).add(bucket, count, blind);
      this.#changed.add(name);
    }
  }

  addTalk(bucket: number, voices: number, blind: readonly Span[]): void {
    this.#talk ??= Series.begin(this.#since);
    this.#talk.add(bucket, voices, blind);
    this.#changed.add(talkName);
  }

  advance(name: string, bucket: number, blind: readonly Span[]): void {
    this.get(name).advance(bucket, blind);
    this.#changed.add(name);
  }

  /** The window of a series that speaks most for a rise, or null. */
  scan(name: string, bucket: number, notBefore: number, blind: readonly Span[]): Finding | null {
    return this.get(name).scan(
      () => this.#budget(name),
      this.#leastBudget,
      notBefore,
      (_, length) => this.#leak(bucket, length, name, blind),
      name === 'all' ? null : this.whole,
    );
  }

  /** Forbids to learn a bucket. */
  freeze(bucket: number, failing: boolean): void {
    for (const [name, series] of this.#series) {
      series.freeze(bucket, failing);
      this.#changed.add(name);
    }
    // As long as complaints are not learnt, talk is not either: the two are compared.
    if (this.#talk === null) return;
    this.#talk.freeze(bucket, failing);
    this.#changed.add(talkName);
  }

  /** The parts of a kind over the last buckets, most voices first. */
  parts(prefix: string, length: number): RisePart[] {
    const parts: RisePart[] = [];
    for (const [name, series] of this.#series) {
      if (!name.startsWith(prefix)) continue;
      const observed = series.sum(length);
      const expected = series.expected(length);
      // A calm part matters where it could have risen.
      if (observed === 0 && expected < 0.2) continue;
      parts.push({
        key: name.slice(prefix.length),
        observed: rounded(observed),
        expected: rounded(expected),
      });
    }
    parts.sort(
      (a, b) => b.observed - a.observed || b.expected - a.expected || compare(a.key, b.key),
    );
    return parts.slice(0, 60);
  }

  /** Forgets, once a day, the series that were silent for weeks: their memories have faded. */
  forgetIdle(bucket: number): void {
    const day = Math.floor(bucket / bucketsPerDay);
    if (Math.floor(this.lastBucket / bucketsPerDay) >= day) return;
    for (const [name, series] of this.#series) {
      if (series.now <= bucket - idleBuckets) this.#drop(name);
    }
    if (this.#talk !== null && this.#talk.now <= bucket - idleBuckets) this.#dropTalk();
  }

  /** Forgets everything. */
  clear(): void {
    for (const name of this.#series.keys()) this.#drop(name);
    if (this.#talk !== null) this.#dropTalk();
  }

  #dropTalk(): void {
    this.#talk = null;
    this.#changed.add(talkName);
  }

  #make(name: string): Series {
    // When there are too many, those go that were silent longest.
    if (this.#series.size >= mostSeries) {
      const parts = [...this.#series].filter(([key]) => key !== 'all');
      parts.sort((a, b) => a[1].now - b[1].now || compare(a[0], b[0]));
      for (const [key] of parts.slice(0, mostSeries / 4)) this.#drop(key);
    }
    const series = Series.begin(this.#since);
    this.#put(name, series);
    return series;
  }

  #put(name: string, series: Series): void {
    this.#series.set(name, series);
    this.#lendRhythm(name, series);
  }

  #drop(name: string): void {
    this.#series.delete(name);
    this.#changed.add(name);
  }

  /** A fault's kind or a platform follows the day of all; a place has a day of its own. */
  #lendRhythm(name: string, series: Series): void {
    const whole = this.whole;
    if (whole === null || !(name.startsWith('type:') || name.startsWith('platform:'))) return;
    series.goBy(whole);
  }

  /** The bar of the target's own series: half of the chance. */
  get #leastBudget(): number {
    return Math.log((2 * effectiveWindows) / this.#settings.falseOutagesPerTargetWeek);
  }

  /**
   * What a window's bar adds to the looks per week. Half of the chance of a false outage is the whole
   * target's, the other half its parts'. A quarter of this they have alike, the rest by the root of
   * their share of the complaints: the likely ones need less, the rare ones hardly more. By Cauchy and
   * Schwarz the roots of all shares add up to at most the root of their number times `told`.
   */
  #budget(name: string): number {
    if (name === 'all') return this.#leastBudget;
    const parts = Math.max(4, this.#series.size - 1);
    const whole = this.whole!.expected(bucketsPerHour);
    const part = this.get(name).expected(bucketsPerHour);
    const share = whole > 0 ? Math.min(1, part / whole) : 0;
    return this.#leastBudget - Math.log(0.25 / parts + 0.75 * Math.sqrt(share / (told * parts)));
  }

  /**
   * Complaints that may be none: the classifier takes a known share of other talk for complaints, so
   * of a rise in talk that share is expected. Topics differ in how often they mislead; a multiple of
   * the stated rate is granted.
   */
  #leak(bucket: number, length: number, name: string, blind: readonly Span[]): number {
    const talk = this.#talk;
    if (talk === null) return 0;
    talk.advance(bucket, blind);
    this.#changed.add(talkName);
    const rise = talk.sum(length) - talk.expected(length);
    if (rise <= 0) return 0;
    const leak = topicDoubt * this.#settings.falsePositiveRate * rise;
    if (name === 'all') return leak;
    const whole = this.whole!.expected(length);
    const share = whole > 0 ? this.get(name).expected(length) / whole : 1;
    // A topic has its own places, and misreadings pile up in few types.
    const place = !name.startsWith('type:') && !name.startsWith('platform:');
    return leak * Math.min(1, place ? 1.5 * share : Math.max(0.5, share));
  }

  stateChanges(prefix: string): { key: string; value: unknown }[] {
    const changes = [...this.#changed].map((name) => {
      const series = name === talkName ? this.#talk : this.#series.get(name);
      return { key: `${prefix}${name}`, value: series?.toState() ?? null };
    });
    this.#changed.clear();
    return changes;
  }

  restore(name: string, state: SeriesState): void {
    if (name === talkName) {
      this.#talk = Series.restore(state);
      return;
    }
    this.#put(name, Series.restore(state));
    // The whole may come after its parts.
    if (name === 'all') for (const [part, one] of this.#series) this.#lendRhythm(part, one);
  }
}

/** Adds a voice to the counts of every series that it belongs to. */
export function countVoice(counts: Map<string, number>, record: VoiceRecord, count: number): void {
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + count);
  add('all');
  for (const country of record.countries) add(nameOf('country', country));
  if (record.countries.length > 0) {
    for (const continent of new Set(record.countries.map(continentOf))) {
      if (continent !== null) add(nameOf('continent', continent));
    }
  }
  for (const subdivision of record.subdivisions) add(nameOf('subdivision', subdivision));
  for (const type of record.types) add(nameOf('type', type));
  for (const platform of record.platforms) add(nameOf('platform', platform));
}

/** Names that were made before; there are as many as places and kinds, and each is asked for often. */
const made = {
  country: new Map<string, string>(),
  continent: new Map<string, string>(),
  subdivision: new Map<string, string>(),
  type: new Map<string, string>(),
  platform: new Map<string, string>(),
};

function nameOf(kind: keyof typeof made, key: string): string {
  let full = made[kind].get(key);
  if (full === undefined) {
    full = `${kind}:${key}`;
    made[kind].set(key, full);
  }
  return full;
}
