import type { SimOutage, SimTarget, World } from '@outcry/testkit';
import { onsetRate } from '@outcry/testkit';
import type { ClairvoyantResult } from './clairvoyant.ts';
import type {
  EchoResult,
  FalseResult,
  OpenedResult,
  OutageResult,
  WorldResult,
} from './results.ts';
import type { Told, Tracker } from './tracker.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long after its end an outage or a confounder may still be the reason of an opening. */
const outageTailMs = hourMs;
const confounderTailMs = 30 * minuteMs;

/**
 * Sets what was told against what is true. An outage is detected when one opens at its target
 * between its onset and its end; further ones up to an hour after count as extra openings. What
 * opens outside of every outage and echo is false, and blamed on the confounder around it, if any.
 */
export function matchWorld(
  world: World,
  tracker: Tracker,
  clairvoyant: ReadonlyMap<string, ClairvoyantResult>,
  measuredFrom: number,
): Pick<
  WorldResult,
  'outages' | 'echoes' | 'falseOutages' | 'confounders' | 'opened' | 'unended' | 'brokenSequences'
> {
  const targets = new Map(world.targets.map((target) => [target.id, target]));
  const byTarget = Map.groupBy(tracker.told.values(), (told) => told.target);
  const claimed = new Set<Told>();
  const outages: OutageResult[] = [];
  const echoes: EchoResult[] = [];

  const windowOf = (truth: SimOutage): Told[] =>
    (byTarget.get(truth.target) ?? [])
      .filter(
        (told) => told.openedAt >= truth.startedAt && told.openedAt <= truth.endedAt + outageTailMs,
      )
      .sort((a, b) => a.openedAt - b.openedAt);

  for (const truth of world.outages) {
    if (truth.echo !== undefined) continue;
    const target = targets.get(truth.target)!;
    const within = windowOf(truth);
    for (const told of within) claimed.add(told);
    const hit = within.find((told) => told.openedAt <= truth.endedAt);
    const limit = clairvoyant.get(truth.id);
    const masked = tracker.openAt(truth.target, truth.startedAt);
    outages.push({
      id: truth.id,
      target: truth.target,
      shape: truth.shape,
      scope: truth.scope,
      slice:
        truth.onlyType !== undefined
          ? 'type'
          : truth.onlyPlatform !== undefined
            ? 'platform'
            : 'mixed',
      multiplier: truth.multiplier,
      onsetRate: onsetRate(target, truth, world.start),
      durationMinutes: (truth.endedAt - truth.startedAt) / minuteMs,
      overlaps: truth.overlaps,
      cascade: truth.cascadeOf !== undefined,
      masked,
      delay: hit === undefined ? null : (hit.openedAt - truth.startedAt) / 1_000,
      clairvoyantDelay:
        limit === undefined || limit.decidedAt === null
          ? null
          : (limit.decidedAt - truth.startedAt) / 1_000,
      clairvoyantSeries: limit?.series ?? '',
      normalRate: target.rate,
      startedAt: new Date(truth.startedAt).toISOString(),
      scopeRight: hit === undefined ? null : isScopeRight(target, truth, hit),
      told:
        hit === undefined
          ? null
          : `${hit.scope}: ${hit.countries.join(' ')} ${hit.subdivisions.join(' ')}`.trim(),
      typeRight: hit === undefined ? null : hit.types.slice(0, 2).includes(truth.types[0]![0]),
      markedAsEcho: hit?.echoOf != null,
      extraOpenings: Math.max(0, within.length - 1),
      endDelay: hit?.endedAt == null ? null : (hit.endedAt - truth.endedAt) / 1_000,
    });
  }
  for (const truth of world.outages) {
    if (truth.echo === undefined) continue;
    const within = windowOf(truth).filter((told) => !claimed.has(told));
    for (const told of within) claimed.add(told);
    echoes.push({
      raised: within.length > 0,
      marked: within.length > 0 && within.every((told) => told.echoOf !== null),
    });
  }
  const falseOutages: FalseResult[] = [];
  const opened: OpenedResult[] = [];
  let unended = 0;
  for (const told of tracker.told.values()) {
    const real = claimed.has(told);
    if (told.closedAt === null && !isNear(world, told.target, world.end)) unended++;
    if (told.echoOf === null) {
      opened.push({ confidence: told.confidence, finalConfidence: told.finalConfidence, real });
    }
    if (real) continue;
    falseOutages.push({
      target: told.target,
      at: new Date(told.openedAt).toISOString(),
      cause: causeOf(world, told, measuredFrom),
      retracted: told.retracted,
      echo: told.echoOf !== null,
      confidence: told.confidence,
      normalPerMinute: targets.get(told.target)?.rate ?? Number.NaN,
      reason: told.reason,
    });
  }
  const kinds = new Map<string, number>();
  for (const { kind } of world.confounders) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return {
    outages,
    echoes,
    falseOutages,
    confounders: [...kinds].map(([kind, count]) => ({ kind, count })),
    opened,
    unended,
    brokenSequences: tracker.broken,
  };
}

function isNear(world: World, target: string, at: number): boolean {
  return world.outages.some((truth) => truth.target === target && truth.endedAt + 2 * hourMs > at);
}

function causeOf(world: World, told: Told, measuredFrom: number): string {
  if (told.openedAt < measuredFrom) return 'cold';
  for (const one of world.confounders) {
    if (one.target !== told.target) continue;
    if (told.openedAt >= one.startedAt && told.openedAt <= one.endedAt + confounderTailMs) {
      return one.kind;
    }
  }
  for (const truth of world.outages) {
    if (truth.target !== told.target) continue;
    if (told.openedAt > truth.endedAt && told.openedAt < truth.endedAt + 3 * hourMs) return 'after';
  }
  return 'background';
}

/**
 * Right: what was said last covers the truth's audience and little else: seven tenths of what either
 * covers. A subdivision counts as its share of its country, so that naming England for Great Britain
 * is right and naming Germany for Berlin is not.
 */
export function isScopeRight(
  target: SimTarget,
  truth: Pick<SimOutage, 'countries' | 'subdivision'>,
  told: Pick<Told, 'countries' | 'subdivisions'>,
): boolean {
  const real = coverage(
    target,
    truth.countries,
    truth.subdivision === undefined ? [] : [truth.subdivision],
  );
  const said = coverage(target, told.countries, told.subdivisions);
  let both = 0;
  let either = 0;
  for (const cell of new Set([...real.keys(), ...said.keys()])) {
    if (real.has(cell) && said.has(cell)) both += real.get(cell)!;
    either += real.get(cell) ?? said.get(cell)!;
  }
  return either > 0 && both / either >= 0.7;
}

/** Shares of the audience by subdivision, the rest of each country as a cell of its own. */
function coverage(
  target: SimTarget,
  countries: readonly string[],
  subdivisions: readonly string[],
): Map<string, number> {
  const cells = new Map<string, number>();
  for (const { country, share } of target.audience) {
    const parts = subdivisions.filter((code) => code.startsWith(`${country.code}-`));
    const named = countries.length === 0 && subdivisions.length === 0;
    if (!named && parts.length === 0 && !countries.includes(country.code)) continue;
    let rest = 1;
    for (const [code, part] of country.subdivisions) {
      rest -= part;
      if (parts.length === 0 || parts.includes(code)) cells.set(code, share * part);
    }
    if (parts.length === 0) cells.set(`${country.code}-rest`, share * rest);
  }
  return cells;
}
