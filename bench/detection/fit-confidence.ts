import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { OutageEvent } from '@outcry/contracts';
import type { Evidence } from '@outcry/detection';
import {
  confidenceTerms,
  createCorrelator,
  createPartitionDetector,
  defaultSettings,
} from '@outcry/detection';
import type { SimulateOptions, World } from '@outcry/testkit';
import { drawWorld, runWorld } from '@outcry/testkit';
import type { ConfidenceRow } from './fit-logistic.ts';
import { atRate, brier, fitLogistic, predict } from './fit-logistic.ts';
import type { Told } from './tracker.ts';
import { Tracker } from './tracker.ts';

/**
 * Fits the weights of the confidence: `node bench/detection/fit-confidence.ts --write`.
 *
 * False outages are rare at the bar that ships, so the weights are learnt at three hundred times as many
 * and among frequent confounders; how far the evidence passes the bar that ships is one of the terms.
 * How often an outage is real altogether, the bias, is taken from what opens at the bar that ships in
 * worlds with three confounders a week. All worlds have seeds of their own, which no other bench uses.
 * The same command writes the same file.
 */

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, worlds: { type: 'string', default: '6' } },
});
const { falseOutagesPerTargetWeek: shipped } = defaultSettings;
const lowered = 2;
const worlds = Number(values.worlds);
const names = Object.keys(confidenceTerms) as (keyof typeof confidenceTerms)[];
const signs = names.map((name) => confidenceTerms[name].sign);
const priors = names.map((name) => confidenceTerms[name].prior);

/** Worlds to learn from, with many confounders at a low bar; and as things are, for the rate and to check. */
const sets = {
  fit: { confoundersPerWeek: 9, falseOutagesPerTargetWeek: lowered },
  rate: { confoundersPerWeek: 3, falseOutagesPerTargetWeek: shipped },
  held: { confoundersPerWeek: 3, falseOutagesPerTargetWeek: shipped },
} as const;
type Set = keyof typeof sets;

function worldOf(set: Set, index: number): SimulateOptions {
  const small = index % 3 !== 2;
  return {
    seed: `confidence/${set}/${index}`,
    days: 21,
    quietDays: 3,
    targets: small ? 10 : 3,
    rates: small ? { from: 0.05, to: 1 } : { from: 1, to: 6 },
    outagesPerWeek: 1.6,
    confoundersPerWeek: sets[set].confoundersPerWeek,
    leak: 0.02,
    mostPerMinute: 200,
    heartbeatSeconds: 30,
    mostTalk: 20,
  };
}

/** Runs a world through both steps. */
function track(world: World, falseOutagesPerTargetWeek: number): Tracker {
  const parents = new Map(world.targets.map(({ id, dependsOn }) => [id, dependsOn]));
  const settings = { falseOutagesPerTargetWeek };
  const detector = createPartitionDetector({
    partition: 0,
    partitions: 1,
    state: new Map(),
    settings,
  });
  const dependencies = (id: string) => [parents.get(id)].filter((one) => one !== undefined);
  const correlator = createCorrelator({ state: new Map(), settings, dependencies });
  const tracker = new Tracker();
  for (const { records } of runWorld(world, 30_000)) {
    for (const record of records) {
      for (const rise of detector.take(record)) {
        for (const event of correlator.take(rise)) tracker.take(event);
      }
    }
  }
  return tracker;
}

const tailMs = 60 * 60_000;

/** Whether it opened during an outage of its target or in the hour after; an echo is none. */
function isReal({ outages }: World, told: Told): boolean {
  return outages.some(
    ({ target, startedAt, endedAt, echo }) =>
      echo === undefined &&
      target === told.target &&
      told.openedAt >= startedAt &&
      told.openedAt <= endedAt + tailMs,
  );
}

/** @param raised what the bar that ships is above the one that the evidence was weighed against */
function evidenceIn({ explanation, echoOf }: OutageEvent, raised: number): Evidence {
  const says = (who: string) =>
    explanation.checks.some(
      (words) => words.startsWith(who) && /: (down|degraded) at /.test(words),
    );
  return {
    ratio: explanation.score / (explanation.threshold + raised),
    observed: explanation.observed,
    expected: explanation.expected,
    voices: explanation.voices,
    sources: explanation.sources.length,
    topTextShare: explanation.topTextShare ?? 0,
    probe: says('probe '),
    official: says('official status '),
    echo: echoOf !== undefined,
  };
}

/** One outage weighs one, spread over what was told of it while it was open. */
function collect(set: Set, count: number): ConfidenceRow[] {
  return Array.from({ length: count }, (_, index) => {
    process.stderr.write(`${set} ${index + 1} of ${count}\n`);
    const world = drawWorld(worldOf(set, index));
    const { falseOutagesPerTargetWeek } = sets[set];
    const raised = Math.log(falseOutagesPerTargetWeek / shipped);
    return [...track(world, falseOutagesPerTargetWeek).told.values()].flatMap((told) => {
      const open = told.events.filter(({ endedAt }) => endedAt === null);
      const real = isReal(world, told);
      return open.map((event) => {
        const evidence = evidenceIn(event, raised);
        const terms = names.map((name) => confidenceTerms[name].of(evidence));
        return { terms, real, weight: 1 / open.length };
      });
    });
  }).flat();
}

const rows = collect('fit', worlds);
const opened = collect('rate', 2 * worlds);
const fitted = atRate(fitLogistic(rows, signs, priors), opened);
const held = collect('held', worlds);
const base = shareOfReal(opened);
console.log(
  `fitted on ${weightOf(rows).toFixed(0)} outages, of which ${percent(shareOfReal(rows))} are real; of ${weightOf(opened).toFixed(0)} opened at the bar that ships ${percent(base)}`,
);
console.log(
  `Brier score on the latter ${brier(opened, (row) => predict(fitted, row.terms)).toFixed(4)}, of their base rate ${brier(opened, () => base).toFixed(4)}`,
);
console.log(
  `on ${weightOf(held).toFixed(0)} of other worlds ${brier(held, (row) => predict(fitted, row.terms)).toFixed(4)}, of the base rate ${brier(held, () => base).toFixed(4)}`,
);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const lines = names.map((name, i) => `    ${name}: ${rounded(fitted.weights[i]!)},`);
const text = `/**
 * Weights of the confidence, in log-odds. Made by \`node bench/detection/fit-confidence.ts --write\`
 * from ${weightOf(rows).toFixed(0)} simulated openings; the bias is that of ${weightOf(opened).toFixed(0)} others that opened at the bar that ships,
 * ${percent(base)} of them real. Brier score on such openings of other worlds ${brier(held, (row) => predict(fitted, row.terms)).toFixed(4)},
 * of the base rate alone ${brier(held, () => base).toFixed(4)}.
 */
export const confidenceWeights = {
  bias: ${rounded(fitted.bias)},
  terms: {
${lines.join('\n')}
  },
} as const;
`;
console.log(text);
if (values.write) {
  const file = new URL('../../packages/detection/src/confidence-weights.ts', import.meta.url);
  await writeFile(fileURLToPath(file), text);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function shareOfReal(some: readonly ConfidenceRow[]): number {
  return some.reduce((sum, row) => sum + (row.real ? row.weight : 0), 0) / weightOf(some);
}

function weightOf(some: readonly ConfidenceRow[]): number {
  return some.reduce((sum, row) => sum + row.weight, 0);
}
