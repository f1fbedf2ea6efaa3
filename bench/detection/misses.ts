import { duration, number, table } from './figures.ts';
import type { OutageResult, WorldResult } from './results.ts';
import { apart } from './summary.ts';

const described = ['outage', 'began', 'size', 'normal/min', 'onset/min', 'kind', 'scope'];

/** The cells of an outage under `described`. */
function describe(world: WorldResult, one: OutageResult): string[] {
  return [
    `${world.name} ${one.id}`,
    one.startedAt.slice(0, 16),
    `×${number(one.multiplier, 1)}`,
    number(one.normalRate),
    number(one.onsetRate),
    one.slice === 'mixed' ? one.shape : `${one.shape} ${one.slice}`,
    one.scope,
  ];
}

/** Every outage that the clairvoyant found and the product did not, and every false outage. */
export function printMisses(worlds: readonly WorldResult[]): string {
  const missed = worlds.flatMap((world) =>
    world.outages
      .filter((one) => apart(one) && one.clairvoyantDelay !== null && one.delay === null)
      .map((one) => [
        ...describe(world, one),
        `${one.durationMinutes.toFixed(0)} min`,
        one.clairvoyantSeries,
        duration(one.clairvoyantDelay!),
        one.masked ? 'masked' : '',
      ]),
  );
  const slow = worlds
    .flatMap((world) =>
      world.outages
        .filter((one) => apart(one) && one.clairvoyantDelay !== null && one.delay !== null)
        .map((one) => ({ world, one, lost: one.delay! - one.clairvoyantDelay! })),
    )
    .filter(({ one, lost }) => one.multiplier >= 5 && one.onsetRate >= 1 && lost > 300)
    .sort((a, b) => b.lost - a.lost)
    .slice(0, 15)
    .map(({ world, one }) => [
      ...describe(world, one),
      one.clairvoyantSeries,
      duration(one.clairvoyantDelay!),
      duration(one.delay!),
    ]);
  const falses = worlds.flatMap((world) =>
    world.falseOutages.map((one) => [
      `${world.name} ${one.target}`,
      one.at.slice(0, 16),
      one.cause,
      number(one.normalPerMinute),
      number(one.confidence),
      one.echo ? 'as echo' : one.retracted ? 'retracted' : '',
      one.reason.slice(0, 140),
    ]),
  );
  return [
    `Missed, though the clairvoyant found them: ${missed.length}`,
    table([...described, 'lasted', 'seen in', 'its delay', ''], missed),
    '',
    'Strong ones (≥ ×5 at ≥ 1/min) that took over five minutes longer',
    table([...described, 'seen in', 'its delay', 'ours'], slow),
    '',
    `Opened for nothing: ${falses.length}`,
    table(['target', 'at', 'cause', 'normal/min', 'confidence', '', 'reason'], falses),
  ].join('\n');
}
