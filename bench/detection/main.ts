import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printMisses } from './misses.ts';
import { plans } from './plans.ts';
import { runTasks } from './pool.ts';
import { barsOf, printReplay, printSummary, printTimeline } from './print.ts';
import type { ReplayResult } from './replay.ts';
import type { WorldResult } from './results.ts';
import { summarize } from './summary.ts';
import type { TimelineResult } from './timeline.ts';
import type { Task } from './worker.ts';

const help = `bench:detection: how well outages are detected, on simulated weeks with known truth

  --quick          a tenth of the work
  --sample         a few minutes of worlds of every size, to develop with
  --misses         every outage that the clairvoyant found and we did not, and every false one
  --json           all figures and raw results as JSON on stdout
  --every <n>      only every n-th world
  --only <part>    worlds, timeline, replay, nab or cost
  --seed <text>    another set of worlds (default 1)
  --threads <n>    worker threads (default: all cores)`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    sample: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(availableParallelism()) },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}

const parts = ['worlds', 'timeline', 'replay', 'nab', 'cost'];
if (values.only !== undefined && !parts.includes(values.only)) {
  console.error(`--only wants one of ${parts.join(', ')}`);
  process.exit(2);
}
const wants = (part: string): boolean => values.only === undefined || values.only === part;
const seeds = Array.from({ length: values.quick ? 3 : 10 }, (_, index) => index + 1);
const tasks: Task[] = [
  ...(wants('worlds')
    ? plans(values.quick ? 'quick' : values.sample ? 'sample' : 'full', values.seed)
        .filter((_, index) => index % Math.max(1, Number(values.every)) === 0)
        .map((plan) => ({
          kind: 'world' as const,
          plan,
        }))
    : []),
  ...(wants('timeline')
    ? seeds.slice(0, 5).map((seed) => ({ kind: 'timeline' as const, seed }))
    : []),
  ...(wants('replay') ? seeds.map((seed) => ({ kind: 'replay' as const, seed })) : []),
];
let shown = -1;
const began = performance.now();
const results = await runTasks(tasks, Math.max(1, Number(values.threads)), showProgress);
if (process.stderr.isTTY) process.stderr.write('\n');

const of = <T>(kind: Task['kind']): T[] =>
  results.filter((_, index) => tasks[index]!.kind === kind) as T[];
const worlds = of<WorldResult>('world');
const timeline = of<TimelineResult>('timeline');
const replay = of<ReplayResult>('replay');
const summary = worlds.length > 0 ? summarize(worlds) : undefined;

if (values.json) {
  const bars = summary === undefined ? [] : barsOf(summary);
  console.log(JSON.stringify({ summary, bars, timeline, replay, worlds }));
} else {
  const sections = [
    ...(summary === undefined ? [] : [printSummary(summary)]),
    ...(values.misses && worlds.length > 0 ? [printMisses(worlds)] : []),
    ...(timeline.length > 0 ? [printTimeline(timeline)] : []),
    ...(replay.length > 0 ? [printReplay(replay)] : []),
    ...['nab', 'cost'].filter(wants).map(runScript),
  ];
  console.log(sections.join('\n\n'));
  console.log(
    `\n${((performance.now() - began) / 1_000).toFixed(0)} s on ${values.threads} threads`,
  );
}

/** The two evaluations that are commands of their own; a failure of theirs is part of the output. */
function runScript(name: string): string {
  process.stderr.write(`bench:detection ${name}\n`);
  const script = new URL(`./${name}.ts`, import.meta.url);
  const args = name === 'cost' && values.quick ? ['1e4'] : [];
  const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(script), ...args], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trimEnd() : `${name}.ts failed (${status}): ${stderr}`;
}

function showProgress(share: number): void {
  const now = Math.floor(share * (process.stderr.isTTY ? 100 : 10));
  if (now === shown) return;
  shown = now;
  const text = `bench:detection ${Math.floor(share * 100)}%`;
  process.stderr.write(process.stderr.isTTY ? `\r${text}` : `${text}\n`);
}
