import type { Check, Heartbeat, Signal } from '@outcry/contracts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import { drawChecks } from './checks.ts';
import type { Confounder } from './confounders.ts';
import { confounderRate } from './confounders.ts';
import { createInstantWriter } from './instants.ts';
import type { SimOutage } from './outages.ts';
import { rhythm } from './rhythm.ts';
import type { SignalWriter } from './signals.ts';
import { createSignalWriter, sources } from './signals.ts';
import { growth, sliceShare, strength } from './strength.ts';
import type { SimTarget, World } from './world.ts';
import { hourMs, minuteMs } from './world.ts';

export type SimRecord = Signal | Check | Heartbeat;

/** One minute of the simulation. */
export interface SimMinute {
  start: number;
  /** In the order in which they are observed. */
  records: SimRecord[];
  /** By target: how far the level has wandered, as a factor. Truth, for a judge who may know it. */
  levels: Float64Array;
}

interface Observed {
  observed: number;
  record: SimRecord;
}

/**
 * Runs a world minute by minute. Every target draws from a generator of its own, so one target's
 * stream does not depend on which others are simulated, echoes apart.
 *
 * @param heartbeatMs how often each source says how far it has seen; a divisor of a minute
 */
export function* runWorld(world: World, heartbeatMs = 10_000): Generator<SimMinute> {
  const instant = createInstantWriter();
  const levels = new Float64Array(world.targets.length).fill(1);
  let pending: Observed[] = drawChecks(world).map((record) => ({
    observed: Date.parse(record.observedAt),
    record,
  }));
  const emit = (record: Signal, observed: number): void => {
    if (isBlind(world, record.source, observed)) return;
    pending.push({ observed, record });
  };
  const states = world.targets.map((target) => createTargetState(world, target, instant, emit));

  for (let start = world.start; start < world.end; start += minuteMs) {
    for (let i = 0; i < states.length; i++) levels[i] = stepTarget(world, states[i]!, start);
    const end = start + minuteMs;
    const ready = pending.filter((entry) => entry.observed < end);
    pending = pending.filter((entry) => entry.observed >= end);
    ready.sort((a, b) => a.observed - b.observed);
    yield { start, records: withHeartbeats(world, ready, start, heartbeatMs, instant), levels };
  }
}

function withHeartbeats(
  world: World,
  ready: readonly Observed[],
  start: number,
  heartbeatMs: number,
  instant: (at: number) => string,
): SimRecord[] {
  const records: SimRecord[] = [];
  let next = 0;
  for (let at = start + heartbeatMs; at <= start + minuteMs; at += heartbeatMs) {
    while (next < ready.length && ready[next]!.observed < at) records.push(ready[next++]!.record);
    for (const source of sources) {
      const blind = world.blindness.find(
        (one) => one.source === source && one.from <= at && at < one.to,
      );
      records.push(
        blind === undefined
          ? { kind: 'heartbeat', source, state: 'seeing', through: instant(at) }
          : {
              kind: 'heartbeat',
              source,
              state: 'blind',
              through: instant(at),
              since: instant(blind.from),
              reason: 'unreachable',
            },
      );
    }
  }
  return records;
}

function isBlind(world: World, source: string, at: number): boolean {
  for (const one of world.blindness) {
    if (one.source === source && one.from <= at && at < one.to) return true;
  }
  return false;
}

interface TargetState {
  target: SimTarget;
  random: Random;
  write: SignalWriter;
  outages: readonly SimOutage[];
  confounders: readonly Confounder[];
  /** Per listener and minute at level 1, refreshed every ten minutes. */
  rates: Float64Array;
  total: number;
  /** The rhythm of the whole audience, mean 1. */
  activity: number;
  /** Slow parts of the logarithm of the levels of complaints and of talk, in deviations. */
  drift: number;
  talkDrift: number;
}

function createTargetState(
  world: World,
  target: SimTarget,
  instant: (at: number) => string,
  emit: (record: Signal, observed: number) => void,
): TargetState {
  const random = createRandom(`${world.seed}/stream/${target.id}`);
  return {
    target,
    random,
    write: createSignalWriter(world, target, random, instant, emit),
    outages: world.outages.filter((outage) => outage.target === target.id),
    confounders: world.confounders.filter((confounder) => confounder.target === target.id),
    rates: new Float64Array(target.audience.length),
    total: 0,
    activity: 1,
    drift: random.normal(),
    talkDrift: random.normal(),
  };
}

/** Gamma size of one minute of talk, and how its level wanders: measured, see `drawTarget`. */
const talkSize = 5;
const talkWander = { deviation: 0.3, hours: 4 };

/** Draws one minute of a target; returns the level of its complaints. */
function stepTarget(world: World, state: TargetState, start: number): number {
  const { target, random } = state;
  if ((start - world.start) % (10 * minuteMs) === 0) refreshRates(world, state, start);

  state.drift = wander(random, state.drift, target.wander.hours);
  state.talkDrift = wander(random, state.talkDrift, talkWander.hours);
  const { deviation } = target.wander;
  const level = Math.exp(deviation * state.drift - deviation ** 2 / 2);
  const noise = random.gamma(target.size, 1 / target.size);

  const normal = random.poisson(state.total * level * noise);
  for (let i = 0; i < normal; i++) {
    state.write.complaint(
      start + random.next() * minuteMs,
      random.weightedIndex(state.rates, state.total),
    );
  }
  // Talk moves with complaints about half: the same people are awake and interested.
  const talkLevel = Math.exp(
    talkWander.deviation * (0.5 * state.drift + 0.866 * state.talkDrift) -
      talkWander.deviation ** 2 / 2,
  );
  const talk = random.poisson(
    target.talk * state.activity * talkLevel * random.gamma(talkSize, 1 / talkSize),
  );
  for (let i = 0; i < talk; i++) {
    state.write.talk(
      start + random.next() * minuteMs,
      random.weightedIndex(state.rates, state.total),
      'unrelated',
    );
  }
  for (const outage of state.outages) {
    if (outage.echo === undefined) stepOutage(state, outage, start, level * noise);
  }
  for (const confounder of state.confounders) stepConfounder(state, confounder, start);
  return level;
}

function refreshRates(world: World, state: TargetState, start: number): void {
  const { target } = state;
  const grown = target.rate * growth(target, start, world.start);
  let activity = 0;
  target.audience.forEach((listener, index) => {
    const own = listener.share * rhythm(target, listener.country, start);
    activity += own;
    state.rates[index] = own * grown;
  });
  state.activity = activity;
  state.total = activity * grown;
}

/** An Ornstein-Uhlenbeck step of a minute, with deviation 1. */
function wander(random: Random, value: number, hours: number): number {
  const keep = Math.exp(-1 / (hours * 60));
  return value * keep + Math.sqrt(1 - keep * keep) * random.normal();
}

function stepOutage(state: TargetState, outage: SimOutage, start: number, factor: number): void {
  const end = start + minuteMs;
  if (end <= outage.startedAt || start > outage.endedAt + 1.5 * hourMs) return;
  const { random, target } = state;
  const weights = sliceWeights(state, outage);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const full = (outage.multiplier - 1) * total * outage.reach * sliceShare(target, outage);

  const from = Math.max(start, outage.startedAt);
  const mean =
    full * strength(outage, from + (end - from) / 2) * factor * ((end - from) / minuteMs);
  const extra = random.poisson(mean);
  for (let i = 0; i < extra; i++) {
    state.write.complaint(
      from + random.next() * (end - from),
      random.weightedIndex(weights, total),
      outage,
    );
  }
  // Second-hand talk follows a quarter of an hour behind; at the end people say that it works again.
  const talk = random.poisson(0.4 * full * strength(outage, start - 15 * minuteMs));
  for (let i = 0; i < talk; i++) {
    state.write.talk(
      start + random.next() * minuteMs,
      random.weightedIndex(state.rates, state.total),
      random.chance(0.7) ? 'relaying' : 'unrelated',
    );
  }
  const since = start - outage.endedAt;
  if (since < 0) return;
  const relief = random.poisson(0.3 * full * Math.exp(-since / (12 * minuteMs)));
  for (let i = 0; i < relief; i++) {
    state.write.talk(
      start + random.next() * minuteMs,
      random.weightedIndex(weights, total),
      'recovered',
    );
  }
}

function sliceWeights(state: TargetState, outage: SimOutage): Float64Array {
  if (outage.countries.length === 0) return state.rates;
  return state.rates.map((rate, index) =>
    outage.countries.includes(state.target.audience[index]!.country.code) ? rate : 0,
  );
}

function stepConfounder(state: TargetState, confounder: Confounder, start: number): void {
  const { random } = state;
  const from = Math.max(start, confounder.startedAt);
  const to = Math.min(start + minuteMs, confounder.endedAt);
  if (to <= from) return;
  const rate = confounderRate(confounder, from + (to - from) / 2);
  const posts = random.poisson((rate * (to - from)) / minuteMs);
  for (let i = 0; i < posts; i++) {
    state.write.confounding(
      from + random.next() * (to - from),
      random.weightedIndex(state.rates, state.total),
      confounder,
    );
  }
}
