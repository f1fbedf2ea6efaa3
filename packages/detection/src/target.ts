import type { Check } from '@outcry/contracts';
import { bucketMs } from '@outcry/contracts';
import { z } from 'zod';
import type { Episode } from './episode.ts';
import { addVoices, beginEpisode, distinctVoices, episodeState, hashSpace } from './episode.ts';
import { continentOf } from './geography.ts';
import type { ClosedTarget } from './open-buckets.ts';
import type { EvidenceRise, RiseFinding, RisePart } from './rise.ts';
import type { Finding, SeriesState, Span } from './series.ts';
import { Series } from './series.ts';
import type { DetectionSettings } from './settings.ts';
import { bucketEnd, bucketsPerMinute, iso } from './settings.ts';
import type { VoiceRecord } from './voice-record.ts';
import type { VoiceChunk } from './voice-window.ts';
import { VoiceWindow } from './voice-window.ts';
import type { BlindSource } from './watermark.ts';
import { compare } from './watermark.ts';

/** Share of its bar at which evidence makes a target suspect: it is told, and learning stops. */
const suspicion = 0.6;
/** Most series of one target; a thousand subdivisions with a voice each are not worth keeping. */
const mostSeries = 400;
/** Name under which the series of talk is kept. */
const talkName = 'talk';
/** By how much a topic may mislead the classifier beyond its stated rate. */
const topicDoubt = 3.5;
/** Evidence, in nats, that the excess has ended: one error in a hundred. */
const calmBar = Math.log(100);
const fiveMinutes = 5 * bucketsPerMinute;
const tenMinutes = 10 * bucketsPerMinute;
const anHour = 60 * bucketsPerMinute;
/** An outage that begins within two hours of the last one's end is the same trouble flapping. */
const flapBuckets = 2 * anHour;
/** A suspicion that never passed its bar is dropped after this long without weak evidence. */
const patience = 5 * bucketsPerMinute;

/** Everything that detection knows of one target. */
export class TargetDetector {
  readonly target: string;
  readonly #settings: DetectionSettings;
  /** First bucket from which silence counts as knowledge. */
  readonly #since: number;
  #series = new Map<string, Series>();
  /** Talk that is no complaint. */
  #talk: Series | null = null;
  #voices = new VoiceWindow();
  #episode: Episode | null = null;
  /** First bucket that a window may hold: the one after the last outage's end. */
  #scanFrom = 0;
  /** Last outcome told of each probe. */
  #probes: Record<string, string> = {};
  #changedSeries = new Set<string>();
  #changed = true;

  constructor(target: string, since: number, settings: DetectionSettings) {
    this.target = target;
    this.#since = since;
    this.#settings = settings;
  }

  /** Under suspicion: wants every bucket, also the empty ones. */
  get hot(): boolean {
    return this.#episode !== null;
  }

  /** Whether a check says something new: every official notice, and a probe that changed. */
  isNews(check: Check): boolean {
    if (check.method === 'official-status') return true;
    const key = `${check.source} ${check.subject}`;
    const before = this.#probes[key];
    if (before === check.outcome) return false;
    this.#probes[key] = check.outcome;
    this.#changed = true;
    return before !== undefined || check.outcome === 'down' || check.outcome === 'degraded';
  }

  /**
   * Takes what a bucket holds and decides.
   * @param held null when the bucket holds nothing of this target
   */
  close(
    bucket: number,
    held: ClosedTarget | null,
    blind: readonly BlindSource[],
    blindSpans: readonly Span[],
    partition: number,
  ): EvidenceRise | null {
    const counts = this.#count(bucket, held?.complaints ?? [], held?.share ?? 1);
    if (held !== null && held.talk > 0) {
      this.#talk ??= Series.begin(this.#since);
      this.#talk.add(bucket, held.talk, blindSpans);
      this.#changedSeries.add(talkName);
    }
    for (const [name, count] of counts) {
      const series = this.#series.get(name) ?? this.#newSeries(name);
      series.add(bucket, count, blindSpans);
      this.#changedSeries.add(name);
    }
    this.#voices.forget(bucket);
    // An outage wants to know of every part; a mere suspicion only of what was heard of.
    const fired = this.#episode !== null && this.#episode.firedAt !== null;
    const names = fired ? [...this.#series.keys()] : [...counts.keys()];
    const found: { name: string; finding: Finding }[] = [];
    const whole = this.#series.get('all') ?? null;
    if (this.hot && whole !== null) {
      whole.advance(bucket, blindSpans);
      this.#changedSeries.add('all');
    }
    for (const name of names) {
      const series = this.#series.get(name)!;
      if (fired) {
        series.advance(bucket, blindSpans);
        this.#changedSeries.add(name);
      }
      const finding = series.scan(
        this.#budget(name),
        this.#scanFrom,
        (_, length) => this.#leak(bucket, length, name, blindSpans),
        name === 'all' ? null : whole,
      );
      if (finding === null) continue;
      const ratio = finding.score / finding.threshold;
      if (ratio >= suspicion) found.push({ name, finding });
    }
    found.sort(
      (a, b) =>
        b.finding.score / b.finding.threshold - a.finding.score / a.finding.threshold ||
        compare(a.name, b.name),
    );
    const lead = found[0];
    if (this.#episode === null) {
      if (lead === undefined) return null;
      this.#episode = beginEpisode(bucket, lead.name, lead.finding);
      addVoices(this.#episode, this.#voices.voicesSince(lead.finding.from));
      this.#changed = true;
    }
    return this.#follow(this.#episode, bucket, found, blind, blindSpans, partition);
  }

  /** Makes a series. When there are too many, those go that were silent longest. */
  #newSeries(name: string): Series {
    if (this.#series.size >= mostSeries) {
      const parts = [...this.#series].filter(([key]) => key !== 'all');
      parts.sort((a, b) => a[1].now - b[1].now || compare(a[0], b[0]));
      for (const [key] of parts.slice(0, mostSeries / 4)) {
        this.#series.delete(key);
        this.#changedSeries.add(key);
      }
    }
    const series = Series.begin(this.#since);
    this.#series.set(name, series);
    return series;
  }

  #count(bucket: number, records: readonly VoiceRecord[], share: number): Map<string, number> {
    const counts = new Map<string, number>();
    const add = (name: string, count: number) => counts.set(name, (counts.get(name) ?? 0) + count);
    const fresh: number[] = [];
    for (const record of records) {
      const stands = this.#voices.count(bucket, record, share);
      if (stands === 0) continue;
      const count = stands * record.weight;
      fresh.push(record.voice);
      add('all', count);
      const continents = new Set<string>();
      for (const country of record.countries) {
        add(`country:${country}`, count);
        const continent = continentOf(country);
        if (continent !== null) continents.add(continent);
      }
      for (const continent of continents) add(`continent:${continent}`, count);
      for (const subdivision of record.subdivisions) add(`subdivision:${subdivision}`, count);
      for (const type of record.types) add(`type:${type}`, count);
      for (const platform of record.platforms) add(`platform:${platform}`, count);
    }
    if (this.#episode !== null && fresh.length > 0) addVoices(this.#episode, fresh);
    return counts;
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
    this.#changedSeries.add(talkName);
    const rise = talk.sum(length) - talk.expected(length);
    if (rise <= 0) return 0;
    const leak = topicDoubt * this.#settings.falsePositiveRate * rise;
    if (name === 'all') return leak;
    const whole = this.#series.get('all')!.expected(length);
    const share = whole > 0 ? this.#series.get(name)!.expected(length) / whole : 1;
    // A topic has its own places, and misreadings pile up in few types.
    const place = !name.startsWith('type:') && !name.startsWith('platform:');
    return leak * Math.min(1, place ? 1.5 * share : Math.max(0.5, share));
  }

  /** What a window's bar adds to the looks per week: windows, series, and the chance allowed. */
  #budget(name: string): number {
    const effectiveWindows = 8;
    const share = name === 'all' ? 2 : 2 * Math.max(4, this.#series.size - 1);
    return Math.log((share * effectiveWindows) / this.#settings.falseOutagesPerTargetWeek);
  }

  #follow(
    episode: Episode,
    bucket: number,
    found: readonly { name: string; finding: Finding }[],
    blind: readonly BlindSource[],
    blindSpans: readonly Span[],
    partition: number,
  ): EvidenceRise | null {
    this.#changed = true;
    const lead = found[0];
    if (lead !== undefined) {
      episode.lastFound = bucket;
      const ratio = lead.finding.score / lead.finding.threshold;
      if (ratio >= 1 && episode.firedAt === null) {
        episode.firedAt = bucket;
        episode.onset = this.#series.get(lead.name)!.firstFrom(lead.finding.from);
        episode.strongest = { series: lead.name, ...lead.finding };
        // Those of the suspicion before the onset are not people of this outage.
        episode.voices = [];
        episode.voiceBound = hashSpace;
        addVoices(episode, this.#voices.voicesSince(episode.onset));
      }
      if (ratio > episode.strongest.score / episode.strongest.threshold) {
        episode.strongest = { series: lead.name, ...lead.finding };
      }
    }
    const all = this.#series.get('all')!;
    const lastMinute = all.sum(bucketsPerMinute);
    if (lastMinute > episode.peak) {
      episode.peak = lastMinute;
      episode.peakAt = bucket;
    }
    const carrier = this.#series.get(episode.strongest.series)!;
    carrier.advance(bucket, blindSpans);
    this.#changedSeries.add('all').add(episode.strongest.series);
    const normal = carrier.expected(anHour) / anHour;
    const excess = carrier.sum(fiveMinutes) / fiveMinutes - normal;
    episode.peakExcess = Math.max(episode.peakExcess, excess);
    const recent = this.#recent(found, bucket);
    this.#judgeCalm(episode, bucket, carrier.sum(1), normal, recent);
    const failing = episode.firedAt !== null;
    if (bucket - episode.start <= this.#settings.maxFreezeMs / bucketMs) {
      for (const [name, series] of this.#series) {
        series.freeze(bucket, failing);
        this.#changedSeries.add(name);
      }
      // As long as complaints are not learnt, talk is not either: the two are compared.
      this.#talk?.freeze(bucket, failing);
      if (this.#talk !== null) this.#changedSeries.add(talkName);
    }
    const over = this.#isOver(episode, bucket, blind);
    const rise = this.#tell(episode, bucket, found, recent, over, blind, partition);
    if (over) {
      this.#episode = null;
      // What belongs to this episode must not open the next.
      if (episode.firedAt !== null) this.#scanFrom = bucket + 1;
    }
    return rise;
  }

  #recent(found: readonly { name: string; finding: Finding }[], bucket: number): number {
    let recent = 0;
    for (const { finding } of found) {
      if (finding.from <= bucket - tenMinutes) continue;
      recent = Math.max(recent, finding.score / finding.threshold);
    }
    return recent;
  }

  /** Weighs normal against a quarter of the greatest excess, as a likelihood ratio per bucket. */
  #judgeCalm(
    episode: Episode,
    bucket: number,
    count: number,
    normal: number,
    recent: number,
  ): void {
    const failing = Math.max(normal + episode.peakExcess / 4, normal * 1.25, 1e-3);
    const ratio = failing - normal + count * Math.log(Math.max(normal, 1e-4) / failing);
    const before = episode.calmEvidence;
    episode.calmEvidence = Math.min(2 * calmBar, Math.max(0, before + ratio));
    if (episode.calmEvidence === 0) episode.calmFrom = null;
    else if (episode.calmFrom === null) episode.calmFrom = bucket;
    episode.calm = episode.calmEvidence >= calmBar && recent < suspicion;
  }

  #isOver(episode: Episode, bucket: number, blind: readonly BlindSource[]): boolean {
    if (episode.firedAt === null) {
      return bucket - episode.lastFound >= patience;
    }
    const start = bucketEnd(episode.onset - 1);
    if (blind.some((source) => !source.checksOnly && source.since > start)) return false;
    if (!episode.calm || episode.calmFrom === null) return false;
    // One that comes back soon after the last is flapping, and has to be calm for longer.
    const flaps = this.#scanFrom > 0 && episode.start - this.#scanFrom < flapBuckets;
    const wanted = this.#settings.minCalmMs * (flaps ? 2 : 1);
    return (bucket - episode.calmFrom) * bucketMs >= wanted;
  }

  #tell(
    episode: Episode,
    bucket: number,
    found: readonly { name: string; finding: Finding }[],
    recent: number,
    over: boolean,
    blind: readonly BlindSource[],
    partition: number,
  ): EvidenceRise | null {
    if (episode.firedAt === null) return null;
    // Ten minutes after it fired, a minute is soon enough.
    const settled = bucket - episode.firedAt > tenMinutes;
    if (settled && !over && (bucket + 1) % bucketsPerMinute !== 0) return null;
    const onset = episode.onset;
    const summary = this.#voices.since(onset);
    const all = this.#series.get('all')!;
    const length = Math.min(anHour, bucket - onset + 1);
    return {
      kind: 'rise',
      what: 'evidence',
      partition,
      at: iso(bucketEnd(bucket)),
      target: this.target,
      episode: iso(episode.start * bucketMs),
      onset: iso(onset * bucketMs),
      findings: found.slice(0, 12).map(({ name, finding }) => toRiseFinding(name, finding)),
      strongest: toRiseFinding(episode.strongest.series, episode.strongest),
      recent: round(recent),
      calm: episode.calm,
      calmSince: episode.calmFrom === null ? null : iso(episode.calmFrom * bucketMs),
      over,
      lastMinute: round(all.sum(bucketsPerMinute)),
      lastFiveMinutes: round(all.sum(fiveMinutes)),
      normalPerMinute: round(all.expected(bucketsPerMinute)),
      peak: { voicesPerMinute: round(episode.peak), at: iso(bucketEnd(episode.peakAt)) },
      voices: distinctVoices(episode),
      clusters: summary.texts,
      effectiveTexts: round(summary.effectiveTexts),
      topClusterShare: round(summary.topTextShare),
      sources: summary.sources,
      countries: this.#parts('country:', length),
      subdivisions: this.#parts('subdivision:', length),
      types: this.#parts('type:', length),
      platforms: this.#parts('platform:', length),
      total: {
        key: 'all',
        observed: round(all.sum(length)),
        expected: round(all.expected(length)),
      },
      samples: summary.samples,
      posts: summary.posts,
      blind: blind.map(({ source, since, checksOnly }) => ({
        source,
        since: iso(since),
        checksOnly,
      })),
    };
  }

  #parts(prefix: string, length: number): RisePart[] {
    const parts: RisePart[] = [];
    for (const [name, series] of this.#series) {
      if (!name.startsWith(prefix)) continue;
      const observed = series.sum(length);
      const expected = series.expected(length);
      // A calm part matters where it could have risen.
      if (observed === 0 && expected < 0.2) continue;
      parts.push({
        key: name.slice(prefix.length),
        observed: round(observed),
        expected: round(expected),
      });
    }
    parts.sort(
      (a, b) => b.observed - a.observed || b.expected - a.expected || compare(a.key, b.key),
    );
    return parts.slice(0, 60);
  }

  stateChanges(): { key: string; value: unknown }[] {
    const changes: { key: string; value: unknown }[] = [];
    if (this.#changed) {
      this.#changed = false;
      const state: TargetState = {
        since: this.#since,
        episode: this.#episode,
        scanFrom: this.#scanFrom,
        probes: this.#probes,
        voiceBound: this.#voices.bound,
      };
      changes.push({ key: `${targetPrefix}${this.target}`, value: structuredClone(state) });
    }
    for (const name of this.#changedSeries) {
      const series = name === talkName ? this.#talk : this.#series.get(name);
      changes.push({
        key: `${seriesPrefix}${this.target}/${name}`,
        value: series?.toState() ?? null,
      });
    }
    this.#changedSeries.clear();
    changes.push(...this.#voices.stateChanges(`${voicesPrefix}${this.target}/`));
    return changes;
  }

  static restore(
    target: string,
    state: TargetState,
    chunks: readonly (readonly [minute: number, chunk: VoiceChunk])[],
    settings: DetectionSettings,
  ): TargetDetector {
    const detector = new TargetDetector(target, state.since, settings);
    detector.#episode = structuredClone(state.episode);
    detector.#scanFrom = state.scanFrom;
    detector.#probes = { ...state.probes };
    detector.#voices.restore(chunks, state.voiceBound);
    detector.#changed = false;
    return detector;
  }

  restoreSeries(name: string, state: SeriesState): void {
    if (name === talkName) this.#talk = Series.restore(state);
    else this.#series.set(name, Series.restore(state));
  }
}

export const targetPrefix = 'target/';
export const seriesPrefix = 'series/';
export const voicesPrefix = 'voices/';

export const targetState = z.strictObject({
  since: z.number(),
  episode: episodeState.nullable(),
  scanFrom: z.number(),
  probes: z.record(z.string(), z.string()),
  voiceBound: z.number(),
});
export type TargetState = z.infer<typeof targetState>;

function toRiseFinding(series: string, found: Finding): RiseFinding {
  return {
    series,
    from: iso(found.from * bucketMs),
    windowSeconds: (found.length * bucketMs) / 1000,
    observed: round(found.observed),
    expected: round(found.expected),
    score: round(found.score),
    threshold: round(found.threshold),
  };
}

/** Three decimals: enough to read, and short in the log. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
