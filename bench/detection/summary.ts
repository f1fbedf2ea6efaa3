import { mean, median, weightedQuantile } from './figures.ts';
import type { Size } from './plans.ts';
import { sizeOf, sizes, young } from './plans.ts';
import type { OutageResult, WorldResult } from './results.ts';

export interface Row {
  label: string;
  outages: number;
  clairvoyant: number;
  /** Detected by the clairvoyant and by us, over those by the clairvoyant. */
  share: number;
  detected: number;
  medianDelay: number;
  clairvoyantMedian: number;
  medianRatio: number;
  p95Delay: number;
  clairvoyantP95: number;
  p95Ratio: number;
  scopeRight: number;
}

/** Figures of a set of outages, weighted. Delays compare those that both detected. */
export function rowOf(label: string, outages: readonly OutageResult[]): Row {
  const weightOf = (one: OutageResult): number => one.weight ?? 1;
  const heft = (some: readonly OutageResult[]): number => sum(some.map(weightOf));
  const seen = outages.filter((one) => one.clairvoyantDelay !== null);
  const both = seen.filter((one) => one.delay !== null);
  const ours = both.map((one) => ({ value: one.delay!, weight: weightOf(one) }));
  const theirs = both.map((one) => ({ value: one.clairvoyantDelay!, weight: weightOf(one) }));
  const scoped = outages.filter((one) => one.scopeRight !== null);
  const [median, clairvoyantMedian] = [weightedQuantile(ours, 0.5), weightedQuantile(theirs, 0.5)];
  const [p95, clairvoyantP95] = [weightedQuantile(ours, 0.95), weightedQuantile(theirs, 0.95)];
  return {
    label,
    outages: outages.length,
    clairvoyant: heft(seen) / heft(outages),
    share: heft(both) / heft(seen),
    detected: heft(outages.filter((one) => one.delay !== null)) / heft(outages),
    medianDelay: median,
    clairvoyantMedian,
    medianRatio: median / clairvoyantMedian,
    p95Delay: p95,
    clairvoyantP95,
    p95Ratio: p95 / clairvoyantP95,
    scopeRight: heft(scoped.filter((one) => one.scopeRight)) / heft(scoped),
  };
}

/**
 * Weights the outages of each size so that together they count for that size's part of the range of
 * rates, even in the logarithm; one outage weighs 1 on average.
 */
function weigh(worlds: readonly WorldResult[]): OutageResult[] {
  const bySize = Map.groupBy(
    worlds.flatMap((world) => world.outages.map((one) => ({ size: sizeOf(world.name), one }))),
    ({ size }) => size,
  );
  const width = (size: Size | undefined): number =>
    size === undefined ? 1 : Math.log(sizes[size].to / sizes[size].from);
  const widths = sum([...bySize.keys()].map(width));
  const all = sum([...bySize.values()].map((some) => some.length));
  return [...bySize].flatMap(([size, some]) =>
    some.map(({ one }) => ({
      ...one,
      weight: ((width(size) / widths) * all) / some.length,
    })),
  );
}

/** An outage that falls into another cannot be told from it by one series: counted apart. */
export const apart = (one: OutageResult): boolean => !one.overlaps;

interface Band<T> {
  label: string;
  holds: (one: T) => boolean;
}

function bands<T>(value: (one: T) => number, edges: readonly number[], unit: string): Band<T>[] {
  return [...edges, Number.POSITIVE_INFINITY].map((to, index) => {
    const from = index === 0 ? 0 : edges[index - 1]!;
    const label =
      index === 0
        ? `< ${to}${unit}`
        : to === Number.POSITIVE_INFINITY
          ? `≥ ${from}${unit}`
          : `${from}–${to}${unit}`;
    return { label, holds: (one) => value(one) >= from && value(one) < to };
  });
}

const groupings: { title: string; bands: Band<OutageResult>[] }[] = [
  { title: 'size', bands: bands((one) => one.multiplier, [3, 5, 10, 30], '×') },
  {
    title: 'rate at onset (complaints/min)',
    bands: bands((one) => one.onsetRate, [0.1, 0.3, 1, 5, 20], ''),
  },
  {
    title: 'kind',
    bands: [
      { label: 'step', holds: (one) => one.shape === 'step' },
      { label: 'ramp', holds: (one) => one.shape === 'ramp' },
      { label: 'one type only', holds: (one) => one.slice === 'type' },
      { label: 'one platform only', holds: (one) => one.slice === 'platform' },
      { label: 'under 30 min', holds: (one) => one.durationMinutes < 30 },
      { label: '30 min and longer', holds: (one) => one.durationMinutes >= 30 },
      { label: 'cascade', holds: (one) => one.cascade },
    ],
  },
  {
    title: 'scope',
    bands: ['worldwide', 'continent', 'countries', 'country', 'subdivision'].map((scope) => ({
      label: scope,
      holds: (one) => one.scope === scope,
    })),
  },
];

export interface FalseRow {
  cause: string;
  chances: number;
  opened: number;
  perTargetWeek: number;
}

export interface Summary {
  targetWeeks: number;
  coldWeeks: number;
  outages: number;
  records: number;
  all: Row;
  groups: { title: string; rows: Row[] }[];
  /** The same without weights: mostly small services, for these are cheap to simulate. */
  unweighted: Row;
  bySize: Row[];
  overlapping: Row;
  /** The first week of detectors that have learnt nothing. */
  young: { row: Row; background: number; confounders: number };
  strong: Row;
  steep: Row;
  falses: {
    background: number;
    confounders: number;
    cold: number;
    after: number;
    byKind: FalseRow[];
  };
  echoes: { injected: number; raised: number; marked: number; wronglyMarked: number };
  ends: { unended: number; brokenSequences: number; medianEndDelay: number; extraOpenings: number };
  typeRight: number;
  calibration: Calibration;
  finalCalibration: Calibration;
  cost: { productNsPerRecord: number; productSeconds: number; simulatorSeconds: number };
}

export interface Calibration {
  brier: number;
  /** What the best constant would score. */
  brierOfBaseRate: number;
  bins: { from: number; to: number; count: number; said: number; real: number }[];
}

export function summarize(everyWorld: readonly WorldResult[]): Summary {
  const worlds = everyWorld.filter((world) => !world.name.startsWith(young));
  const youngWorlds = everyWorld.filter((world) => world.name.startsWith(young));
  const outages = weigh(worlds);
  const usable = outages.filter(apart);
  const falses = worlds.flatMap((world) => world.falseOutages).filter((one) => !one.echo);
  const targetWeeks = sum(worlds.map((world) => world.measuredWeeks));
  const coldWeeks = sum(worlds.map((world) => world.coldWeeks));
  const echoes = worlds.flatMap((world) => world.echoes);
  const raised = echoes.filter((one) => one.raised);
  const rate = (causes: (cause: string) => boolean): number =>
    falses.filter((one) => causes(one.cause)).length / targetWeeks;
  const plain = new Set(['background', 'cold', 'after']);
  const youngFalses = youngWorlds.flatMap((world) => world.falseOutages).filter((one) => !one.echo);
  const youngWeeks = sum(youngWorlds.map((world) => world.measuredWeeks + world.coldWeeks));
  const youngRate = (causes: (cause: string) => boolean): number =>
    youngFalses.filter((one) => causes(one.cause)).length / youngWeeks;
  const kinds = new Map<string, number>();
  for (const { kind, count } of worlds.flatMap((world) => world.confounders)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  const opened = worlds.flatMap((world) => world.opened);
  const records = sum(worlds.map((world) => world.records));
  const detected = usable.filter((one) => one.delay !== null);
  return {
    targetWeeks,
    coldWeeks,
    outages: outages.length,
    records,
    all: rowOf('all', usable),
    groups: groupings.map(({ title, bands }) => ({
      title,
      rows: bands.map(({ label, holds }) => rowOf(label, usable.filter(holds))),
    })),
    unweighted: rowOf(
      'all, unweighted',
      usable.map((one) => ({ ...one, weight: 1 })),
    ),
    bySize: (Object.keys(sizes) as Size[]).map((size) =>
      rowOf(
        `${size} (${sizes[size].from}–${sizes[size].to}/min)`,
        worlds
          .filter((world) => sizeOf(world.name) === size)
          .flatMap((world) => world.outages)
          .filter(apart),
      ),
    ),
    overlapping: rowOf(
      'falls into another',
      outages.filter((one) => one.overlaps),
    ),
    young: {
      row: rowOf('first week', youngWorlds.flatMap((world) => world.outages).filter(apart)),
      background: youngRate((cause) => plain.has(cause)),
      confounders: youngRate((cause) => !plain.has(cause)),
    },
    strong: rowOf(
      '≥ ×5 at ≥ 1/min',
      usable.filter((one) => one.multiplier >= 5 && one.onsetRate >= 1),
    ),
    steep: rowOf(
      'steps ≥ ×10 at ≥ 5/min',
      usable.filter((one) => one.shape === 'step' && one.multiplier >= 10 && one.onsetRate >= 5),
    ),
    falses: {
      background: rate((cause) => cause === 'background'),
      confounders: rate((cause) => !plain.has(cause)),
      after: rate((cause) => cause === 'after'),
      cold: falses.filter((one) => one.cause === 'cold').length / coldWeeks,
      byKind: [...kinds].sort().map(([cause, chances]) => {
        const count = falses.filter((one) => one.cause === cause).length;
        return { cause, chances, opened: count, perTargetWeek: count / targetWeeks };
      }),
    },
    echoes: {
      injected: echoes.length,
      raised: raised.length,
      marked: raised.filter((one) => one.marked).length,
      wronglyMarked: outages.filter((one) => one.markedAsEcho).length,
    },
    ends: {
      unended: sum(worlds.map((world) => world.unended)),
      brokenSequences: sum(worlds.map((world) => world.brokenSequences)),
      medianEndDelay: median(
        usable.flatMap((one) => (one.endDelay === null ? [] : [one.endDelay])),
      ),
      extraOpenings: mean(detected.map((one) => one.extraOpenings)),
    },
    typeRight: detected.filter((one) => one.typeRight).length / detected.length,
    calibration: calibrate(opened.map(({ confidence, real }) => ({ said: confidence, real }))),
    finalCalibration: calibrate(
      opened.map(({ finalConfidence, real }) => ({ said: finalConfidence, real })),
    ),
    cost: {
      productNsPerRecord: (1e9 * sum(worlds.map((world) => world.seconds.product))) / records,
      productSeconds: sum(worlds.map((world) => world.seconds.product)),
      simulatorSeconds: sum(worlds.map((world) => world.seconds.simulator)),
    },
  };
}

function calibrate(claims: readonly { said: number; real: boolean }[]): Calibration {
  const edges = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.000001];
  const base = mean(claims.map((one) => (one.real ? 1 : 0)));
  return {
    brier: mean(claims.map((one) => (one.said - (one.real ? 1 : 0)) ** 2)),
    brierOfBaseRate: base * (1 - base),
    bins: edges.slice(1).map((to, index) => {
      const from = edges[index]!;
      const within = claims.filter((one) => one.said >= from && one.said < to);
      return {
        from,
        to: Math.min(1, to),
        count: within.length,
        said: mean(within.map((one) => one.said)),
        real: mean(within.map((one) => (one.real ? 1 : 0))),
      };
    }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
