import type { Post } from '@outcry/contracts';
import { talkedAbout } from '../demo/script.ts';
import { createRandom } from '../random.ts';
import { drawConfounders } from './confounders.ts';
import { drawCascades, drawOutages } from './outages.ts';
import { createPostWriter } from './posts.ts';
import { sources } from './signals.ts';
import type { SimRecord } from './stream.ts';
import { runWorld } from './stream.ts';
import { onsetRate } from './strength.ts';
import { truthOf } from './truth.ts';
import type { Blindness, SimTarget, World } from './world.ts';
import { dayMs, drawTarget, hourMs, minuteMs, weekMs } from './world.ts';

export interface SimulateOptions {
  seed: string | number;
  days: number;
  targets: number;
  /** First instant, ISO 8601; a Monday midnight by default. */
  start?: string;
  /** Range of the targets' normal complaints a minute, spread evenly in the logarithm. */
  rates?: { from: number; to: number };
  outagesPerWeek?: number;
  confoundersPerWeek?: number;
  multipliers?: { from: number; to: number };
  /** The classifier's stated rate of false alarms on other talk. */
  leak?: number;
  /** No outage before this many days, so that a detector may learn. */
  quietDays?: number;
  /** Times a week that a source goes blind for a while. */
  blindPerWeek?: number;
  /** The most complaints a minute that an outage adds, to bound the work. */
  mostPerMinute?: number;
  /** The most other talk a minute about a target: of the largest, sources sample it. */
  mostTalk?: number;
  /** Seconds between a source's heartbeats; a divisor of 60. */
  heartbeatSeconds?: number;
  /** Names of the targets; `sim-1`, `sim-2` … by default. */
  names?: readonly string[];
}

/** Draws everything that will happen; the same options give the same world. */
export function drawWorld(options: SimulateOptions): World {
  const seed = String(options.seed);
  const start = Date.parse(options.start ?? '2025-03-03T00:00:00.000Z');
  if (Number.isNaN(start)) throw new RangeError(`start is no time: ${options.start}`);
  if (!(options.days > 0) || !(options.targets > 0)) {
    throw new RangeError('a simulation wants at least one target and more than zero days');
  }
  const end = start + Math.round(options.days * 24 * 60) * minuteMs;
  const rates = options.rates ?? { from: 0.05, to: 500 };
  const targets = drawTargets(seed, options.names ?? numbered(options.targets), rates);
  for (const target of targets) target.talk = Math.min(target.talk, options.mostTalk ?? 60);
  const span = { from: start + (options.quietDays ?? 0) * dayMs, to: end };
  const outages = targets.flatMap((target) =>
    drawOutages(createRandom(`${seed}/outages/${target.id}`), target, span, {
      outagesPerWeek: options.outagesPerWeek ?? 1.5,
      multipliers: options.multipliers ?? { from: 1.5, to: 100 },
    }),
  );
  const most = options.mostPerMinute ?? 20_000;
  for (const outage of outages) {
    const target = targets.find((one) => one.id === outage.target)!;
    const excess = onsetRate(target, outage, start) / most;
    if (excess > 1) outage.multiplier = Math.max(1.5, 1 + (outage.multiplier - 1) / excess);
  }
  outages.push(...drawCascades(createRandom(`${seed}/cascades`), targets, outages));
  const confounders = targets.flatMap((target) =>
    drawConfounders(
      createRandom(`${seed}/confounders/${target.id}`),
      target,
      outages.filter((outage) => outage.target === target.id),
      span,
      { confoundersPerWeek: options.confoundersPerWeek ?? 3, leak: options.leak ?? 0.02 },
    ),
  );
  const blindness = drawBlindness(seed, span, options.blindPerWeek ?? 0.5);
  return { seed, start, end, targets, outages, confounders, blindness };
}

/** A quarter of the targets depend on an earlier one, as catalogues say of clouds and sign-ins. */
function drawTargets(
  seed: string,
  names: readonly string[],
  rates: { from: number; to: number },
): SimTarget[] {
  const targets: SimTarget[] = [];
  for (const id of names) {
    const random = createRandom(`${seed}/target/${id}`);
    const target = drawTarget(random, id, rates);
    if (targets.length > 0 && random.chance(0.25)) target.dependsOn = random.choice(targets).id;
    targets.push(target);
  }
  return targets;
}

function numbered(count: number): string[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, i) => `sim-${String(i + 1).padStart(width, '0')}`);
}

function drawBlindness(
  seed: string,
  span: { from: number; to: number },
  perWeek: number,
): Blindness[] {
  const random = createRandom(`${seed}/blindness`);
  return sources.flatMap((source) => {
    const count = random.poisson(((span.to - span.from) / weekMs) * perWeek);
    return Array.from({ length: count }, () => {
      const from = Math.floor(random.uniform(span.from, span.to));
      return { source, from, to: Math.floor(from + random.logUniform(3, 60) * minuteMs) };
    }).filter((one) => one.to < span.to + hourMs);
  });
}

export interface Simulation<T> {
  records: Iterable<T>;
  truth: Iterable<Record<string, unknown>>;
}

/**
 * Signals, checks and heartbeats of simulated targets in the order in which they are observed, and
 * the ground truth beside them. Both are made as they are read.
 */
export function simulateSignals(options: SimulateOptions): Simulation<SimRecord> {
  const world = drawWorld(options);
  const heartbeatMs = heartbeatOf(options);
  return {
    records: {
      *[Symbol.iterator]() {
        for (const minute of runWorld(world, heartbeatMs)) yield* minute.records;
      },
    },
    truth: { [Symbol.iterator]: () => truthOf(world) },
  };
}

/**
 * The same as posts with text, for the way through the classifier. The targets carry names that
 * people write (`postTargets` of them at most); reports become posts, and there are neither checks
 * nor heartbeats.
 */
export function simulatePosts(options: SimulateOptions): Simulation<Post> {
  const names = talkedAbout.slice(0, options.targets).map((service) => service.id);
  if (names.length < options.targets) {
    throw new RangeError(`posts can be written about at most ${talkedAbout.length} targets`);
  }
  const world = drawWorld({ ...options, names });
  const write = createPostWriter(world.seed);
  return {
    records: {
      *[Symbol.iterator]() {
        for (const minute of runWorld(world)) {
          for (const record of minute.records) if (record.kind === 'signal') yield write(record);
        }
      },
    },
    truth: { [Symbol.iterator]: () => truthOf(world) },
  };
}

/** `outcry simulate`: signals, or with `posts` posts. */
export function simulate(
  options: SimulateOptions & { posts?: boolean },
): Simulation<SimRecord | Post> {
  return options.posts === true ? simulatePosts(options) : simulateSignals(options);
}

function heartbeatOf(options: SimulateOptions): number {
  const heartbeatMs = (options.heartbeatSeconds ?? 10) * 1_000;
  if (!(heartbeatMs > 0) || minuteMs % heartbeatMs !== 0) {
    throw new RangeError('heartbeatSeconds must divide 60');
  }
  return heartbeatMs;
}
