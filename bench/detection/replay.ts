import { createHash } from 'node:crypto';
import type { OutageEvent, SignalsRecord } from '@outcry/contracts';
import type { RiseRecord } from '@outcry/detection';
import { createCorrelator, createPartitionDetector } from '@outcry/detection';
import type { Random, SimRecord } from '@outcry/testkit';
import { createRandom, drawWorld, runWorld } from '@outcry/testkit';

export interface ReplayResult {
  seed: number;
  records: number;
  events: number;
  /** Hash of all events, sorted by id, for each way of running. */
  ways: { way: string; hash: string; equal: boolean }[];
  firstDifference: string | null;
}

/**
 * The same records in several orders and partitionings must give the same bytes: as they came,
 * shuffled within the allowed lateness, restarted half-way, and over eight partitions whose rises
 * reach the correlator in another order.
 */
export function runReplay(seed: number): ReplayResult {
  const world = drawWorld({
    seed: `replay/${seed}`,
    days: 2,
    targets: 6,
    rates: { from: 0.3, to: 5 },
    outagesPerWeek: 8,
    confoundersPerWeek: 6,
    mostPerMinute: 300,
    blindPerWeek: 3,
  });
  const dependencies = (id: string): string[] => {
    const parent = world.targets.find((target) => target.id === id)?.dependsOn;
    return parent === undefined ? [] : [parent];
  };
  const records: SimRecord[] = [];
  for (const minute of runWorld(world)) for (const record of minute.records) records.push(record);

  const random = createRandom(`replay/${seed}/order`);
  const shuffled = shuffle(random, records);
  const live = once(records, 1, dependencies, random);
  const ways = [
    { way: 'shuffled within the lateness', events: once(shuffled, 1, dependencies, random) },
    { way: 'eight partitions', events: once(records, 8, dependencies, random) },
    { way: 'eight partitions, shuffled', events: once(shuffled, 8, dependencies, random) },
    { way: 'restarted from its state', events: restarted(records, dependencies) },
  ];
  const expected = lines(live);
  let firstDifference: string | null = null;
  const judged = ways.map(({ way, events }) => {
    const got = lines(events);
    const at = got.findIndex((line, index) => line !== expected[index]);
    const equal = at < 0 && got.length === expected.length;
    if (!equal && firstDifference === null) {
      const index = at < 0 ? got.length : at;
      firstDifference =
        `${way}: ${expected[index] ?? 'nothing'} | ${got[index] ?? 'nothing'}`.slice(0, 1_500);
    }
    return { way, hash: hash(got), equal };
  });
  return {
    seed,
    records: records.length,
    events: live.length,
    ways: [{ way: 'as observed', hash: hash(expected), equal: true }, ...judged],
    firstDifference,
  };
}

function lines(events: readonly OutageEvent[]): string[] {
  return events
    .toSorted((a, b) =>
      a.outageId < b.outageId ? -1 : a.outageId > b.outageId ? 1 : a.sequence - b.sequence,
    )
    .map((event) => JSON.stringify(event));
}

function hash(text: readonly string[]): string {
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
}

/**
 * Another arrival that the sources could have made: records move, but none behind a heartbeat of its
 * source that already speaks for it. So each moves freely between two heartbeats, about ten seconds.
 */
function shuffle(random: Random, records: readonly SimRecord[]): SimRecord[] {
  const out: SimRecord[] = [];
  let batch: SimRecord[] = [];
  for (const record of records) {
    if (record.kind === 'heartbeat') {
      out.push(...random.shuffle(batch), record);
      batch = [];
    } else batch.push(record);
  }
  out.push(...random.shuffle(batch));
  return out;
}

function partitionOf(target: string, partitions: number): number {
  let sum = 0;
  for (const char of target) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return sum % partitions;
}

/** Runs all records through `partitions` detectors, whose rises meet in a random interleaving. */
function once(
  records: readonly SimRecord[],
  partitions: number,
  dependencies: (id: string) => string[],
  random: Random,
): OutageEvent[] {
  const detectors = Array.from({ length: partitions }, (_, partition) =>
    createPartitionDetector({
      partition,
      partitions,
      state: new Map(),
      catalog: { dependenciesOf: dependencies },
    }),
  );
  const correlator = createCorrelator({ state: new Map(), dependencies });
  const events: OutageEvent[] = [];
  const queues: RiseRecord[][] = detectors.map(() => []);
  const drain = (all: boolean): void => {
    // One partition lags behind another, but each tells in its own order.
    for (;;) {
      const full = queues.filter((queue) => queue.length > 0);
      if (full.length === 0 || (!all && random.chance(0.2))) return;
      events.push(...correlator.take(random.choice(full).shift()!));
    }
  };
  for (const record of records) {
    if (record.kind === 'heartbeat') {
      detectors.forEach((detector, index) => {
        queues[index]!.push(...detector.take(record));
      });
      drain(partitions === 1);
    } else {
      const partition = partitionOf(record.target ?? '-', partitions);
      queues[partition]!.push(...detectors[partition]!.take(record as SignalsRecord));
    }
  }
  detectors.forEach((detector, index) => {
    queues[index]!.push(...detector.finish());
  });
  drain(true);
  events.push(...correlator.finish());
  return events;
}

/** Stops five times on the way and goes on from the state that was written, through JSON. */
function restarted(
  records: readonly SimRecord[],
  dependencies: (id: string) => string[],
): OutageEvent[] {
  const states = [new Map<string, unknown>(), new Map<string, unknown>()] as const;
  const start = () => ({
    detector: createPartitionDetector({
      partition: 0,
      partitions: 1,
      state: states[0],
      catalog: { dependenciesOf: dependencies },
    }),
    correlator: createCorrelator({ state: states[1], dependencies }),
  });
  const keep = (state: Map<string, unknown>, changes: { key: string; value: unknown }[]): void => {
    for (const { key, value } of changes) {
      if (value === null) state.delete(key);
      else state.set(key, JSON.parse(JSON.stringify(value)));
    }
  };
  let { detector, correlator } = start();
  const events: OutageEvent[] = [];
  const every = Math.ceil(records.length / 6);
  records.forEach((record, index) => {
    if (index > 0 && index % every === 0) {
      keep(states[0], detector.stateChanges());
      keep(states[1], correlator.stateChanges());
      ({ detector, correlator } = start());
    }
    for (const rise of detector.take(record)) events.push(...correlator.take(rise));
  });
  for (const rise of detector.finish()) events.push(...correlator.take(rise));
  events.push(...correlator.finish());
  return events;
}
