import { countLogProbability } from './numbers.ts';

/**
 * The level of a series as it was some time ago: rate over rhythm, under several memories at once.
 *
 * Each memory is a gamma posterior whose evidence fades (a dynamic Poisson-gamma model); which one
 * is believed is learnt from how well it predicted, so a steady series gets a long memory and a
 * wandering one a short. A level runs behind by its delay and therefore never knows the windows it
 * is compared with.
 */
export interface Level {
  /** Next bucket to learn. */
  next: number;
  /** Voices and exposure per memory, faded. */
  voices: number[];
  exposure: number[];
  /** Faded log-score of each memory; the best has 0. */
  merit: number[];
  /** What follows from the merits: how much each memory is believed. */
  weight: number[];
}

/** Memories in buckets: twenty minutes, ninety minutes, eight hours, three days. */
export const memories = [120, 540, 2880, 25_920] as const;

/** Prior of a rate of which nothing is known: half a voice. */
const priorVoices = 0.5;

/** How long a memory's merit is remembered, in buckets: a day. */
const meritMemory = 8640;

export function beginLevel(since: number): Level {
  return {
    next: since,
    voices: memories.map(() => 0),
    exposure: memories.map(() => 0),
    merit: memories.map(() => 0),
    weight: memories.map(() => 1 / memories.length),
  };
}

export function restoreLevel(state: Omit<Level, 'weight'>): Level {
  const level: Level = {
    next: state.next,
    voices: [...state.voices],
    exposure: [...state.exposure],
    merit: [...state.merit],
    weight: memories.map(() => 0),
  };
  weigh(level);
  return level;
}

function weigh(level: Level): void {
  let sum = 0;
  for (let i = 0; i < memories.length; i += 1) {
    level.weight[i] = Math.exp(level.merit[i]!);
    sum += level.weight[i]!;
  }
  for (let i = 0; i < memories.length; i += 1) level.weight[i]! /= sum;
}

/** Lets a stretch of buckets pass with its exposure, then adds the voices it held. */
export function learnLevel(level: Level, buckets: number, exposure: number, voices: number): void {
  const mean = exposure / buckets;
  for (let i = 0; i < memories.length; i += 1) {
    const memory = memories[i]!;
    const fade = buckets === 1 ? fades[i]! : Math.exp(-buckets / memory);
    level.voices[i] = level.voices[i]! * fade + voices;
    level.exposure[i] = level.exposure[i]! * fade + ((1 - fade) / (1 - fades[i]!)) * mean;
  }
}

const fades = memories.map((memory) => Math.exp(-1 / memory));

export interface Rate {
  /** Voices per bucket of exposure one. */
  mean: number;
  /** Relative variance of that estimate. */
  variance: number;
}

/**
 * Rate and certainty under each memory. A short memory knows little by itself: it starts from what
 * the next longer one says, which counts as a few voices.
 */
function posteriors(level: Level): void {
  const longest = memories.length - 1;
  shapes[longest] = level.voices[longest]! + priorVoices;
  means[longest] = shapes[longest]! / Math.max(1, level.exposure[longest]!);
  for (let i = longest - 1; i >= 0; i -= 1) {
    const lent = Math.min(lentVoices, shapes[i + 1]!);
    shapes[i] = level.voices[i]! + lent;
    means[i] = shapes[i]! / (level.exposure[i]! + lent / means[i + 1]!);
  }
}

/** Most voices that a longer memory's word counts for: between two memories levels wander by a fifth. */
const lentVoices = 20;
/** Filled by `posteriors`, so that nothing is allocated per bucket. */
const shapes = memories.map(() => 0);
const means = memories.map(() => 0);

/** The believed rate: the memories weighted by their merit. */
export function rateOf(level: Level): Rate {
  posteriors(level);
  let mean = 0;
  let variance = 0;
  for (let i = 0; i < memories.length; i += 1) {
    mean += level.weight[i]! * means[i]!;
    variance += level.weight[i]! / shapes[i]!;
  }
  return { mean, variance };
}

/** Scores each memory by what it said of a window that is now known. */
export function judgeMemories(
  level: Level,
  buckets: number,
  exposure: number,
  voices: number,
  spread: number,
): void {
  const fade = Math.exp(-buckets / meritMemory);
  let best = Number.NEGATIVE_INFINITY;
  posteriors(level);
  for (let i = 0; i < memories.length; i += 1) {
    const score = countLogProbability(voices, exposure * means[i]!, 1 / shapes[i]! + spread);
    level.merit[i] = level.merit[i]! * fade + score;
    best = Math.max(best, level.merit[i]!);
  }
  for (let i = 0; i < memories.length; i += 1) level.merit[i] = level.merit[i]! - best;
  weigh(level);
}
