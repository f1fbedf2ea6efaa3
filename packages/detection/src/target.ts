import type { Check } from '@outcry/contracts';
import { bucketMs } from '@outcry/contracts';
import { z } from 'zod';
import { judgeCalm } from './calm.ts';
import type { Episode } from './episode.ts';
import { addVoices, beginEpisode, episodeState, hashSpace } from './episode.ts';
import { ratioOf } from './finding.ts';
import type { ClosedTarget } from './open-buckets.ts';
import type { PlacedVoice } from './placed-voices.ts';
import { notePlaced, placedVoice } from './placed-voices.ts';
import type { RegionsMoment, RegionsState } from './regions.ts';
import { followRegions, regionsState, splitRegions } from './regions.ts';
import type { EvidenceRise } from './rise.ts';
import type { Found } from './series-set.ts';
import { countVoice, SeriesSet } from './series-set.ts';
import type { SeriesState } from './series-state.ts';
import type { DetectionSettings } from './settings.ts';
import { bucketEnd, bucketsPerMinute, idleBuckets } from './settings.ts';
import type { Span } from './spans.ts';
import { tellEvidence } from './telling.ts';
import type { VoiceRecord } from './voice-record.ts';
import type { VoiceChunk } from './voice-window.ts';
import { VoiceWindow } from './voice-window.ts';
import type { BlindSource } from './watermark.ts';
import { compare } from './watermark.ts';

/** Share of its bar at which evidence makes a target suspect: it is told, and learning stops. */
const suspicion = 0.6;
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
  readonly #since: number;
  readonly #series: SeriesSet;
  #voices = new VoiceWindow();
  #episode: Episode | null = null;
  /** What the episode fell into, while outages in several places stand beside each other. */
  #regions: RegionsState | null = null;
  #placed: PlacedVoice[] = [];
  /** First bucket that a window may hold: the one after the last outage's end. */
  #scanFrom = 0;
  /** Last outcome told of each probe. */
  #probes: Record<string, string> = {};
  #changed = true;

  /** @param since first bucket from which silence counts as knowledge */
  constructor(target: string, since: number, settings: DetectionSettings) {
    this.target = target;
    this.#since = since;
    this.#settings = settings;
    this.#series = new SeriesSet(since, settings);
  }

  /** Under suspicion: wants every bucket, also the empty ones. */
  get hot(): boolean {
    return this.#episode !== null;
  }

  /** Whether it was silent so long at a bucket that its state says nothing any more. */
  isIdle(bucket: number): boolean {
    if (this.#episode !== null || Object.keys(this.#probes).length > 0) return false;
    return this.#series.lastBucket <= bucket - idleBuckets;
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
  ): EvidenceRise[] {
    this.#voices.forget(bucket);
    if (this.#voices.sampling.bound < hashSpace) this.#changed = true;
    const counts = this.#count(bucket, held?.complaints ?? [], held?.share ?? 1);
    if (held !== null) {
      this.#series.forgetIdle(bucket);
      if (held.talk > 0) this.#series.addTalk(bucket, held.talk, blindSpans);
      this.#series.add(bucket, counts, blindSpans);
    }
    const found = this.#scan(bucket, counts.keys(), blindSpans);
    const lead = found[0];
    if (this.#episode === null) {
      if (lead === undefined) return [];
      this.#episode = beginEpisode(bucket, lead.name, lead.finding);
      addVoices(this.#episode, this.#voices.voicesSince(lead.finding.from));
    }
    this.#changed = true;
    if (this.#episode.firedAt !== null) {
      const rises = this.#inRegions(this.#episode, bucket, found, blind, partition);
      if (rises !== null) return rises;
    }
    const episode = this.#episode;
    if (lead !== undefined) this.#strengthen(episode, bucket, lead);
    const recent = recentOf(found, bucket);
    this.#measure(episode, bucket, recent, blindSpans);
    const failing = episode.firedAt !== null;
    this.#freeze(episode, bucket);
    const over = this.#isOver(episode, bucket, blind);
    if (over) this.#end(bucket, failing);
    if (!failing) return [];
    // Ten minutes after it fired, a minute is soon enough.
    const settled = bucket - episode.firedAt! > tenMinutes;
    if (settled && !over && (bucket + 1) % bucketsPerMinute !== 0) return [];
    const { target } = this;
    const moment = { bucket, target, partition, found, recent, over, blind };
    return [tellEvidence(episode, this.#series, this.#voices, moment)];
  }

  /** Follows outages that stand beside each other; null where the episode is one. */
  #inRegions(
    episode: Episode,
    bucket: number,
    found: readonly Found[],
    blind: readonly BlindSource[],
    partition: number,
  ): EvidenceRise[] | null {
    const moment: RegionsMoment = {
      bucket,
      target: this.target,
      partition,
      found,
      series: (name) => this.#series.get(name),
      counts: (prefix, length) => this.#series.parts(prefix, length),
      placed: this.#placed,
      blind,
      minCalmMs: this.#settings.minCalmMs,
      suspicion,
    };
    this.#regions ??= splitRegions(episode, moment);
    if (this.#regions === null) return null;
    const { rises, whole, ended } = followRegions(this.#regions, moment);
    this.#freeze(episode, bucket);
    if (whole !== null) this.#episode = whole;
    if (whole !== null || ended) this.#regions = null;
    if (ended) this.#end(bucket, true);
    return rises;
  }

  #freeze(episode: Episode, bucket: number): void {
    if (bucket - episode.start > this.#settings.maxFreezeMs / bucketMs) return;
    this.#series.freeze(bucket, episode.firedAt !== null);
  }

  #end(bucket: number, failing: boolean): void {
    this.#episode = null;
    this.#placed = [];
    // What belongs to this episode must not open the next.
    if (failing) this.#scanFrom = bucket + 1;
  }

  /** Counts the voices of a bucket, by series. */
  #count(bucket: number, records: readonly VoiceRecord[], share: number): Map<string, number> {
    const counts = new Map<string, number>();
    const fresh: number[] = [];
    for (const record of records) {
      const stands = this.#voices.count(bucket, record, share);
      if (stands === 0) continue;
      fresh.push(record.voice);
      if (this.#episode !== null) notePlaced(this.#placed, bucket, record);
      countVoice(counts, record, stands * record.weight);
    }
    if (this.#episode !== null && fresh.length > 0) addVoices(this.#episode, fresh);
    return counts;
  }

  /** Evidence of at least suspicion, the strongest first. */
  #scan(bucket: number, heard: Iterable<string>, blindSpans: readonly Span[]): Found[] {
    // An outage wants to know of every part; a mere suspicion only of what was heard of.
    const fired = this.#episode !== null && this.#episode.firedAt !== null;
    if (this.hot && this.#series.whole !== null) this.#series.advance('all', bucket, blindSpans);
    const found: Found[] = [];
    for (const name of fired ? this.#series.names() : heard) {
      if (fired) this.#series.advance(name, bucket, blindSpans);
      const finding = this.#series.scan(name, bucket, this.#scanFrom, blindSpans);
      if (finding === null) continue;
      if (ratioOf(finding) >= suspicion) found.push({ name, finding });
    }
    return found.sort((a, b) => ratioOf(b.finding) - ratioOf(a.finding) || compare(a.name, b.name));
  }

  /** Takes the strongest evidence of a bucket. */
  #strengthen(episode: Episode, bucket: number, { name, finding }: Found): void {
    episode.lastFound = bucket;
    if (ratioOf(finding) >= 1 && episode.firedAt === null) {
      episode.firedAt = bucket;
      episode.onset = this.#series.get(name).firstFrom(finding.from);
      episode.strongest = { series: name, ...finding };
      // Those of the suspicion before the onset are not people of this outage.
      episode.voices = [];
      episode.voiceBound = hashSpace;
      addVoices(episode, this.#voices.voicesSince(episode.onset));
    }
    if (ratioOf(finding) > ratioOf(episode.strongest)) {
      episode.strongest = { series: name, ...finding };
    }
  }

  /** Follows the height of an episode and judges whether it is calm again. */
  #measure(episode: Episode, bucket: number, recent: number, blindSpans: readonly Span[]): void {
    const lastMinute = this.#series.get('all').sum(bucketsPerMinute);
    if (lastMinute > episode.peak) {
      episode.peak = lastMinute;
      episode.peakAt = bucket;
    }
    const lead = episode.strongest.series;
    const carrier = this.#series.has(lead) ? lead : 'all';
    this.#series.advance(carrier, bucket, blindSpans);
    const series = this.#series.get(carrier);
    const normal = series.expected(anHour) / anHour;
    const excess = series.sum(fiveMinutes) / fiveMinutes - normal;
    episode.peakExcess = Math.max(episode.peakExcess, excess);
    judgeCalm(episode, bucket, series.sum(1), normal, recent < suspicion);
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

  stateChanges(): { key: string; value: unknown }[] {
    const changes: { key: string; value: unknown }[] = [];
    if (this.#changed) {
      this.#changed = false;
      const state: TargetState = {
        since: this.#since,
        episode: this.#episode,
        regions: this.#regions,
        placed: this.#placed,
        scanFrom: this.#scanFrom,
        probes: this.#probes,
        voices: this.#voices.sampling,
      };
      changes.push({ key: `${targetPrefix}${this.target}`, value: structuredClone(state) });
    }
    changes.push(...this.#series.stateChanges(`${seriesPrefix}${this.target}/`));
    changes.push(...this.#voices.stateChanges(`${voicesPrefix}${this.target}/`));
    return changes;
  }

  /** Tombstones for all of its state. */
  release(): { key: string; value: null }[] {
    this.#series.clear();
    this.#voices.clear();
    this.#changed = true;
    return this.stateChanges().map(({ key }) => ({ key, value: null }));
  }

  static restore(
    target: string,
    state: TargetState,
    chunks: readonly (readonly [minute: number, chunk: VoiceChunk])[],
    settings: DetectionSettings,
  ): TargetDetector {
    const detector = new TargetDetector(target, state.since, settings);
    detector.#episode = structuredClone(state.episode);
    detector.#regions = structuredClone(state.regions);
    detector.#placed = structuredClone(state.placed);
    detector.#scanFrom = state.scanFrom;
    detector.#probes = { ...state.probes };
    detector.#voices.restore(chunks, state.voices);
    detector.#changed = false;
    return detector;
  }

  restoreSeries(name: string, state: SeriesState): void {
    this.#series.restore(name, state);
  }
}

/** Greatest share of its bar that a window of at most ten minutes reaches. */
function recentOf(found: readonly Found[], bucket: number): number {
  let recent = 0;
  for (const { finding } of found) {
    if (finding.from > bucket - tenMinutes) recent = Math.max(recent, ratioOf(finding));
  }
  return recent;
}

export const targetPrefix = 'target/';
export const seriesPrefix = 'series/';
export const voicesPrefix = 'voices/';

export const targetState = z.strictObject({
  since: z.number(),
  episode: episodeState.nullable(),
  regions: regionsState.nullable(),
  placed: z.array(placedVoice),
  scanFrom: z.number(),
  probes: z.record(z.string(), z.string()),
  voices: z.strictObject({ bound: z.number(), forgotten: z.number() }),
});
export type TargetState = z.infer<typeof targetState>;
