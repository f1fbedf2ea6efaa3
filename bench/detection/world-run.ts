import { createCorrelator, createPartitionDetector } from '@outcry/detection';
import type { SimRecord, SimulateOptions } from '@outcry/testkit';
import { drawWorld, runWorld } from '@outcry/testkit';
import type { ClairvoyantWatch } from './clairvoyant.ts';
import { watchOutage } from './clairvoyant.ts';
import { matchWorld } from './match.ts';
import type { WorldResult } from './results.ts';
import { Tracker } from './tracker.ts';

export interface WorldPlan {
  name: string;
  options: SimulateOptions;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Runs one simulated world through the product and, on the same records, the clairvoyants. */
export function runPlan(plan: WorldPlan, progress: (share: number) => void): WorldResult {
  const world = drawWorld(plan.options);
  const targets = new Map(world.targets.map((target) => [target.id, target]));
  const dependencies = (id: string): readonly string[] => {
    const parent = targets.get(id)?.dependsOn;
    return parent === undefined ? [] : [parent];
  };
  const detector = createPartitionDetector({
    partition: 0,
    partitions: 1,
    state: new Map(),
    catalog: { dependenciesOf: dependencies },
    errorRates: { falsePositive: plan.options.leak ?? 0.02, falseNegative: 0.1 },
  });
  const correlator = createCorrelator({ state: new Map(), dependencies });
  const tracker = new Tracker();

  const coming = world.outages
    .filter((outage) => outage.echo === undefined)
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((outage) => ({
      watch: watchOutage(world, targets.get(outage.target)!, outage),
      index: world.targets.findIndex((target) => target.id === outage.target),
    }));
  let watching: typeof coming = [];
  const watches = coming.map((entry) => entry.watch);
  let next = 0;

  let records = 0;
  let product = 0;
  const began = performance.now();
  let lastProgress = 0;
  for (const minute of runWorld(world, (plan.options.heartbeatSeconds ?? 10) * 1_000)) {
    while (next < coming.length && coming[next]!.watch.outage.startedAt < minute.start + minuteMs) {
      watching.push(coming[next++]!);
    }
    watching = watching.filter((entry) => entry.watch.outage.endedAt + 2 * minuteMs > minute.start);
    for (const { watch, index } of watching) watch.level(minute.start, minute.levels[index]!);
    if (watching.length > 0)
      countForClairvoyants(
        minute.records,
        watching.map((entry) => entry.watch),
      );

    const before = performance.now();
    for (const record of minute.records) {
      for (const rise of detector.take(record)) {
        for (const event of correlator.take(rise)) tracker.take(event);
      }
    }
    product += performance.now() - before;
    records += minute.records.length;
    if (minute.start - lastProgress > dayMs) {
      lastProgress = minute.start;
      progress((minute.start - world.start) / (world.end - world.start));
    }
  }
  const before = performance.now();
  for (const rise of detector.finish()) {
    for (const event of correlator.take(rise)) tracker.take(event);
  }
  for (const event of correlator.finish()) tracker.take(event);
  product += performance.now() - before;

  const quiet = plan.options.quietDays ?? 0;
  return {
    name: plan.name,
    targets: world.targets.length,
    measuredWeeks: (world.targets.length * (plan.options.days - quiet)) / 7,
    coldWeeks: (world.targets.length * quiet) / 7,
    records,
    seconds: {
      simulator: (performance.now() - began - product) / 1_000,
      product: product / 1_000,
    },
    ...matchWorld(
      world,
      tracker,
      new Map(watches.map((watch) => [watch.outage.id, watch.decide()])),
      world.start + quiet * dayMs,
    ),
  };
}

function countForClairvoyants(
  records: readonly SimRecord[],
  watches: readonly ClairvoyantWatch[],
): void {
  for (const signal of records) {
    if (signal.kind !== 'signal') continue;
    if (signal.stance !== 'affected' && signal.stance !== 'asking') continue;
    for (const watch of watches) {
      if (watch.outage.target === signal.target) watch.take(signal);
    }
  }
}
