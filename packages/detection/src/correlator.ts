import type { Check, OutageEvent } from '@outcry/contracts';
import { check as checkSchema } from '@outcry/contracts';
import { z } from 'zod';
import type { Neighbour } from './cause.ts';
import { contradictsEcho, explainEcho } from './echo.ts';
import { corroborates, suffices } from './life.ts';
import type { OutageRecord, Surroundings } from './outage.ts';
import { followOutage, openOutage, outageRecord } from './outage.ts';
import type { Correlator, RiseRecord } from './ports.ts';
import type { EvidenceRise, Rise } from './rise.ts';
import { riseRecord } from './rise.ts';
import type { DetectionSettings } from './settings.ts';
import { withDefaults } from './settings.ts';
import { readState, requireRules, unknownKey } from './state.ts';
import { rulesVersion } from './version.ts';
import { compare } from './watermark.ts';

export interface CorrelatorOptions {
  /** The committed state, by key; empty at the very start. */
  state: ReadonlyMap<string, unknown>;
  settings?: Partial<DetectionSettings>;
  /** Targets that a target cannot work without, for telling echoes and causes. */
  dependencies?: (target: string) => readonly string[];
}

/**
 * The second step: the rises of all partitions, in event time. What is told waits until every
 * partition has told everything up to there, and is then taken in (at, target) order, so that
 * neither interleaving nor the number of partitions shows in the result.
 *
 * @throws CorruptStateError when `state` cannot be read
 */
export function createCorrelator(options: CorrelatorOptions): Correlator {
  return new OutageCorrelator(options);
}

/** A maintenance without an end is believed for half a day. */
const maintenanceMs = 12 * 60 * 60_000;
/** How long an official notice or a probe's outcome may be before an outage to speak for it. */
const checkMemoryMs = 60 * 60_000;

class OutageCorrelator implements Correlator {
  readonly #settings: DetectionSettings;
  readonly #dependencies: (target: string) => readonly string[];
  /** What each partition has told, by its number. */
  #through = new Map<number, string>();
  #partitions: number | null = null;
  #waiting = new Map<string, Rise>();
  /** By target and episode. */
  #outages = new Map<string, OutageRecord>();
  #checks = new Map<string, Check[]>();
  #changed = new Set<string>([metaKey]);

  constructor(options: CorrelatorOptions) {
    this.#settings = withDefaults(options.settings);
    this.#dependencies = options.dependencies ?? (() => []);
    if (options.state.size > 0) this.#restore(options.state);
  }

  take(record: RiseRecord): OutageEvent[] {
    if (record.kind === 'rise') {
      const rise = record as Rise;
      const part = rise.what === 'check' ? `check/${rise.check.id}` : `evidence/${rise.episode}`;
      const key = `${waitingPrefix}${rise.at}/${rise.target}/${part}`;
      this.#waiting.set(key, rise);
      this.#changed.add(key);
      return [];
    }
    const before = this.#through.get(record.partition);
    this.#partitions = record.partitions;
    this.#changed.add(metaKey);
    if (before === undefined || record.through > before) {
      this.#through.set(record.partition, record.through);
    }
    if (this.#through.size < this.#partitions) return [];
    let least: string | null = null;
    for (const through of this.#through.values()) {
      if (least === null || through < least) least = through;
    }
    return this.#decide(least!);
  }

  finish(): OutageEvent[] {
    return this.#decide('9999');
  }

  stateChanges(): { key: string; value: unknown }[] {
    const changes: { key: string; value: unknown }[] = [];
    for (const key of this.#changed)
      changes.push({ key, value: structuredClone(this.#value(key)) });
    this.#changed.clear();
    return changes;
  }

  #decide(through: string): OutageEvent[] {
    const due: string[] = [];
    for (const [key, rise] of this.#waiting) if (rise.at <= through) due.push(key);
    due.sort(compare);
    const events: OutageEvent[] = [];
    for (const key of due) {
      const rise = this.#waiting.get(key)!;
      this.#waiting.delete(key);
      this.#changed.add(key);
      const event = rise.what === 'check' ? this.#hear(rise.target, rise.check) : this.#weigh(rise);
      if (event !== null) events.push(event);
    }
    return events;
  }

  #hear(target: string, check: Check): null {
    for (const [key, outage] of this.#outages) {
      if (outage.rise.target !== target) continue;
      outage.checks = [...outage.checks, check].slice(-20);
      this.#changed.add(`${outagePrefix}${key}`);
    }
    const known = this.#checks.get(target) ?? [];
    this.#checks.set(target, [...known, check].slice(-10));
    this.#changed.add(`${checksPrefix}${target}`);
    return null;
  }

  #weigh(rise: EvidenceRise): OutageEvent | null {
    const { target, at } = rise;
    const key = keyOf(target, rise.episode);
    const outage = this.#outages.get(key);
    if (outage === undefined) {
      if (rise.over || !suffices(rise, this.#settings) || this.#inMaintenance(target, at)) {
        return null;
      }
      const record = openOutage(rise, this.#checksFor(target, at), this.#around(rise));
      this.#outages.set(key, record);
      this.#changed.add(`${outagePrefix}${key}`);
      return record.told;
    }
    const event = followOutage(outage, rise, this.#around(rise), this.#settings);
    this.#changed.add(`${outagePrefix}${key}`);
    if (rise.over) this.#outages.delete(key);
    return event;
  }

  /** What goes on at other targets, and whether it explains this rise. */
  #around(rise: EvidenceRise): Surroundings {
    const dependencies = this.#dependencies(rise.target);
    const neighbours: Neighbour[] = [];
    const beside: string[] = [];
    const before = this.#outages.get(keyOf(rise.target, rise.episode))?.told.echoOf;
    const whole =
      rise.mergedInto === null
        ? undefined
        : this.#outages.get(keyOf(rise.target, rise.mergedInto))?.told;
    let echoOf: OutageEvent['echoOf'] | undefined;
    let most = 0;
    let dropped = false;
    for (const [, other] of [...this.#outages].sort((a, b) => compare(a[0], b[0]))) {
      const { target } = other.rise;
      if (target === rise.target) {
        if (other.rise.episode !== rise.episode) beside.push(other.told.outageId);
        continue;
      }
      neighbours.push({
        target,
        startedAt: other.told.startedAt,
        countries: other.scope.countries,
        isEcho: other.told.echoOf !== undefined,
      });
      if (before?.outageId === other.told.outageId && contradictsEcho(rise, other.rise)) {
        dropped = true;
      }
      const evidence = explainEcho(rise, other.rise, dependencies.includes(target));
      if (evidence === null || other.rise.voices <= most) continue;
      most = other.rise.voices;
      echoOf = { outageId: other.told.outageId, target, evidence };
    }
    return {
      // Once marked it stays so, also after the other has ended, unless the posts speak against it.
      echoOf: echoOf ?? (dropped ? undefined : before),
      neighbours,
      dependencies,
      beside,
      whole,
    };
  }

  /** Whether the target's own notice says that it is being worked on. Measuring goes on. */
  #inMaintenance(target: string, at: string): boolean {
    const notices = (this.#checks.get(target) ?? []).filter(
      (check) => check.method === 'official-status',
    );
    const last = notices.at(-1);
    if (last?.outcome !== 'maintenance') return false;
    if (last.officialResolvedAt !== undefined) return last.officialResolvedAt > at;
    return Date.parse(at) - Date.parse(last.observedAt) < maintenanceMs;
  }

  #checksFor(target: string, at: string): Check[] {
    const oldest = Date.parse(at) - checkMemoryMs;
    return (this.#checks.get(target) ?? []).filter(
      (check) => corroborates(check) && Date.parse(check.observedAt) >= oldest,
    );
  }

  #value(key: string): unknown {
    if (key === metaKey) {
      const meta: MetaState = {
        rules: rulesVersion,
        partitions: this.#partitions,
        through: [...this.#through].sort((a, b) => a[0] - b[0]),
      };
      return meta;
    }
    if (key.startsWith(waitingPrefix)) return this.#waiting.get(key) ?? null;
    if (key.startsWith(outagePrefix)) {
      return this.#outages.get(key.slice(outagePrefix.length)) ?? null;
    }
    return this.#checks.get(key.slice(checksPrefix.length)) ?? null;
  }

  #restore(state: ReadonlyMap<string, unknown>): void {
    const meta = readState(metaState, metaKey, state.get(metaKey));
    requireRules(metaKey, meta.rules);
    this.#partitions = meta.partitions;
    this.#through = new Map(meta.through);
    for (const [key, value] of state) {
      if (key === metaKey) continue;
      if (key.startsWith(waitingPrefix)) {
        this.#waiting.set(key, readState(riseRecord, key, value) as Rise);
      } else if (key.startsWith(outagePrefix)) {
        this.#outages.set(key.slice(outagePrefix.length), readState(outageRecord, key, value));
      } else if (key.startsWith(checksPrefix)) {
        const checks = readState(z.array(checkSchema), key, value);
        this.#checks.set(key.slice(checksPrefix.length), checks);
      } else unknownKey(key);
    }
    this.#changed.clear();
  }
}

function keyOf(target: string, episode: string): string {
  return `${target}/${episode}`;
}

const metaKey = 'meta';
const waitingPrefix = 'waiting/';
const outagePrefix = 'outage/';
const checksPrefix = 'checks/';
const metaState = z.strictObject({
  rules: z.string(),
  partitions: z.number().nullable(),
  through: z.array(z.tuple([z.number(), z.string()])),
});
type MetaState = z.infer<typeof metaState>;
