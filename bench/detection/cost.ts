import { spawnSync } from 'node:child_process';
import type { Signal, SignalsRecord } from '@outcry/contracts';
import { createPartitionDetector } from '@outcry/detection';

/**
 * What detection costs: nanoseconds of processor time per signal and per touched series-bucket,
 * bytes of state and of memory per series, as the number of series grows. Each signal touches five
 * series (target, country, continent, type, platform).
 *
 *   node bench/detection/cost.ts [most series, default 1e5; 1e6 takes 8 GB and a while]
 */
const start = Date.parse('2025-03-03T00:00:00.000Z');
const iso = (time: number): string => new Date(time).toISOString();
const countries = ['US', 'GB', 'DE', 'FR', 'SE', 'BR', 'JP', 'IN', 'MX', 'ES'];
/** Enough to count the continents' series too. */
const continentOf = (country: string): string =>
  ['US', 'BR', 'MX'].includes(country) ? 'am' : ['JP', 'IN'].includes(country) ? 'as' : 'eu';
const types = ['login', 'playback', 'app', 'connection', 'general'] as const;

const one = process.argv.indexOf('--one');
if (one >= 0) measure(Number(process.argv[one + 1]));
else {
  console.log(
    '    series   targets   signals  ns/signal  ns/series-bucket  ns/quiet target-bucket  state B/series  heap B/series',
  );
  const most = Number(process.argv[2] ?? 1e5);
  // Each size in a process of its own, so that none finds the heap or the code warm.
  for (let series = 1e3; series <= most; series *= 10) {
    const run = [import.meta.filename, '--one', String(series)];
    // A million series take eight gigabytes, more than the engine grants by itself.
    const heap = series >= 1e6 ? ['--max-old-space-size=16000'] : [];
    const { stdout, stderr, status } = spawnSync(process.execPath, [
      '--expose-gc',
      ...heap,
      ...run,
    ]);
    if (status !== 0) throw new Error(String(stderr));
    process.stdout.write(stdout);
  }
}

function measure(wanted: number): void {
  let state = 1;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // A target has 21 series: itself, ten countries, three continents, five types, two platforms.
  const targets = Math.max(1, Math.round(wanted / 21));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const detector = createPartitionDetector({ partition: 0, partitions: 1, state: new Map() });
  let count = 0;
  const signal = (target: number, at: number): Signal => {
    count += 1;
    const country = countries[Math.floor(random() * countries.length)]!;
    return {
      kind: 'signal',
      id: `c:${count}@t${target}`,
      recordId: `c:${count}`,
      recordKind: 'post',
      source: 'cost',
      target: `t${target}`,
      text: '',
      occurredAt: iso(at),
      observedAt: iso(at),
      voice: `v${count}`,
      stance: 'affected',
      confidence: 1,
      weight: 1,
      type: 'app',
      types: [types[Math.floor(random() * types.length)]!],
      places: [{ country, source: 'tag', confidence: 1 }],
      platforms: [random() < 0.5 ? 'ios' : 'android'],
      language: 'en',
      cluster: `t${count}`,
      model: 'cost',
    };
  };
  const beat = (at: number): SignalsRecord => ({
    kind: 'heartbeat',
    source: 'cost',
    state: 'seeing',
    through: iso(at),
  });
  const perBucket = Math.min(2_000, Math.max(50, Math.round(targets / 5)));
  const buckets = Math.max(400, Math.ceil((targets * 40) / perBucket));
  let spent = 0;
  let touched = 0;
  let now = start;
  let live = 0;
  const known = new Set<string>();
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const records: SignalsRecord[] = [];
    const here = new Set<string>();
    for (let i = 0; i < perBucket; i += 1) {
      const one = signal(
        Math.floor(random() * targets),
        now + Math.floor((i * 10_000) / perBucket),
      );
      records.push(one);
      const country = one.places[0]!.country;
      const parts = [one.types[0], country, continentOf(country), one.platforms[0], ''];
      for (const part of parts) {
        here.add(`${one.target} ${part}`);
      }
    }
    now += 10_000;
    records.push(beat(now));
    // The first tenth warms the engine up.
    const began = process.cpuUsage();
    for (const record of records) detector.take(record);
    const used = process.cpuUsage(began);
    for (const key of here) known.add(key);
    if (bucket >= buckets / 10) {
      spent += (used.user + used.system) * 1000;
      touched += here.size;
      live += perBucket;
    }
  }
  // Then silence: closing buckets must not touch what is idle.
  const idle = 360;
  // An hour first, in which every suspicion ends.
  for (let bucket = 0; bucket < idle; bucket += 1) {
    now += 10_000;
    detector.take(beat(now));
  }
  const began = process.cpuUsage();
  for (let bucket = 0; bucket < idle; bucket += 1) {
    now += 10_000;
    detector.take(beat(now));
  }
  const used = process.cpuUsage(began);
  const quiet = ((used.user + used.system) * 1000) / idle / targets;
  let bytes = 0;
  for (const { key, value } of detector.stateChanges()) {
    if (value !== null && key.startsWith('series/')) {
      bytes += key.length + Buffer.byteLength(JSON.stringify(value));
    }
  }
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed - before;
  console.log(
    [
      String(known.size).padStart(10),
      String(targets).padStart(10),
      String(live).padStart(10),
      (spent / live).toFixed(0).padStart(11),
      (spent / touched).toFixed(0).padStart(18),
      quiet.toFixed(2).padStart(24),
      (bytes / known.size).toFixed(0).padStart(16),
      (heap / known.size).toFixed(0).padStart(15),
    ].join(''),
  );
  // Used here, so that the collector could not take it before the heap was measured.
  if (detector.counters.late > 0) console.log(`late records: ${detector.counters.late}`);
}
