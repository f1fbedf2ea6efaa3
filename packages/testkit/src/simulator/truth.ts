import { confounderRate } from './confounders.ts';
import { normalRate, onsetRate } from './strength.ts';
import type { World } from './world.ts';

const instant = (at: number): string => new Date(at).toISOString();
const round = (value: number): number => Number(value.toPrecision(5));

/**
 * What really happened, one object a line: `target` (rate, audience, dependency), `outage`, `echo`,
 * `confounder` and `blind`, each with its times. An `outage` is to be detected; nothing else is.
 */
export function* truthOf(world: World): Generator<Record<string, unknown>> {
  yield {
    kind: 'simulation',
    label: 'simulated: no real posts, no real outages',
    seed: world.seed,
    from: instant(world.start),
    to: instant(world.end),
    targets: world.targets.length,
  };
  const byId = new Map(world.targets.map((target) => [target.id, target]));
  for (const target of world.targets) {
    yield {
      kind: 'target',
      target: target.id,
      complaintsPerMinute: round(target.rate),
      talkPerMinute: round(target.talk),
      audience: Object.fromEntries(
        target.audience.map((listener) => [listener.country.code, round(listener.share)]),
      ),
      dependsOn: target.dependsOn ?? null,
    };
  }
  for (const outage of world.outages) {
    const target = byId.get(outage.target)!;
    const echo = outage.echo !== undefined;
    yield {
      kind: echo ? 'echo' : 'outage',
      id: outage.id,
      target: outage.target,
      startedAt: instant(outage.startedAt),
      endedAt: instant(outage.endedAt),
      shape: outage.shape,
      rampMinutes: round(outage.rampMs / 60_000),
      multiplier: round(outage.multiplier),
      scope: outage.scope,
      continent: outage.continent ?? null,
      countries: outage.countries,
      subdivisions: outage.subdivision === undefined ? [] : [outage.subdivision],
      types: outage.types.map(([type]) => type),
      onlyType: outage.onlyType ?? null,
      onlyPlatform: outage.onlyPlatform ?? null,
      /** Extra complaints a minute at full strength, and the normal ones of the same places. */
      onsetPerMinute: round(onsetRate(target, outage, world.start)),
      normalPerMinute: round(
        normalRate(target, outage.countries, outage.startedAt, world.start) * outage.reach,
      ),
      cascadeOf: outage.cascadeOf ?? null,
      overlaps: outage.overlaps,
    };
  }
  for (const confounder of world.confounders) {
    const third = confounder.startedAt + (confounder.endedAt - confounder.startedAt) / 3;
    yield {
      kind: 'confounder',
      id: confounder.id,
      confounder: confounder.kind,
      target: confounder.target,
      startedAt: instant(confounder.startedAt),
      endedAt: instant(confounder.endedAt),
      peakPerMinute: round(Math.max(confounder.peakPerMinute, confounderRate(confounder, third))),
      leak: round(confounder.leak),
      aftermathOf: confounder.aftermathOf ?? null,
    };
  }
  for (const blind of world.blindness) {
    yield { kind: 'blind', source: blind.source, from: instant(blind.from), to: instant(blind.to) };
  }
}
