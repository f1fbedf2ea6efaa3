import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { OutageEvent } from '@outcry/contracts';
import type { Random } from '@outcry/testkit';
import { createRandom } from '@outcry/testkit';
import { runCusum, thresholdFor } from './cusum.ts';
import { duration, median, number, percent, table } from './figures.ts';

/**
 * Signals of another make through the real `outcry detect`: a second, smaller simulator that shares
 * nothing with the first but the random numbers. Counts are Poisson around a level that wanders as an
 * hourly log-normal walk drawn to its mean; the day has two humps and each service its own hour; lines
 * carry only what their world's producer knows (bare; with countries; with types and platforms), no
 * heartbeats, no clusters, no sources; the detector starts cold with one to seven days before the
 * first outage.
 *
 *   node bench/detection/foreign.ts [--worlds 6] [--seed 1]
 */
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const bucketMs = 10_000;
const start = Date.parse('2026-01-14T00:00:00.000Z');

interface Fault {
  from: number;
  to: number;
  times: number;
  country: string | null;
}

interface Service {
  name: string;
  rate: number;
  peakHour: number;
  depth: number;
  weekend: number;
  /** Levels by hour. */
  levels: number[];
  /** Hours of crowd that is no fault: the rate doubles slowly over hours. */
  faults: Fault[];
  mix: readonly (readonly [string, number])[];
}

const mixes = [
  [
    ['NZ', 5],
    ['AU', 20],
    ['SG', 10],
    ['PH', 30],
    ['ID', 35],
  ],
  [
    ['NG', 30],
    ['ZA', 25],
    ['KE', 20],
    ['EG', 25],
  ],
  [
    ['CA', 10],
    ['US', 50],
    ['IE', 5],
    ['GB', 20],
    ['DE', 15],
  ],
  [
    ['PL', 40],
    ['CZ', 25],
    ['HU', 20],
    ['RO', 15],
  ],
] as const;
const kinds = ['login', 'playback', 'connection', 'app', 'payment', 'general'] as const;
const knowledge = ['bare', 'countries', 'all'] as const;
type Knowledge = (typeof knowledge)[number];

function drawService(random: Random, index: number, days: number, quiet: number): Service {
  const rate = random.logUniform(0.05, index === 0 ? 40 : 8);
  const hours = days * 24 + 2;
  const levels: number[] = [];
  let wander = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    wander = 0.8 * wander + 0.6 * 0.18 * random.normal();
    levels.push(Math.exp(wander));
  }
  const mix = random.choice(mixes);
  const faults: Fault[] = [];
  let at = start + quiet * dayMs + random.uniform(0, 12) * hourMs;
  for (;;) {
    const lasts = random.logUniform(12, 240) * minuteMs;
    if (at + lasts > start + days * dayMs - hourMs) break;
    const country = random.chance(0.3) ? random.weighted(mix) : null;
    faults.push({ from: at, to: at + lasts, times: random.logUniform(2, 60), country });
    at += lasts + random.uniform(6, 60) * hourMs;
  }
  return {
    name: `other-${index}`,
    rate,
    peakHour: random.uniform(0, 24),
    depth: random.uniform(0.2, 0.75),
    weekend: random.uniform(0.6, 1.3),
    levels,
    faults,
    mix,
  };
}

/** Normal complaints a minute. */
function normalAt(service: Service, at: number): number {
  const hour = ((at / hourMs) % 24) - service.peakHour;
  const day =
    1 +
    service.depth *
      (0.75 * Math.cos((2 * Math.PI * hour) / 24) + 0.25 * Math.cos((4 * Math.PI * hour) / 24));
  const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
  const position = (at - start) / hourMs;
  const low = Math.floor(position);
  const part = position - low;
  const level = service.levels[low]! * (1 - part) + (service.levels[low + 1] ?? 1) * part;
  return service.rate * day * (isWeekend ? service.weekend : 1) * level;
}

const shareOf = (service: Service, country: string | null): number => {
  if (country === null) return 1;
  const total = service.mix.reduce((sum, [, weight]) => sum + weight, 0);
  return service.mix.find(([code]) => code === country)![1] / total;
};

/** Share of people who tell where they are, where a producer knows places at all. */
const toldShare = 0.6;

interface Line {
  at: number;
  text: string;
}

function write(
  random: Random,
  service: Service,
  knows: Knowledge,
  days: number,
  counts: Map<Fault, Float64Array>,
): Line[] {
  const lines: Line[] = [];
  const put = (at: number, fault: Fault | null): void => {
    const country = fault?.country ?? random.weighted(service.mix);
    const tells = knows !== 'bare' && random.chance(toldShare);
    for (const one of service.faults) {
      const bucket = Math.floor((at - Math.floor(one.from / minuteMs) * minuteMs) / bucketMs);
      const seen = counts.get(one)!;
      if (bucket < 0 || bucket >= seen.length) continue;
      if (one.country === null || knows === 'bare' || (tells && country === one.country))
        seen[bucket]! += 1;
    }
    lines.push({
      // Lines arrive up to eight seconds late, in the order of their arrival.
      at: at + random.uniform(0, 8_000),
      text: JSON.stringify({
        target: service.name,
        voice: random.hex(12),
        occurredAt: new Date(at).toISOString(),
        ...(tells ? { countries: [country] } : {}),
        ...(knows === 'all' && random.chance(0.7) ? { types: [random.choice(kinds)] } : {}),
        ...(knows === 'all' && random.chance(0.4)
          ? { platforms: [random.choice(['ios', 'android', 'web'])] }
          : {}),
      }),
    });
  };
  for (let minute = start; minute < start + days * dayMs; minute += minuteMs) {
    const normal = normalAt(service, minute);
    for (let i = random.poisson(normal); i > 0; i -= 1)
      put(minute + random.next() * minuteMs, null);
    for (const fault of service.faults) {
      if (minute + minuteMs <= fault.from || minute >= fault.to) continue;
      const extra = normal * shareOf(service, fault.country) * (fault.times - 1);
      const from = Math.max(minute, fault.from);
      const part = (Math.min(minute + minuteMs, fault.to) - from) / minuteMs;
      for (let i = random.poisson(extra * part); i > 0; i -= 1) {
        put(from + random.next() * part * minuteMs, fault);
      }
    }
  }
  return lines;
}

/** When a CUSUM that knows the true rates and the place decides, or null. */
function limitOf(
  service: Service,
  fault: Fault,
  knows: Knowledge,
  counts: Float64Array,
): number | null {
  const first = Math.floor(fault.from / minuteMs) * minuteMs;
  const normal = new Float64Array(counts.length);
  const failing = new Float64Array(counts.length);
  const placed = fault.country !== null && knows !== 'bare';
  const told = placed ? toldShare : 1;
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    const at = first + bucket * bucketMs;
    const rate = normalAt(service, Math.floor(at / minuteMs) * minuteMs) / 6;
    const share = shareOf(service, fault.country);
    normal[bucket] = rate * told * (placed ? share : 1);
    const on = at + bucketMs > fault.from && at < fault.to;
    failing[bucket] = normal[bucket]! + (on ? rate * told * share * (fault.times - 1) : 0);
  }
  const { threshold } = thresholdFor({ normal, failing }, 1e5);
  const bucket = runCusum(counts, { normal, failing }, 1e5, threshold);
  const at = bucket === null ? null : first + (bucket + 1) * bucketMs;
  return at === null || at > fault.to ? null : at;
}

async function detect(lines: readonly Line[]): Promise<OutageEvent[]> {
  const main = new URL('../../services/cli/src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, 'detect'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const events: OutageEvent[] = [];
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout }))
      events.push(JSON.parse(line));
  })();
  for (let i = 0; i < lines.length; i += 1_000) {
    const text = lines
      .slice(i, i + 1_000)
      .map((line) => `${line.text}\n`)
      .join('');
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  await Promise.all([read, once(child, 'exit')]);
  if (child.exitCode !== 0) throw new Error(`outcry detect ended with ${child.exitCode}`);
  return events;
}

interface Score {
  knows: Knowledge;
  weeks: number;
  limit: number;
  both: number;
  detected: number;
  faults: number;
  falses: string[];
  ours: number[];
  theirs: number[];
  unended: number;
}

async function runForeign(seed: string, knows: Knowledge): Promise<Score> {
  const random = createRandom(seed);
  const quiet = random.integer(1, 7);
  const days = quiet + 10;
  const services = Array.from({ length: 6 }, (_, index) => drawService(random, index, days, quiet));
  const counts = new Map<Fault, Float64Array>();
  for (const fault of services.flatMap((service) => service.faults)) {
    counts.set(fault, new Float64Array((Math.ceil((fault.to - fault.from) / minuteMs) + 1) * 6));
  }
  const lines = services.flatMap((service) => write(random, service, knows, days, counts));
  lines.sort((a, b) => a.at - b.at);
  const events = await detect(lines);
  const score: Score = {
    knows,
    weeks: (services.length * days) / 7,
    limit: 0,
    both: 0,
    detected: 0,
    faults: 0,
    falses: [],
    ours: [],
    theirs: [],
    unended: 0,
  };
  const opened = events.filter((event) => event.type === 'outage.opened');
  const ended = new Set(
    events.filter((event) => event.endedAt !== null).map((event) => event.outageId),
  );
  score.unended = opened.filter((event) => !ended.has(event.outageId)).length;
  const claimed = new Set<string>();
  for (const service of services) {
    for (const fault of service.faults) {
      const within = opened.filter((event) => {
        const at = Date.parse(event.decidedAt);
        return event.target === service.name && at >= fault.from && at <= fault.to + hourMs;
      });
      for (const event of within) claimed.add(event.outageId);
      const hit = within.find((event) => Date.parse(event.decidedAt) <= fault.to + bucketMs);
      const limit = limitOf(service, fault, knows, counts.get(fault)!);
      score.faults += 1;
      if (hit !== undefined) score.detected += 1;
      if (limit !== null) score.limit += 1;
      if (limit === null || hit === undefined) continue;
      score.both += 1;
      score.ours.push((Date.parse(hit.decidedAt) - fault.from) / 1_000);
      score.theirs.push((limit - fault.from) / 1_000);
    }
  }
  for (const event of opened) {
    if (claimed.has(event.outageId)) continue;
    const rate = services.find((service) => service.name === event.target)!.rate;
    score.falses.push(`${event.target} (${number(rate)}/min) ${event.decidedAt}: ${event.reason}`);
  }
  return score;
}

const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
  },
});
const scores: Score[] = [];
for (let i = 0; i < Number(values.worlds); i += 1) {
  scores.push(await runForeign(`foreign/${values.seed}/${i}`, knowledge[i % knowledge.length]!));
  process.stderr.write(`foreign ${i + 1}/${values.worlds}\n`);
}
const sum = (of: (score: Score) => number, some: readonly Score[]): number =>
  some.reduce((total, score) => total + of(score), 0);
const row = (label: string, some: readonly Score[]): string[] => [
  label,
  number(
    sum((one) => one.weeks, some),
    0,
  ),
  String(sum((one) => one.faults, some)),
  percent(sum((one) => one.both, some) / sum((one) => one.limit, some)),
  duration(median(some.flatMap((one) => one.ours))),
  duration(median(some.flatMap((one) => one.theirs))),
  String(sum((one) => one.falses.length, some)),
  number(sum((one) => one.falses.length, some) / sum((one) => one.weeks, some), 3),
  String(sum((one) => one.unended, some)),
];
console.log(
  [
    'Signals of another make through `outcry detect`, cold start included',
    table(
      [
        'lines tell',
        'target-weeks',
        'outages',
        "of the limit's",
        'median',
        'its median',
        'false',
        'per week',
        'unended',
      ],
      [
        ...knowledge.map((knows) =>
          row(
            knows,
            scores.filter((one) => one.knows === knows),
          ),
        ),
        row('together', scores),
      ],
    ),
    ...scores.flatMap((one) => one.falses.map((text) => `false: ${one.knows}: ${text}`)),
  ].join('\n'),
);
